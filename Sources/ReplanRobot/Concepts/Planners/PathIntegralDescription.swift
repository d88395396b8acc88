import ReplanCore

extension PlannerDescription {
  /// Path-integral control (MPPI).
  public struct PathIntegral: Sendable, Equatable, Encodable {
    /// The cost that a candidate's weight falls by a factor e for.
    public enum Temperature: Sendable, Equatable, Encodable {
      /// Fraction of the spread of the candidates' costs.
      case relative(Double)
      /// In the unit of the cost.
      case absolute(Double)
    }

    public let iterations: Int
    public let candidates: Int
    /// Fraction of half the action's range.
    public let noise: Double
    public let noiseExponent: Double
    public let scales: [Double]
    public let temperature: Temperature
    public let controlCost: Double
    public let adaptation: Double
    /// Fraction of `noise`.
    public let leastNoise: Double
    public let knots: Knots
  }
}

enum TemperatureKeys {
  static let absolute = Key<Double>(
    "absolute", .above(0, to: 1e9), required: true, unit: "the unit of the cost",
    "The cost that a candidate's weight falls by a factor e for.")

  static let section = Section([absolute.descriptor])
}

enum PathIntegralKeys {
  private static let core = PathIntegralConfiguration()

  static let iterations = SamplingKeys.iterations(core.iterations)
  static let candidates = SamplingKeys.candidates(
    2...4096, core.candidates, "Sampled plans of an iteration, the plan itself among them.")
  // Adaptation measures the spread in units of the noise, so that there has to be some.
  static let noise = SamplingKeys.noise(core.noise, least: 0.001)
  static let noiseExponent = SamplingKeys.noiseExponent(core.noiseExponent)
  static let scales = SamplingKeys.scales(core.scales)
  static let temperature = Key<PlannerDescription.PathIntegral.Temperature>(
    "temperature", .above(0, to: 100), orSection: TemperatureKeys.section,
    default: core.temperature.relativeShare,
    "The cost that a candidate's weight falls by a factor e for. A number is a fraction of the "
      + "candidates' spread (the median of their costs minus the least), which needs no tuning to "
      + "the unit of the cost; `{absolute: …}` is in that unit.")
  static let controlCost = Key<Double>(
    "control_cost", .from(0, to: 1), default: Double(shortest: core.controlCost),
    "Weight of the information-theoretic control cost; 0 leaves the cost of actions to the "
      + "objective.")
  static let adaptation = Key<Double>(
    "adaptation", .from(0, to: 1), default: Double(shortest: core.adaptation),
    "How fast the noise follows the weighted spread of the candidates; 0 keeps it.")
  static let leastNoise = Key<Double>(
    "least_noise", .from(0.001, to: 1), default: Double(shortest: core.leastNoise),
    unit: "fraction of `noise`", "What adaptation leaves of the noise at least.")

  static let keys = [
    iterations.descriptor, candidates.descriptor, temperature.descriptor, noise.descriptor,
    noiseExponent.descriptor, scales.descriptor, controlCost.descriptor, adaptation.descriptor,
    leastNoise.descriptor, SamplingKeys.knots.descriptor, SamplingKeys.threads.descriptor,
    SamplingKeys.wait.descriptor,
  ]
}

extension PathIntegralConfiguration.Temperature {
  /// The share of a relative temperature, which the core's default is.
  fileprivate var relativeShare: Double {
    guard case .relative(let share) = self else {
      preconditionFailure("the core's default temperature is relative")
    }
    return Double(shortest: share)
  }
}

extension PlannerDescription.PathIntegral.Temperature: KeyValue {
  package init?(_ checked: Located<CheckedValue>) {
    switch checked.value {
    case .number(let share): self = .relative(share)
    case .section(let fields):
      guard let absolute = fields[TemperatureKeys.absolute] else { return nil }
      self = .absolute(absolute)
    default: return nil
    }
  }
}

extension PlannerDescription.PathIntegral {
  init?(_ fields: Fields) {
    let knots = fields[SamplingKeys.knots].flatMap { PlannerDescription.Knots($0) }
    guard let knots, let iterations = fields[PathIntegralKeys.iterations],
      let candidates = fields[PathIntegralKeys.candidates],
      let noise = fields[PathIntegralKeys.noise],
      let noiseExponent = fields[PathIntegralKeys.noiseExponent],
      let scales = fields[PathIntegralKeys.scales],
      let temperature = fields[PathIntegralKeys.temperature],
      let controlCost = fields[PathIntegralKeys.controlCost],
      let adaptation = fields[PathIntegralKeys.adaptation],
      let leastNoise = fields[PathIntegralKeys.leastNoise]
    else { return nil }
    self.init(
      iterations: iterations, candidates: candidates, noise: noise, noiseExponent: noiseExponent,
      scales: scales, temperature: temperature, controlCost: controlCost, adaptation: adaptation,
      leastNoise: leastNoise, knots: knots)
  }
}
