import ReplanCore
import Testing

@testable import ReplanLoop

@Suite struct LadderTests {
  @Test func stepsAreChangesOfTheVerdict() {
    var ladder = Ladder()
    let verdicts: [Verdict] = [.planned, .planned, .shifted, .shifted, .late, .planned]
    for (tick, verdict) in verdicts.enumerated() { ladder.add(verdict, tick: tick) }
    #expect(
      ladder.steps == [
        .init(tick: 0, verdict: .planned), .init(tick: 2, verdict: .shifted),
        .init(tick: 4, verdict: .late), .init(tick: 5, verdict: .planned),
      ])
    #expect(ladder.counts == [.planned: 3, .shifted: 2, .late: 1])
    #expect(ladder.lastFallback.isEmpty && ladder.omitted == 0)
    for (tick, verdict) in [Verdict.implausible, .stale, .outsideEnvelope].enumerated() {
      ladder.add(verdict, tick: 6 + tick)
    }
    #expect(ladder.lastFallback == [.implausible, .stale, .outsideEnvelope])
  }

  @Test func anEndlessStaggerIsCutOffAndCounted() {
    var ladder = Ladder()
    for tick in 0..<1000 { ladder.add(tick % 2 == 0 ? .planned : .bridged, tick: tick) }
    #expect(ladder.steps.count == Ladder.capacity && ladder.omitted == 1000 - Ladder.capacity)
    #expect(ladder.counts[.bridged] == 500)
  }
}
