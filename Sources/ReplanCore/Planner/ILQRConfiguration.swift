/// iLQR through the model, started from the best of a few sampled candidates.
public struct ILQRConfiguration: Sendable, BitwiseCopyable {
  /// What an ensemble's plan is optimised for.
  public enum Dynamics: UInt8, Sendable, BitwiseCopyable {
    /// The mean of the members' predictions, V(E[s']).
    case mean
    /// All members at once, each with states of its own under the one plan: the mean of their
    /// costs, E[V(s')].
    case members
  }

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
  /// Added to the curvature in the (scaled) actions; more is added while steps fail.
  public var regularisation: Float
  public var dynamics: Dynamics
  /// One iteration a tick, from the last tick's states and actions, shifted: neither candidates nor
  /// a rollout come before it, and the deviation from the shifted states enters by feedback.
  public var isRealTime: Bool

  public init(
    horizon: Int = 50, iterations: Int = 2, candidates: Int = 32, noise: Float = 0.6,
    noiseExponent: Float = 1, regularisation: Float = 0.01, dynamics: Dynamics = .mean,
    isRealTime: Bool = false
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.noise = noise
    self.noiseExponent = noiseExponent
    self.regularisation = regularisation
    self.dynamics = dynamics
    self.isRealTime = isRealTime
  }
}

/// The linear-quadratic regulator from the linearisation at the target.
public struct LQRConfiguration: Sendable, BitwiseCopyable {
  /// Ticks of the plan that is predicted: as many as a missed deadline may need. 2 to 500.
  public var horizon: Int
  /// Steps of the Riccati recursion when a model is adopted. 1 to 10,000.
  public var iterations: Int
  /// Added to the curvature in the (scaled) actions, so that an action without a cost is defined.
  public var regularisation: Float

  public init(horizon: Int = 4, iterations: Int = 500, regularisation: Float = 1e-4) {
    self.horizon = horizon
    self.iterations = iterations
    self.regularisation = regularisation
  }
}
