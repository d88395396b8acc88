import ReplanWire
import Testing

/// Known frames, byte by byte; hil/PROTOCOL.md explains them.
@Suite struct FrameTests {
  func hex(_ frame: Frame) -> String {
    frame.encoded.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      .joined(separator: " ")
  }

  @Test func heartbeatOfThePlant() {
    let frame = Frame(.heartbeat(.plant(armed: false)), sequence: 0, source: .plant)
    #expect(hex(frame) == "fd 09 00 00 00 01 01 00 00 00 00 00 00 00 00 08 00 04 03 f0 98")
  }

  @Test func observationOfTwoChannels() {
    var values = InlineArray<32, Float>(repeating: 0)
    values[0] = 1
    values[1] = -0.5
    let message = ObservationMessage(
      timeMicroseconds: 1_020_000, sequence: 1, actionSequence: 0, flags: .armed, count: 2,
      values: values)
    let frame = Frame(.observation(message), sequence: 7, source: .plant)
    #expect(
      hex(frame) == "fd 1e 00 00 07 01 01 09 cf 00 60 90 0f 00 00 00 00 00 01 00 00 00 00 00 "
        + "00 00 00 00 c0 7f 01 02 00 00 80 3f 00 00 00 bf 32 48")
  }

  @Test func actionOfOneChannel() {
    var values = InlineArray<16, Float>(repeating: 0)
    values[0] = 2.5
    let message = ActionMessage(
      timeMicroseconds: 5_000_000, sequence: 1, tick: 1, count: 1, values: values)
    let frame = Frame(.action(message), sequence: 3, source: .controller)
    #expect(
      hex(frame) == "fd 16 00 00 03 ff be 0a cf 00 40 4b 4c 00 00 00 00 00 01 00 00 00 01 00 "
        + "00 00 00 01 00 00 20 40 1d ac")
  }

  @Test func onePayloadByteAlwaysTravels() {
    let message = CommandLong(
      Command(rawValue: 0), target: .everyone)
    let bytes = Frame(.commandLong(message), sequence: 0, source: .plant).encoded
    #expect(bytes.count == 13)
    #expect(bytes[1] == 1)
  }

  @Test(arguments: [1, 5, 32]) func budgetOfAnObservationIsItsFullLength(channels: Int) {
    var message = ObservationMessage(
      timeMicroseconds: .max, sequence: .max, actionSequence: .max, flags: .armed,
      count: UInt8(channels), values: InlineArray(repeating: 0))
    for i in 0..<channels { message.values[i] = 0.1 }
    let length = Frame(.observation(message), sequence: 0, source: .plant).encoded.count
    #expect(length == ObservationMessage.frameLength(channels: channels, signed: false))
    #expect(length + 13 == ObservationMessage.frameLength(channels: channels, signed: true))
  }

  @Test(arguments: [1, 16]) func budgetOfAnActionIsItsFullLength(channels: Int) {
    var message = ActionMessage(
      timeMicroseconds: .max, sequence: .max, tick: .max, count: UInt8(channels),
      values: InlineArray(repeating: 0))
    for i in 0..<channels { message.values[i] = 0.1 }
    let length = Frame(.action(message), sequence: 0, source: .controller).encoded.count
    #expect(length == ActionMessage.frameLength(channels: channels, signed: false))
  }

  @Test func decodingUndoesEncoding() {
    var random = RandomMessages(seed: 3)
    for _ in 0..<20_000 {
      let frame = random.frame()
      var parser = FrameParser()
      let read = parser.frames(in: frame.encoded) { 280 }
      #expect(read.map(fieldText) == [fieldText(frame)])
      let again = Frame(
        Message(frame), sequence: frame.header.sequence, source: frame.header.source)
      #expect(again.encoded == frame.encoded)
    }
  }

  @Test func unusableMessagesAreNamed() {
    var observation = ObservationMessage(
      timeMicroseconds: 1, sequence: 0, actionSequence: 0, flags: .armed, count: 2,
      values: InlineArray(repeating: 0))
    #expect(observation.check(channels: 2) == nil)
    #expect(observation.check(channels: 3) == .count)
    observation.values[1] = .nan
    #expect(observation.check(channels: 2) == .notFinite)
    var action = ActionMessage(
      timeMicroseconds: 1, sequence: 1, tick: 0, count: 1, values: InlineArray(repeating: 0))
    #expect(action.check(channels: 1) == nil)
    action.values[0] = -.infinity
    #expect(action.check(channels: 1) == .notFinite)
    #expect(action.check(channels: 2) == .count)
    action.sequence = 0
    #expect(action.check(channels: 1) == .sequence)
  }
}
