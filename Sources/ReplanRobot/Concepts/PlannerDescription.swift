import ReplanCore

/// How actions are planned.
public struct PlannerDescription: Sendable, Equatable, Encodable {
  public enum Kind: String, Choice, Sendable {
    case ilqr, cem
  }

  /// What only one kind of planner has.
  public enum Method: Sendable, Equatable, Encodable {
    case ilqr(regularisation: Double)
    case crossEntropy(elites: Int, momentum: Double)
  }

  /// Seconds.
  public let horizon: Double
  public let iterations: Int
  public let candidates: Int
  /// Fraction of half the action's range.
  public let noise: Double
  public let noiseExponent: Double
  public let method: Method
}

enum PlannerKeys {
  /// Ticks that the core plans at least and at most.
  static let horizonTicks = 2...500

  private static let ilqr = ILQRConfiguration()
  private static let cem = CrossEntropyConfiguration()

  static let kind = Key<PlannerDescription.Kind>(
    "kind", default: .ilqr,
    "`ilqr` plans by gradients from the best sampled candidate; `cem` by samples alone.")
  static let horizon = Key<Double>(
    "horizon", .above(0, to: 500), default: 1, unit: "s",
    "How far the plan reaches; 2 to 500 ticks of the rate.")

  static func iterations(_ standard: Int) -> Key<Int> {
    Key<Int>("iterations", 1...100, default: standard, "Improvements of the plan at each tick.")
  }
  static func candidates(_ range: ClosedRange<Int>, _ standard: Int) -> Key<Int> {
    Key<Int>("candidates", range, default: standard, "Sampled plans, the last plan among them.")
  }
  static func noise(_ standard: Float) -> Key<Double> {
    Key<Double>(
      "noise", .from(0, to: 4), default: Double(shortest: standard),
      unit: "fraction of half the action's range", "Standard deviation of the sampled plans.")
  }
  static func noiseExponent(_ standard: Float) -> Key<Double> {
    Key<Double>(
      "noise_exponent", .from(0, to: 4), default: Double(shortest: standard),
      "Spectrum 1/f^exponent of the sampled plans: 0 white, 1 pink, 2 red.")
  }

  static let regularisation = Key<Double>(
    "regularisation", .from(0, to: 1e6), default: Double(shortest: ilqr.regularisation),
    "Added to the curvature of the cost in the scaled actions.")
  static let elites = Key<Int>(
    "elites", 1...4096, default: cem.elites,
    "Candidates that the next distribution is fitted to, at most `candidates`.")
  static let momentum = Key<Double>(
    "momentum", .from(0, below: 1), default: Double(shortest: cem.momentum),
    "Weight of the old distribution in the new one.")

  /// The keys that both kinds have, each with defaults of its own.
  struct Sampling {
    let iterations: Key<Int>
    let candidates: Key<Int>
    let noise: Key<Double>
    let noiseExponent: Key<Double>

    var descriptors: [KeyDescriptor] {
      [iterations.descriptor, candidates.descriptor, noise.descriptor, noiseExponent.descriptor]
    }
  }

  static func sampling(_ kind: PlannerDescription.Kind) -> Sampling {
    switch kind {
    case .ilqr:
      Sampling(
        iterations: iterations(ilqr.iterations), candidates: candidates(1...1024, ilqr.candidates),
        noise: noise(ilqr.noise), noiseExponent: noiseExponent(ilqr.noiseExponent))
    case .cem:
      Sampling(
        iterations: iterations(cem.iterations), candidates: candidates(2...4096, cem.candidates),
        noise: noise(cem.noise), noiseExponent: noiseExponent(cem.noiseExponent))
    }
  }

  static let section = Section(
    [kind.descriptor, horizon.descriptor],
    selectedBy: .value(of: "kind", standard: PlannerDescription.Kind.ilqr.rawValue),
    [
      Section.Variant(
        name: PlannerDescription.Kind.ilqr.rawValue,
        keys: sampling(.ilqr).descriptors + [regularisation.descriptor]),
      Section.Variant(
        name: PlannerDescription.Kind.cem.rawValue,
        keys: sampling(.cem).descriptors + [elites.descriptor, momentum.descriptor]),
    ])
}

extension PlannerDescription {
  init?(_ fields: Fields, rate: Double?, _ diagnostics: inout Diagnostics) {
    let horizon = fields.located(PlannerKeys.horizon)
    if let horizon, let rate {
      let isDefault = !fields.has(PlannerKeys.horizon)
      Self.check(horizon, isDefault: isDefault, rate: rate, &diagnostics)
    }
    guard let kind = fields[PlannerKeys.kind] else { return nil }
    let sampling = PlannerKeys.sampling(kind)
    let candidates = fields[sampling.candidates]
    let method = Method(fields, kind, candidates: candidates, &diagnostics)
    guard let method, let horizon, let candidates, let iterations = fields[sampling.iterations],
      let noise = fields[sampling.noise], let noiseExponent = fields[sampling.noiseExponent]
    else { return nil }
    self.init(
      horizon: horizon.value, iterations: iterations, candidates: candidates, noise: noise,
      noiseExponent: noiseExponent, method: method)
  }

  private static func check(
    _ horizon: Located<Double>, isDefault: Bool, rate: Double, _ diagnostics: inout Diagnostics
  ) {
    let ticks = RobotDescription.ticks(in: horizon.value, rate: rate)
    let allowed = PlannerKeys.horizonTicks
    guard !allowed.contains(ticks) else { return }
    let low = Wording.number(Double(allowed.lowerBound) / rate)
    let high = Wording.number(Double(allowed.upperBound) / rate)
    let origin = isDefault ? " (the default)" : ""
    diagnostics.add(
      horizon,
      found: "\(Wording.number(horizon.value)) s\(origin), "
        + Wording.count(ticks, "tick", "ticks"),
      allowed: "\(low)...\(high) s at \(Wording.number(rate)) Hz, "
        + "\(allowed.lowerBound)...\(allowed.upperBound) ticks")
  }
}

extension PlannerDescription.Method {
  init?(
    _ fields: Fields, _ kind: PlannerDescription.Kind, candidates: Int?,
    _ diagnostics: inout Diagnostics
  ) {
    switch kind {
    case .ilqr:
      guard let regularisation = fields[PlannerKeys.regularisation] else { return nil }
      self = .ilqr(regularisation: regularisation)
    case .cem:
      guard let elites = fields.located(PlannerKeys.elites) else { return nil }
      if let candidates, elites.value > candidates {
        let origin = fields.has(PlannerKeys.elites) ? "" : " (the default)"
        diagnostics.add(
          elites, found: "\(elites.value)\(origin)",
          allowed: "1...\(candidates), the number of candidates")
      }
      guard let momentum = fields[PlannerKeys.momentum] else { return nil }
      self = .crossEntropy(elites: elites.value, momentum: momentum)
    }
  }
}

extension Double {
  /// The number that a single-precision literal was written as: 0.6 rather than 0.60000002384.
  init(shortest value: Float) {
    self = Double("\(value)") ?? Double(value)
  }
}
