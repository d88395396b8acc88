/// Path-integral control (MPPI): the plan becomes the mean of noisy copies, weighted by
/// exp(-cost / temperature).
///
/// - Source: Williams et al. 2017, Information theoretic MPC for model-based reinforcement
///   learning, doi 10.1109/ICRA.2017.7989202.
public struct PathIntegralConfiguration: Sendable, BitwiseCopyable {
  /// The cost that a weight falls by a factor e for.
  public enum Temperature: Sendable, BitwiseCopyable, Equatable {
    /// A fraction of the candidates' spread: the median of their costs minus the least. It needs no
    /// tuning to the unit of the cost, and a few candidates of enormous cost do not move it.
    case relative(Float)
    /// In the unit of the cost.
    case absolute(Float)
  }

  /// Ticks of the plan. 2 to 500.
  public var horizon: Int
  /// Updates of the plan a tick. 1 to 100.
  public var iterations: Int
  /// Candidates an iteration, the plan itself among them. 2 to 4096.
  public var candidates: Int
  /// Standard deviation, as a fraction of half the action's range.
  public var noise: Float
  /// Exponent of the noise's spectrum, 1/f^beta.
  public var noiseExponent: Float
  /// Factors of the noise that the candidates take in turn; zeros at the end do not count.
  public var scales: SIMD4<Float>
  public var temperature: Temperature
  /// Weight of the information-theoretic control cost, temperature · uᵀ Σ⁻¹ ε: (1 - α) of the
  /// source. 0 leaves the cost of actions to the objective. 0 to 1.
  public var controlCost: Float
  /// How fast the noise follows the weighted spread of the candidates. 0 (fixed) to 1.
  public var adaptation: Float
  /// Least standard deviation that adaptation leaves, as a fraction of `noise`. Above 0 to 1.
  public var leastNoise: Float
  public var knots: Knots

  public init(
    horizon: Int = 30, iterations: Int = 1, candidates: Int = 512, noise: Float = 0.5,
    noiseExponent: Float = 1, scales: SIMD4<Float> = SIMD4(1, 0.3, 0.1, 0),
    temperature: Temperature = .relative(0.1), controlCost: Float = 0, adaptation: Float = 0,
    leastNoise: Float = 0.1, knots: Knots = Knots()
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.noise = noise
    self.noiseExponent = noiseExponent
    self.scales = scales
    self.temperature = temperature
    self.controlCost = controlCost
    self.adaptation = adaptation
    self.leastNoise = leastNoise
    self.knots = knots
  }
}
