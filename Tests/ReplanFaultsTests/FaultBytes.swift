import ReplanFaults
import ReplanWire

/// Frames as they travel, and what a parser finds in what came through.
enum FaultBytes {
  static func observation(_ sequence: UInt32, frame: UInt8) -> [UInt8] {
    var values = InlineArray<32, Float>(repeating: 0)
    for i in 0..<4 { values[i] = Float(sequence) + Float(i) / 4 }
    return encode(
      .observation(
        ObservationMessage(
          timeMicroseconds: UInt64(sequence) * 20_000, sequence: sequence, actionSequence: sequence,
          flags: .armed, count: 4, values: values)), frame)
  }

  static func heartbeat(_ frame: UInt8) -> [UInt8] {
    encode(.heartbeat(.plant(armed: true)), frame)
  }

  static func encode(_ message: Message, _ frame: UInt8) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Frame.maximumLength)
    let count = bytes.withUnsafeMutableBytes {
      message.encode(sequence: frame, source: .plant, into: $0)
    }
    return Array(bytes[0..<count])
  }

  /// The sequences of the observations in a stream, and what the parser counted.
  static func parse(_ bytes: [UInt8]) -> (sequences: [UInt32], counters: FrameParser.Counters) {
    var parser = FrameParser()
    var sequences: [UInt32] = []
    bytes.withUnsafeBytes { all in
      var rest = all
      while !rest.isEmpty {
        rest = parser.append(rest)
        while case let outcome = parser.next(), outcome.isProgress {
          guard case .frame(let frame) = outcome else { continue }
          if case .observation(let message) = Message(frame) { sequences.append(message.sequence) }
        }
      }
    }
    return (sequences, parser.counters)
  }
}

/// A line at a test's mercy: time passes when the test says so.
final class LineRig {
  let line: LineFaults
  private(set) var received: [UInt8] = []
  /// As they were delivered.
  private(set) var pieces: [[UInt8]] = []

  init(
    _ faults: String, seed: UInt64 = 1, direction: FaultDirection = .toController
  ) throws {
    var schedule = try FaultSchedule.parse(yaml: "faults: [\(faults)]")
    schedule.seed = seed
    line = LineFaults(schedule, direction)
  }

  /// `seconds` of armed time; nil: not armed.
  func put(_ bytes: [UInt8], _ seconds: Double?, reset: UInt32 = 1) {
    bytes.withUnsafeBytes { line.put($0, at: LineRig.time(seconds, reset)) }
  }

  func take(_ seconds: Double?, reset: UInt32 = 1, at microseconds: UInt64? = nil) {
    var time = LineRig.time(seconds, reset)
    if let microseconds { time.microseconds = microseconds }
    while line.take(
      at: time, { self.pieces.append(Array($0)) })
    {}
    received = pieces.flatMap(\.self)
  }

  /// Observations at 50 Hz, each taken as it comes.
  func run(_ sequences: Range<UInt32>, reset: UInt32 = 1) {
    for sequence in sequences {
      let seconds = Double(sequence) / 50
      put(
        FaultBytes.observation(sequence, frame: UInt8(truncatingIfNeeded: sequence)), seconds,
        reset: reset)
      take(seconds, reset: reset)
    }
  }

  var sequences: [UInt32] { FaultBytes.parse(received).sequences }

  private static func time(_ seconds: Double?, _ reset: UInt32) -> FaultTime {
    FaultTime(
      seconds: seconds, microseconds: UInt64(((seconds ?? 0) + 10) * 1e6), reset: reset)
  }
}
