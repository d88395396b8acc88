import ReplanWire

/// A seeded source of messages whose fields are often zero and sometimes extreme.
struct RandomMessages {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }
  mutating func integer<T: FixedWidthInteger>() -> T {
    below(3) == 0 ? 0 : T(truncatingIfNeeded: bits())
  }

  mutating func float() -> Float {
    switch below(10) {
    case 0..<4: 0
    case 4: [Float.nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude][below(5)]
    default: Float(below(2_000_001) - 1_000_000) / 977
    }
  }

  mutating func text<let count: Int>() -> InlineArray<count, UInt8> {
    var text = InlineArray<count, UInt8>(repeating: 0)
    for i in 0..<below(count + 1) { text[i] = UInt8(32 + below(95)) }
    return text
  }

  mutating func address() -> Address { Address(system: integer(), component: integer()) }

  mutating func message() -> Message {
    switch below(8) {
    case 0:
      return .heartbeat(
        Heartbeat(
          type: integer(), autopilot: integer(), baseMode: integer(), customMode: integer(),
          systemStatus: integer(), mavlinkVersion: integer()))
    case 1: return .timesync(Timesync(tc1: integer(), ts1: integer(), target: address()))
    case 2:
      var command = CommandLong(
        Command(rawValue: integer()), target: address(), confirmation: integer())
      for i in 0..<7 { command.parameters[i] = float() }
      return .commandLong(command)
    case 3:
      return .commandAck(
        CommandAck(
          Command(rawValue: integer()), CommandResult(rawValue: integer()), target: address(),
          progress: integer(), resultParameter: integer()))
    case 4:
      return .statusText(
        StatusText(severity: integer(), text: text(), id: integer(), chunk: integer()))
    case 5:
      return .plantDescription(
        PlantDescription(
          capabilities: Capabilities(rawValue: integer()), sampleRate: float(),
          actionTimeout: integer(), observationCount: integer(), actionCount: integer(),
          name: text()))
    case 6: return .observation(observation())
    default: return .action(action())
    }
  }

  mutating func observation() -> ObservationMessage {
    var message = ObservationMessage(
      timeMicroseconds: integer(), sequence: integer(), actionSequence: integer(), cost: float(),
      flags: ObservationFlags(rawValue: integer()), count: integer(),
      values: InlineArray(repeating: 0))
    for i in 0..<below(33) { message.values[i] = float() }
    return message
  }

  mutating func action() -> ActionMessage {
    var message = ActionMessage(
      timeMicroseconds: integer(), sequence: integer(), tick: integer(),
      flags: ActionFlags(rawValue: integer()), count: integer(), values: InlineArray(repeating: 0))
    for i in 0..<below(17) { message.values[i] = float() }
    return message
  }

  /// A frame of a random message from a random sender.
  mutating func frame() -> Frame { Frame(message(), sequence: integer(), source: address()) }
}

extension Frame {
  var encoded: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Frame.maximumLength) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(
        start: buffer.baseAddress, count: Frame.maximumLength)
      count = encode(into: bytes)
    }
  }
}

extension FrameParser {
  /// Everything that comes out of `bytes`, fed in pieces whose sizes `piece` chooses.
  mutating func frames(in bytes: [UInt8], piece: () -> Int) -> [Frame] {
    var frames: [Frame] = []
    bytes.withUnsafeBytes { all in
      var at = 0
      while at < all.count {
        let size = min(max(piece(), 1), all.count - at)
        var rest = UnsafeRawBufferPointer(rebasing: all[at..<at + size])
        at += size
        while !rest.isEmpty {
          rest = append(rest)
          drain(into: &frames)
        }
      }
    }
    return frames
  }

  private mutating func drain(into frames: inout [Frame]) {
    while true {
      switch next() {
      case .needMore: return
      case .frame(let frame): frames.append(frame)
      case .badChecksum, .unknownMessage, .unknownFlags, .version1: break
      }
    }
  }
}
