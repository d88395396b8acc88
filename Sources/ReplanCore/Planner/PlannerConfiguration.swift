/// The planner of a controller and its settings.
public enum PlannerConfiguration: Sendable, BitwiseCopyable {
  case ilqr(ILQRConfiguration)
  case crossEntropy(CrossEntropyConfiguration)
  case pathIntegral(PathIntegralConfiguration)
  case randomShooting(RandomShootingConfiguration)
  /// Sampling, then polishing by iLQR from the best sample; both have the same horizon, and the
  /// second's candidates and real-time mode do not count.
  case polished(CrossEntropyConfiguration, ILQRConfiguration)
  case lqr(LQRConfiguration)

  public var horizon: Int {
    switch self {
    case .ilqr(let settings): settings.horizon
    case .crossEntropy(let settings): settings.horizon
    case .pathIntegral(let settings): settings.horizon
    case .randomShooting(let settings): settings.horizon
    case .polished(let settings, _): settings.horizon
    case .lqr(let settings): settings.horizon
    }
  }
}

/// Random shooting: the best of many plans drawn uniformly from the actuators' range.
///
/// - Source: Nagabandi et al. 2017, Neural network dynamics for model-based deep reinforcement
///   learning with model-free fine-tuning, arXiv:1708.02596.
public struct RandomShootingConfiguration: Sendable, BitwiseCopyable {
  /// Ticks of the plan. 2 to 500.
  public var horizon: Int
  /// Batches of candidates a tick; the deadline is asked before each. 1 to 100.
  public var iterations: Int
  /// Candidates a batch; the first of a tick is the shifted plan. 2 to 4096.
  public var candidates: Int
  public var knots: Knots

  public init(
    horizon: Int = 20, iterations: Int = 4, candidates: Int = 256, knots: Knots = Knots()
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.knots = knots
  }
}
