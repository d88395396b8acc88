import ReplanCore

extension PlannerDescription {
  /// The cross-entropy method; its defaults are those of iCEM.
  public struct CrossEntropy: Sendable, Equatable, Encodable {
    /// What becomes the plan.
    public enum Execute: String, Choice, Sendable {
      /// The best candidate of all iterations.
      case best
      /// The mean of the last distribution.
      case mean
    }

    public let iterations: Int
    public let candidates: Int
    public let elites: Int
    /// Fraction of half the action's range.
    public let noise: Double
    public let noiseExponent: Double
    public let momentum: Double
    public let scales: [Double]
    public let keptElites: Double
    public let shiftedElites: Double
    public let decay: Double
    public let execute: Execute
    public let knots: Knots
  }
}

enum CrossEntropyKeys {
  private static let core = CrossEntropyConfiguration.improved()

  static let iterations = SamplingKeys.iterations(core.iterations)
  static let candidates = SamplingKeys.candidates(
    2...4096, core.candidates, "Sampled plans of the first iteration, the last plan among them.")
  static let elites = Key<Int>(
    "elites", 1...4096, default: core.elites,
    "Candidates that the next distribution is fitted to, at most `candidates`; the default is a "
      + "twelfth of them, at least 2.")
  static let noise = SamplingKeys.noise(core.noise)
  static let noiseExponent = SamplingKeys.noiseExponent(core.noiseExponent)
  static let momentum = Key<Double>(
    "momentum", .from(0, below: 1), default: Double(shortest: core.momentum),
    "Weight of the old distribution in the new one.")
  static let scales = SamplingKeys.scales(core.scales)
  static let keptElites = Key<Double>(
    "kept_elites", .from(0, to: 1), default: Double(shortest: core.keptElites),
    "Share of the elites that compete again in the next iteration.")
  static let shiftedElites = Key<Double>(
    "shifted_elites", .from(0, to: 1), default: Double(shortest: core.shiftedElites),
    "Share of the elites that, shifted, compete at the next tick.")
  static let decay = Key<Double>(
    "decay", .from(1, to: 100), default: Double(shortest: core.decay),
    "The number of candidates is divided by this after each iteration, down to twice the elites.")
  static let execute = Key<PlannerDescription.CrossEntropy.Execute>(
    "execute", default: .best,
    "What becomes the plan: the `best` candidate of all iterations, or the `mean` of the last "
      + "distribution.")

  static let keys = [
    iterations.descriptor, candidates.descriptor, elites.descriptor, noise.descriptor,
    noiseExponent.descriptor, momentum.descriptor, scales.descriptor, keptElites.descriptor,
    shiftedElites.descriptor, decay.descriptor, execute.descriptor, SamplingKeys.knots.descriptor,
    SamplingKeys.threads.descriptor, SamplingKeys.wait.descriptor,
  ]

  /// For the kind that polishes what was sampled.
  static let finish = Key<Fields>(
    "finish", ILQRKeys.finish, "The iLQR that polishes the sampled plan.")
}

extension PlannerDescription.CrossEntropy {
  init?(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    let candidates = fields[CrossEntropyKeys.candidates]
    let elites = Self.elites(fields, candidates: candidates, &diagnostics)
    let knots = fields[SamplingKeys.knots].flatMap { PlannerDescription.Knots($0) }
    guard let candidates, let elites, let knots,
      let iterations = fields[CrossEntropyKeys.iterations],
      let noise = fields[CrossEntropyKeys.noise],
      let noiseExponent = fields[CrossEntropyKeys.noiseExponent],
      let momentum = fields[CrossEntropyKeys.momentum],
      let scales = fields[CrossEntropyKeys.scales],
      let keptElites = fields[CrossEntropyKeys.keptElites],
      let shiftedElites = fields[CrossEntropyKeys.shiftedElites],
      let decay = fields[CrossEntropyKeys.decay], let execute = fields[CrossEntropyKeys.execute]
    else { return nil }
    self.init(
      iterations: iterations, candidates: candidates, elites: elites, noise: noise,
      noiseExponent: noiseExponent, momentum: momentum, scales: scales, keptElites: keptElites,
      shiftedElites: shiftedElites, decay: decay, execute: execute, knots: knots)
  }

  /// The default follows the number of candidates, as the core's does.
  private static func elites(
    _ fields: Fields, candidates: Int?, _ diagnostics: inout Diagnostics
  ) -> Int? {
    guard let elites = fields.located(CrossEntropyKeys.elites) else { return nil }
    guard let candidates else { return elites.value }
    guard fields.has(CrossEntropyKeys.elites) else {
      return CrossEntropyConfiguration.improved(candidates: candidates).elites
    }
    if elites.value > candidates {
      diagnostics.add(
        elites, found: "\(elites.value)", allowed: "1...\(candidates), the number of candidates")
    }
    return elites.value
  }
}
