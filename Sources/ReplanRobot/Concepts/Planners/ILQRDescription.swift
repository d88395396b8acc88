import ReplanCore

extension PlannerDescription {
  /// iLQR from the best of a few sampled candidates.
  public struct ILQR: Sendable, Equatable, Encodable {
    /// What an ensemble's plan is optimised for.
    public enum Dynamics: String, Choice, Sendable {
      /// The mean of the members' predictions.
      case mean
      /// All members under one plan.
      case members
    }

    public let iterations: Int
    public let candidates: Int
    /// Fraction of half the action's range.
    public let noise: Double
    public let noiseExponent: Double
    public let regularisation: Double
    public let dynamics: Dynamics
    public let isRealTime: Bool
  }

  /// The iLQR that finishes a sampled plan.
  public struct Finish: Sendable, Equatable, Encodable {
    public let iterations: Int
    public let regularisation: Double
    public let dynamics: ILQR.Dynamics
  }

  /// The linear-quadratic regulator around the target of the objective.
  public struct LQR: Sendable, Equatable, Encodable {
    public let iterations: Int
    public let regularisation: Double
  }
}

enum ILQRKeys {
  private static let core = ILQRConfiguration()
  private static let regulator = LQRConfiguration()

  static let iterations = SamplingKeys.iterations(core.iterations)
  static let candidates = SamplingKeys.candidates(
    1...1024, core.candidates, "Sampled plans that compete for the start, the last plan among them."
  )
  static let noise = SamplingKeys.noise(core.noise)
  static let noiseExponent = SamplingKeys.noiseExponent(core.noiseExponent)
  static let regularisation = added(core.regularisation)
  static let dynamics = Key<PlannerDescription.ILQR.Dynamics>(
    "dynamics", default: .mean,
    "`mean` optimises the cost of the members' mean prediction, `members` the mean cost of all "
      + "members, each with states of its own.")
  static let realTime = Key<Bool>(
    "real_time", default: core.isRealTime,
    "One iteration a tick from the last tick's plan, shifted, without candidates; `iterations`, "
      + "`candidates` and their noise are left out then.")

  static let keys = [
    iterations.descriptor, candidates.descriptor, noise.descriptor, noiseExponent.descriptor,
    regularisation.descriptor, dynamics.descriptor, realTime.descriptor,
  ]

  static let finish = Section([
    iterations.descriptor, regularisation.descriptor, dynamics.descriptor,
  ])

  static let riccatiSteps = Key<Int>(
    "iterations", 1...10_000, default: regulator.iterations,
    "Steps of the Riccati recursion when a model is adopted.")
  static let regulatorRegularisation = added(regulator.regularisation)

  static let regulatorKeys = [riccatiSteps.descriptor, regulatorRegularisation.descriptor]

  private static func added(_ standard: Float) -> Key<Double> {
    Key<Double>(
      "regularisation", .from(0, to: 1e6), default: Double(shortest: standard),
      "Added to the curvature of the cost in the scaled actions.")
  }
}

extension PlannerDescription.ILQR {
  init?(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    let isRealTime = fields[ILQRKeys.realTime]
    if isRealTime == true { Self.refuseCandidates(fields, &diagnostics) }
    guard let isRealTime, let iterations = fields[ILQRKeys.iterations],
      let candidates = fields[ILQRKeys.candidates], let noise = fields[ILQRKeys.noise],
      let noiseExponent = fields[ILQRKeys.noiseExponent],
      let regularisation = fields[ILQRKeys.regularisation],
      let dynamics = fields[ILQRKeys.dynamics]
    else { return nil }
    self.init(
      iterations: iterations, candidates: candidates, noise: noise, noiseExponent: noiseExponent,
      regularisation: regularisation, dynamics: dynamics, isRealTime: isRealTime)
  }

  /// Settings that the real-time mode would silently pass over.
  private static func refuseCandidates(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    func refuse<Value>(_ key: Key<Value>) {
      guard let place = fields.values[key.descriptor.name] else { return }
      diagnostics.add(
        place, found: "a setting beside real_time: true",
        allowed: "nothing: real time does one iteration a tick from the shifted plan")
    }
    refuse(ILQRKeys.iterations)
    refuse(ILQRKeys.candidates)
    refuse(ILQRKeys.noise)
    refuse(ILQRKeys.noiseExponent)
  }
}

extension PlannerDescription.Finish {
  init?(_ fields: Fields) {
    guard let iterations = fields[ILQRKeys.iterations],
      let regularisation = fields[ILQRKeys.regularisation],
      let dynamics = fields[ILQRKeys.dynamics]
    else { return nil }
    self.init(iterations: iterations, regularisation: regularisation, dynamics: dynamics)
  }
}

extension PlannerDescription.LQR {
  init?(_ fields: Fields) {
    guard let iterations = fields[ILQRKeys.riccatiSteps],
      let regularisation = fields[ILQRKeys.regulatorRegularisation]
    else { return nil }
    self.init(iterations: iterations, regularisation: regularisation)
  }
}
