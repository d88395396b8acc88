import FirmwareSession
import ReplanPlants
import ReplanWire

/// A session whose time the test keeps, and what it sent.
struct SessionRig {
  var session: PlantSession
  var now: UInt64 = 0
  private(set) var messages: [Message] = []
  private(set) var samples: [Sample] = []
  private var sequence: UInt8 = 0

  init(
    _ kind: PlantKind = .cartPole, seed: UInt32 = 1, noise: Float = 0, quantises: Bool = false,
    delay: Int = 0, cost: Bool = false
  ) {
    session = PlantSession(
      SessionConfiguration(
        kind: kind, seed: PlantSeed(seed, 0), noiseScale: noise, quantises: quantises,
        actuationDelay: delay, sendsCost: cost), at: 0)
  }

  mutating func take(_ bytes: [UInt8]) {
    var messages: [Message] = []
    var samples: [Sample] = []
    bytes.withUnsafeBytes {
      session.receive($0, at: now) { SessionRig.store($0, &messages, &samples) }
    }
    self.messages += messages
    self.samples += samples
  }

  mutating func send(_ message: Message) { take(frame(message)) }

  mutating func frame(_ message: Message) -> [UInt8] {
    sequence &+= 1
    return SessionRig.frame(message, sequence: sequence)
  }

  static func frame(_ message: Message, sequence: UInt8) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Frame.maximumLength)
    let count = bytes.withUnsafeMutableBytes {
      message.encode(sequence: sequence, source: .controller, into: $0)
    }
    return Array(bytes[0..<count])
  }

  /// Lets time pass in one step: the session must find out what happened when.
  mutating func pass(milliseconds: UInt64) {
    now += milliseconds * 1000
    var messages: [Message] = []
    var samples: [Sample] = []
    session.advance(to: now) { SessionRig.store($0, &messages, &samples) }
    self.messages += messages
    self.samples += samples
  }

  private static func store(
    _ output: SessionOutput, _ messages: inout [Message], _ samples: inout [Sample]
  ) {
    switch output {
    case .sample(let sample): samples.append(sample)
    case .frame(let bytes): messages += decode(bytes)
    }
  }

  static func decode(_ bytes: UnsafeRawBufferPointer) -> [Message] {
    var parser = FrameParser()
    return decode(bytes, with: &parser)
  }

  static func decode(_ bytes: UnsafeRawBufferPointer, with parser: inout FrameParser) -> [Message] {
    var messages: [Message] = []
    var rest = bytes
    while !rest.isEmpty {
      rest = parser.append(rest)
      while case let outcome = parser.next(), outcome.isProgress {
        if case .frame(let frame) = outcome { messages.append(Message(frame)) }
      }
    }
    return messages
  }

  mutating func forget() {
    messages = []
    samples = []
  }

  mutating func command(_ command: Command, _ first: Float = 0, _ second: Float = 0) {
    send(.commandLong(CommandLong(command, first, second, target: .plant)))
  }

  mutating func act(_ value: Float, _ sequence: UInt32) {
    send(
      SessionRig.action(
        value, sequence, count: UInt8(session.facts.actionCount)))
  }

  static func action(_ value: Float, _ sequence: UInt32, count: UInt8 = 1) -> Message {
    var values = InlineArray<16, Float>(repeating: 0)
    values[0] = value
    return .action(
      ActionMessage(
        timeMicroseconds: 1, sequence: sequence, tick: sequence, count: count, values: values))
  }

  var observations: [ObservationMessage] { messages.observations }
}

extension [Message] {
  var observations: [ObservationMessage] {
    compactMap { if case .observation(let message) = $0 { message } else { nil } }
  }

  var acknowledgements: [CommandAck] {
    compactMap { if case .commandAck(let message) = $0 { message } else { nil } }
  }

  var descriptions: [PlantDescription] {
    compactMap { if case .plantDescription(let message) = $0 { message } else { nil } }
  }

  var heartbeats: [Heartbeat] {
    compactMap { if case .heartbeat(let message) = $0 { message } else { nil } }
  }

  var texts: [String] {
    compactMap {
      guard case .statusText(let message) = $0 else { return nil }
      let bytes = (0..<50).map { message.text[$0] }.prefix { $0 != 0 }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  var timesyncs: [Timesync] {
    compactMap { if case .timesync(let message) = $0 { message } else { nil } }
  }
}

extension ObservationMessage {
  var channels: [Float] { (0..<Int(count)).map { values[$0] } }
}
