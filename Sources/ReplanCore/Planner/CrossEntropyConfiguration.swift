/// The cross-entropy method over particles; with the settings of `improved`, all of iCEM.
///
/// - Source: Pinneri et al. 2020, Sample-efficient cross-entropy method for real-time planning
///   (iCEM), arXiv:2008.06389; Chua et al. 2018 (PETS), arXiv:1805.12114, is the plain method.
public struct CrossEntropyConfiguration: Sendable, BitwiseCopyable {
  /// What becomes the plan.
  public enum Result: UInt8, Sendable, BitwiseCopyable {
    /// The best candidate of all iterations.
    case best
    /// The mean of the last distribution.
    case mean
  }

  /// Ticks of the plan. 2 to 500.
  public var horizon: Int
  /// Refinements of the sampling distribution a tick. 1 to 100.
  public var iterations: Int
  /// Candidates of the first iteration. 2 to 4096.
  public var candidates: Int
  /// Candidates that the next distribution is fitted to. 1 to `candidates`.
  public var elites: Int
  /// Initial standard deviation, as a fraction of half the action's range.
  public var noise: Float
  /// Exponent of the noise's spectrum, 1/f^beta.
  public var noiseExponent: Float
  /// Weight of the old distribution in the new one. 0 to < 1.
  public var momentum: Float
  /// Factors of the noise that the candidates take in turn; zeros at the end do not count.
  public var scales: SIMD4<Float>
  /// Share of the elites that compete again in the next iteration. 0 to 1.
  public var keptElites: Float
  /// Share of the elites that, shifted, compete in the next tick's first iteration. 0 to 1.
  public var shiftedElites: Float
  /// The number of candidates is divided by this after each iteration, down to twice the elites.
  /// At least 1.
  public var decay: Float
  public var result: Result
  public var knots: Knots

  public init(
    horizon: Int = 30, iterations: Int = 3, candidates: Int = 128, elites: Int = 12,
    noise: Float = 0.5, noiseExponent: Float = 1, momentum: Float = 0.1,
    scales: SIMD4<Float> = SIMD4(1, 0, 0, 0), keptElites: Float = 0, shiftedElites: Float = 0,
    decay: Float = 1, result: Result = .best, knots: Knots = Knots()
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.elites = elites
    self.noise = noise
    self.noiseExponent = noiseExponent
    self.momentum = momentum
    self.scales = scales
    self.keptElites = keptElites
    self.shiftedElites = shiftedElites
    self.decay = decay
    self.result = result
    self.knots = knots
  }

  /// iCEM as published, plus samples at three scales: with one scale it swings up and does not hold.
  public static func improved(
    horizon: Int = 30, iterations: Int = 3, candidates: Int = 128
  ) -> CrossEntropyConfiguration {
    CrossEntropyConfiguration(
      horizon: horizon, iterations: iterations, candidates: candidates,
      elites: max(candidates / 12, 2), scales: SIMD4(1, 0.3, 0.1, 0), keptElites: 0.3,
      shiftedElites: 0.3, decay: 1.25)
  }

  /// The plain method: white noise, the mean of the elites executed, nothing kept.
  public static func plain(
    horizon: Int = 30, iterations: Int = 5, candidates: Int = 200, elites: Int = 20
  ) -> CrossEntropyConfiguration {
    CrossEntropyConfiguration(
      horizon: horizon, iterations: iterations, candidates: candidates, elites: elites,
      noiseExponent: 0, momentum: 0.1, result: .mean)
  }
}
