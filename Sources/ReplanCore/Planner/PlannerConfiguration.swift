/// The planner of a controller and its settings.
public enum PlannerConfiguration: Sendable, BitwiseCopyable {
  case ilqr(ILQRConfiguration)
  case crossEntropy(CrossEntropyConfiguration)
  case pathIntegral(PathIntegralConfiguration)
  case randomShooting(RandomShootingConfiguration)

  public var horizon: Int {
    switch self {
    case .ilqr(let settings): settings.horizon
    case .crossEntropy(let settings): settings.horizon
    case .pathIntegral(let settings): settings.horizon
    case .randomShooting(let settings): settings.horizon
    }
  }
}

/// iLQR on the mean of the model, started from the best of a few sampled candidates.
public struct ILQRConfiguration: Sendable, BitwiseCopyable {
  /// Ticks of the plan. 2 to 500.
  public var horizon: Int
  /// Gauss-Newton iterations a tick. 1 to 100.
  public var iterations: Int
  /// Sampled candidates that compete for the start, the shifted plan among them. 1 to 1024.
  public var candidates: Int
  /// Standard deviation of the candidates' noise, as a fraction of half the action's range.
  public var noise: Float
  /// Exponent of the noise's spectrum, 1/f^beta: 0 white, 1 pink, 2 red.
  public var noiseExponent: Float
  /// Added to the curvature in the (scaled) actions.
  public var regularisation: Float

  public init(
    horizon: Int = 50, iterations: Int = 2, candidates: Int = 32, noise: Float = 0.6,
    noiseExponent: Float = 1, regularisation: Float = 0.01
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.noise = noise
    self.noiseExponent = noiseExponent
    self.regularisation = regularisation
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
