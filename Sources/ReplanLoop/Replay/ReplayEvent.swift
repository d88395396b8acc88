import ReplanCore
import ReplanRecord

/// What a replay tells, for `--json`: one JSON object a line.
public enum ReplayEvent: Sendable, Encodable {
  case start(Start)
  case difference(Difference)
  case whatIf(WhatIf)
  case end(End)
  case whatIfEnd(WhatIfEnd)

  /// What is replayed.
  public struct Start: Sendable, Encodable {
    let event = "start"
    public var file: String
    public var robot: String
    public var kind: String
    public var rate: Double
    public var seed: UInt64
    public var ticks: Int
    public var lockstep: Bool
    /// Hash of the model at the start; empty if it has no file.
    public var model: String
    public var build: String
    public var processor: String
    /// Whether the file was closed by its writer.
    public var complete: Bool
    /// Changes of the robot file, as given.
    public var changes: [String]

    public init(_ replay: Replay, file: String, changes: [String]) {
      let header = replay.episode.header
      self.file = file
      robot = header.robotName
      kind = header.kind
      rate = header.rate
      seed = header.seed
      ticks = replay.tickCount
      lockstep = header.control?.isLockstep ?? false
      model = header.modelHash
      build = header.build
      processor = header.control?.processor ?? ""
      complete = replay.episode.isComplete
      self.changes = changes
    }

    enum CodingKeys: String, CodingKey {
      case event, file, robot, kind, seed, ticks, lockstep, model, build, processor, complete
      case rate = "rate_hz"
      case changes = "what_if"
    }
  }

  /// The first value that comes out otherwise.
  public struct Difference: Sendable, Encodable {
    let event = "difference"
    public var tick: Int
    public var field: String
    public var recorded: ReplayValue
    public var recomputed: ReplayValue
    public var recordedBits: String
    public var recomputedBits: String

    public init(_ difference: ReplayDifference) {
      tick = difference.tick
      field = difference.field
      recorded = difference.recorded
      recomputed = difference.recomputed
      recordedBits = difference.recorded.bitText
      recomputedBits = difference.recomputed.bitText
    }

    enum CodingKeys: String, CodingKey {
      case event, tick, field, recorded, recomputed
      case recordedBits = "recorded_bits"
      case recomputedBits = "recomputed_bits"
    }
  }

  /// How a comparison ended.
  public struct End: Sendable, Encodable {
    let event = "end"
    public var success: Bool
    public var ticks: Int
    public var fields: Int
    public var differentTicks: Int
    public var refits: Int
    /// The first tick that could not be computed again, and why.
    public var gapTick: Int?
    public var gap: String?
    /// Wall time, and armed time in a second of it.
    public var seconds: Double
    public var speed: Double

    public init(_ report: ReplayReport) {
      success = report.isExact
      ticks = report.ticks
      fields = report.fields
      differentTicks = report.differentTicks
      refits = report.refits
      gapTick = report.gap?.tick
      gap = report.gap?.reason
      seconds = report.seconds
      speed = report.recordedSeconds / max(report.seconds, 1e-9)
    }

    enum CodingKeys: String, CodingKey {
      case event, success, ticks, fields, refits, gap, seconds, speed
      case differentTicks = "different_ticks"
      case gapTick = "gap_tick"
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .start(let event): try event.encode(to: encoder)
    case .difference(let event): try event.encode(to: encoder)
    case .whatIf(let event): try event.encode(to: encoder)
    case .end(let event): try event.encode(to: encoder)
    case .whatIfEnd(let event): try event.encode(to: encoder)
    }
  }
}

extension ReplayValue: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .real(let value): try container.encode(value)
    case .count(let value): try container.encode(value)
    case .verdict: try container.encode(description)
    }
  }
}
