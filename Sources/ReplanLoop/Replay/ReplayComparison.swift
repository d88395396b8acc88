import ReplanCore
import ReplanRecord

/// A value that was recorded and comes out otherwise.
public struct ReplayDifference: Sendable, Equatable {
  public var tick: Int
  /// `state.CHANNEL`, `verdict`, `plan_cost`, `decision.CHANNEL`, …
  public var field: String
  public var recorded: ReplayValue
  public var recomputed: ReplayValue
}

/// A compared value.
public enum ReplayValue: Sendable, Equatable, CustomStringConvertible {
  case real(Float)
  case count(UInt32)
  /// A verdict, by its raw value.
  case verdict(UInt8)

  /// The same bits; not a number equals itself, whatever its payload, which a processor chooses.
  func isSame(as other: ReplayValue) -> Bool {
    if case .real(let a) = self, case .real(let b) = other, a.isNaN && b.isNaN { return true }
    return bits == other.bits
  }

  public var bits: UInt32 {
    switch self {
    case .real(let value): value.bitPattern
    case .count(let value): value
    case .verdict(let value): UInt32(value)
    }
  }

  public var bitText: String {
    let digits = String(bits, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  public var description: String {
    switch self {
    case .real(let value): "\(value)"
    case .count(let value): "\(value)"
    case .verdict(let value): Verdict(rawValue: value).map { "\($0)" } ?? "verdict \(value)"
    }
  }
}

/// Compares ticks as they were recorded with what they come to now.
struct ReplayComparison {
  private let states: [String]
  private let actions: [String]
  private let timing: OutputTiming
  private let safe: [Float]
  private var checksum = ObservationChecksum()
  /// What is to be sent next, as it was computed: the action, its tick, whether it is a fallback.
  private var pending: (action: [Float], tick: UInt32, isFallback: Bool)
  private(set) var fields = 0
  private(set) var first: ReplayDifference?
  private(set) var differentTicks = 0
  private var isDifferent = false
  private var tick = 0

  init(_ header: EpisodeHeader, _ configuration: ControllerConfiguration) {
    states = header.observationChannels
    actions = header.actionChannels
    timing = configuration.timing
    safe = header.actionChannels.indices.map { configuration.limits.safe[$0] }
    pending = (safe, 0, false)
  }

  /// - Parameter isCompared: false for a tick that is computed only because later ones follow from it.
  mutating func take(
    _ tick: Int, _ recorded: RecordedTick, _ decision: Decision, isCompared: Bool
  ) {
    for observation in recorded.arrived { checksum.add(observation) }
    let decided = (
      action: actions.indices.map { decision.action[$0] }, tick: UInt32(tick),
      isFallback: decision.verdict.isFallback
    )
    if isCompared {
      self.tick = tick
      isDifferent = false
      compare(recorded, decision, decided.action)
      compareSent(recorded, timing == .nextTick ? pending : decided)
      // Last, since it tells least: where an observation was changed that a tick used, its state
      // says which channel.
      compare(
        "observations", .count(recorded.record.observationsChecksum), .count(checksum.value))
      if isDifferent { differentTicks += 1 }
    }
    pending = decided
  }

  private mutating func compare(
    _ recorded: RecordedTick, _ decision: Decision, _ action: [Float]
  ) {
    let record = recorded.record
    for (i, name) in states.enumerated() {
      compare("state.\(name)", .real(recorded.estimate[i]), .real(decision.estimate[i]))
    }
    compare("verdict", .verdict(record.verdict), .verdict(decision.verdict.rawValue))
    compare(
      "iterations", .count(record.iterations),
      .count(UInt32(truncatingIfNeeded: decision.iterations)))
    compare("plan_cost", .real(record.planCost), .real(decision.planCost))
    compare("disagreement", .real(record.disagreement), .real(decision.disagreement))
    compare(
      "known_ticks", .count(record.knownTicks),
      .count(UInt32(truncatingIfNeeded: decision.knownTicks)))
    for (i, name) in actions.enumerated() {
      compare("decision.\(name)", .real(recorded.decision[i]), .real(action[i]))
    }
  }

  private mutating func compareSent(
    _ recorded: RecordedTick, _ expected: (action: [Float], tick: UInt32, isFallback: Bool)
  ) {
    guard let sent = recorded.sent else { return }
    for (i, name) in actions.enumerated() {
      compare("action.\(name)", .real(sent.values[i]), .real(expected.action[i]))
    }
    compare("action.tick", .count(sent.tick), .count(expected.tick))
    compare("action.flags", .count(UInt32(sent.flags)), .count(expected.isFallback ? 1 : 0))
  }

  private mutating func compare(
    _ field: String, _ recorded: ReplayValue, _ recomputed: ReplayValue
  ) {
    fields += 1
    guard !recorded.isSame(as: recomputed) else { return }
    isDifferent = true
    if first == nil {
      first = ReplayDifference(
        tick: tick, field: field, recorded: recorded, recomputed: recomputed)
    }
  }
}
