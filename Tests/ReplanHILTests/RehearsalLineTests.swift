import ReplanRealtime
import ReplanWire
import Testing

@testable import ReplanHIL

@Suite struct RehearsalLineTests {
  @Test func theLinkHearsWhatWasPutOnTheLine() throws {
    let line = try RehearsalLine(channels: ChannelCounts(observations: 2, actions: 1))
    var values = InlineArray<32, Float>(repeating: 0)
    values[1] = 0.5
    for sequence in 0..<3 { #expect(line.add(sequence: UInt32(sequence), values: values)) }
    #expect(line.link.wait(nanoseconds: 1_000_000_000))
    var overtaken: [UInt32] = []
    let drained = line.link.drain(now: MonotonicClock.nanoseconds) { overtaken.append($0.sequence) }
    #expect(overtaken == [0, 1])
    let newest = try #require(drained.newest)
    #expect(newest.sequence == 2 && newest.values[1] == 0.5 && newest.flags.contains(.armed))
    #expect(line.link.peer == .plant)
    #expect(!drained.isGone)
  }

  @Test func whatIsSentIsLost() throws {
    let line = try RehearsalLine(channels: ChannelCounts(observations: 1, actions: 1))
    let action = ActionMessage(
      timeMicroseconds: 0, sequence: 1, tick: 0, flags: [], count: 1,
      values: InlineArray(repeating: 0))
    #expect(line.link.send(action) == .sent)
    #expect(!line.link.wait(nanoseconds: 0) || line.link.drain(now: 0).newest == nil)
  }
}
