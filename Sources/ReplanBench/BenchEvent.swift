/// What was measured, for `--json`: one JSON object a line.
public enum BenchEvent: Sendable, Encodable {
  case start(Start)
  case peak(Peak)
  case network(Network)
  case tick(Tick)
  case refit(Refit)
  case fitRate(Fit)

  /// Measuring has begun.
  public struct Start: Sendable, Encodable {
    let event = "start"
    public var robot: String
    public var rate: Double
    public var processor: String
    public var processors: Int
    /// The measuring thread has real-time priority, as the control thread of a run would.
    public var realtime: Bool
  }

  /// Fused multiply-adds of one core.
  public struct Peak: Sendable, Encodable {
    let event = "peak"
    public var gflops: Double
  }

  /// An ensemble alone, on one core.
  public struct Network: Sendable, Encodable {
    let event = "network"
    public var shape: String
    public var members: Int
    public var evaluations: Double
    /// Operations of the layers over the peak.
    public var peakShare: Double

    enum CodingKeys: String, CodingKey {
      case event, shape, members
      case evaluations = "evaluations_per_s"
      case peakShare = "peak_share"
    }
  }

  /// Ticks of one planner.
  public struct Tick: Sendable, Encodable {
    let event = "tick"
    public var planner: String
    /// The planner of the robot file, with its settings.
    public var isOwn: Bool
    /// Iterations × candidates × ticks of the horizon.
    public var setting: String
    public var evaluations: Int
    public var ticks: Int
    public var fallbacks: Int
    public var p50: Double
    public var p90: Double
    public var p99: Double
    public var max: Double
    /// Share of the robot's period that the p99 takes.
    public var periodShare: Double
    /// Operations of the rollouts' evaluations over the peak, at the median tick.
    public var peakShare: Double
    public var arenaBytes: Int

    enum CodingKeys: String, CodingKey {
      case event, planner, setting, evaluations, ticks, fallbacks
      case isOwn = "own"
      case p50 = "p50_us"
      case p90 = "p90_us"
      case p99 = "p99_us"
      case max = "max_us"
      case periodShare = "period_share"
      case peakShare = "peak_share"
      case arenaBytes = "arena_bytes"
    }
  }

  /// Training between episodes.
  public struct Refit: Sendable, Encodable {
    let event = "refit"
    public var shape: String
    public var members: Int
    public var batch: Int
    public var threads: Int
    public var examplesMembers: Double

    enum CodingKeys: String, CodingKey {
      case event, shape, members, batch, threads
      case examplesMembers = "examples_members_per_s"
    }
  }

  /// What fits at a rate.
  public struct Fit: Sendable, Encodable {
    let event = "fit_rate"
    public var planner: String
    public var result: FitRate

    enum CodingKeys: String, CodingKey {
      case event, planner, horizon, candidates, iterations, fits, shortened
      case rate = "rate_hz"
      case seconds = "horizon_s"
      case p50 = "p50_us"
      case p99 = "p99_us"
      case periodShare = "period_share"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(event, forKey: .event)
      try container.encode(planner, forKey: .planner)
      try container.encode(result.rate, forKey: .rate)
      try container.encode(result.horizon, forKey: .horizon)
      try container.encode(Double(result.horizon) / result.rate, forKey: .seconds)
      try container.encodeIfPresent(result.candidates, forKey: .candidates)
      try container.encodeIfPresent(result.iterations, forKey: .iterations)
      try container.encode(result.p50, forKey: .p50)
      try container.encode(result.p99, forKey: .p99)
      try container.encode(result.periodShare, forKey: .periodShare)
      try container.encode(result.fits, forKey: .fits)
      try container.encode(result.isShortened, forKey: .shortened)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .start(let event): try event.encode(to: encoder)
    case .peak(let event): try event.encode(to: encoder)
    case .network(let event): try event.encode(to: encoder)
    case .tick(let event): try event.encode(to: encoder)
    case .refit(let event): try event.encode(to: encoder)
    case .fitRate(let event): try event.encode(to: encoder)
    }
  }
}
