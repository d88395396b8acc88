public import ReplanLoop
public import ReplanRealtime

/// What happened, for the journal and for `--json`: one JSON object a line.
public enum LearnEvent: Sendable, Encodable {
  case start(Start)
  case fit(Fit)
  case promotion(Promotion)
  case episode(Episode)
  case end(End)

  /// A run has begun.
  public struct Start: Sendable, Encodable {
    let event = "start"
    public var command: String
    public var robot: String
    public var plant: String
    public var rate: Double
    public var seed: UInt64
    public var lockstep: Bool
    /// Transitions of earlier runs that the workspace holds.
    public var transitions: Int
    public var experience: Double
    /// How states are found that the plant does not send; nil where it sends all.
    public var estimator: String?
    /// By how much it is late; nil where it is not.
    public var estimatorDelay: Double?

    enum CodingKeys: String, CodingKey {
      case event, command, robot, plant, rate, seed, lockstep, transitions, estimator
      case experience = "experience_s"
      case estimatorDelay = "estimator_delay_s"
    }
  }

  /// A model was fitted between two episodes.
  public struct Fit: Sendable, Encodable {
    let event = "fit"
    public var members: Int
    public var transitions: Int
    /// Transitions that were seen in all; nil if the model was fitted to all of them.
    public var seen: Int?
    /// bootstrap, shared, bayesian or last_layer.
    public var posterior: String
    /// Wall time, calibration of the spread and judgement included.
    public var seconds: Double
    /// That of the training alone.
    public var trainingSeconds: Double
    /// One-step error of each state channel on held-out or out-of-bag transitions, in its unit.
    public var rmse: [Float]
    /// The model file, relative to the workspace.
    public var file: String
    public var hash: String

    enum CodingKeys: String, CodingKey {
      case event, members, transitions, seen, posterior, seconds, rmse, file, hash
      case trainingSeconds = "training_seconds"
    }
  }

  /// A model was judged, and is in use from now on or is not.
  public struct Promotion: Sendable, Encodable {
    let event = "promotion"
    /// The model file, relative to the workspace.
    public var file: String
    public var hash: String
    public var promoted: Bool
    /// Why it was not promoted, or what it was promoted in spite of; nil for nothing.
    public var reason: String?
    /// Error over that of the model in use before, by horizon; empty without one.
    public var ratios: [Double]
    /// The horizons, in ticks.
    public var steps: [Int]
    /// Episodes that it was judged on, as `1-4, 6`.
    public var episodes: String
    /// False if it was trained on these.
    public var isHeldOut: Bool
    /// True if a user wanted it in spite of the reason.
    public var forced: Bool?

    enum CodingKeys: String, CodingKey {
      case event, file, hash, promoted, reason, ratios, steps, episodes, forced
      case isHeldOut = "held_out"
    }

    public init(
      file: String, hash: String, promoted: Bool, reason: String?, ratios: [Double], steps: [Int],
      episodes: String, isHeldOut: Bool, forced: Bool? = nil
    ) {
      self.file = file
      self.hash = hash
      self.promoted = promoted
      self.reason = reason
      self.ratios = ratios
      self.steps = steps
      self.episodes = episodes
      self.isHeldOut = isHeldOut
      self.forced = forced
    }
  }

  /// Percentiles of a time in µs.
  public struct Percentiles: Sendable, Encodable {
    public var p50: Int64
    public var p99: Int64
    public var max: Int64

    public init(_ histogram: LatencyHistogram) {
      p50 = histogram.p50
      p99 = histogram.p99
      max = histogram.max
    }
  }

  /// An episode was run.
  public struct Episode: Sendable, Encodable {
    let event = "episode"
    public var index: Int
    public var kind: String
    /// Armed time of the episode, and of all episodes of the workspace.
    public var seconds: Double
    public var experience: Double
    public var episodeReturn: Double
    public var success: Bool
    public var end: String
    public var ticks: Int
    public var overruns: Int
    public var tick: Percentiles
    public var wake: Percentiles
    public var latency: Percentiles
    public var fallbacks: Int
    /// From sending an action to the arrival of the first sample under it.
    public var transport: Percentiles
    /// How often the tick lost the plant's phase.
    public var lockLosses: Int
    /// Ticks by verdict.
    public var verdicts: [String: Int]
    /// The verdict's changes, and the ticks at which they came; 200 at most.
    public var ladder: [Step]
    /// Records that did not reach the file.
    public var dropped: Int
    public var lostSamples: Int
    /// Whether the plant confirmed that it disarmed afterwards.
    public var disarmed: Bool
    /// Why the first of the dropped records did not reach the file.
    public var dropReason: String?
    /// The episode file, relative to the workspace.
    public var file: String

    enum CodingKeys: String, CodingKey {
      case event, index, kind, seconds, success, end, ticks, overruns, fallbacks, dropped, file
      case experience = "experience_s"
      case episodeReturn = "return"
      case tick = "tick_us"
      case wake = "wake_us"
      case latency = "latency_us"
      case lostSamples = "lost_samples"
      case disarmed
      case dropReason = "drop_reason"
      case transport = "transport_us"
      case lockLosses = "lock_losses"
      case verdicts, ladder
    }

    public struct Step: Sendable, Encodable {
      public var tick: Int
      public var verdict: String
    }
  }

  /// The run is over.
  public struct End: Sendable, Encodable {
    let event = "end"
    public var success: Bool
    public var experience: Double
    public var reason: String
    /// Left out in the workspace's own journal.
    public var workspace: String?

    enum CodingKeys: String, CodingKey {
      case event, success, reason, workspace
      case experience = "experience_s"
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .start(let event): try event.encode(to: encoder)
    case .fit(let event): try event.encode(to: encoder)
    case .promotion(let event): try event.encode(to: encoder)
    case .episode(let event): try event.encode(to: encoder)
    case .end(let event): try event.encode(to: encoder)
    }
  }
}

/// What a user wants to see beside the events: how far the work has come, for a line that is
/// redrawn, and what is not as it was asked for.
public enum LearnProgress: Sendable {
  case fitting(transitions: Int, step: Int, of: Int)
  case running(EpisodeOptions.Kind, index: Int, seconds: Double, of: Double, EpisodeProgress)
  /// The host does not grant the control thread everything; told once a run.
  case shortfall(RealtimeReport)
}
