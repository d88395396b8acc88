import ReplanCore

/// How actions are planned.
public struct PlannerDescription: Sendable, Equatable, Encodable {
  public enum Kind: String, Choice, Sendable {
    case ilqr, cem, mppi, shooting
    case cemILQR = "cem-ilqr"
    case lqr

    /// True if candidates are rolled out in batches and valued over particles.
    public var isSampling: Bool {
      switch self {
      case .cem, .mppi, .shooting, .cemILQR: true
      case .ilqr, .lqr: false
      }
    }
  }

  /// A kind with its settings.
  public enum Method: Sendable, Equatable, Encodable {
    case ilqr(ILQR)
    case crossEntropy(CrossEntropy)
    case pathIntegral(PathIntegral)
    case randomShooting(RandomShooting)
    case polished(CrossEntropy, Finish)
    case lqr(LQR)

    public var kind: Kind {
      switch self {
      case .ilqr: .ilqr
      case .crossEntropy: .cem
      case .pathIntegral: .mppi
      case .randomShooting: .shooting
      case .polished: .cemILQR
      case .lqr: .lqr
      }
    }
  }

  /// Seconds.
  public let horizon: Double
  public let method: Method
  /// Threads that share the candidates of a sampling kind, the loop's own among them; 1 otherwise.
  public let threads: Int
  public let wait: Wait
}

enum PlannerKeys {
  /// Ticks that the core plans at least and at most.
  static let horizonTicks = 2...500

  static let kind = Key<PlannerDescription.Kind>(
    "kind", default: .ilqr,
    "`ilqr` plans by gradients from the best sampled candidate; `cem` (cross-entropy method), "
      + "`mppi` (path integrals) and `shooting` (random shooting) by samples alone; `cem-ilqr` "
      + "polishes a sampled plan by gradients; `lqr` is the linear regulator around the target.")
  static let horizon = Key<Double>(
    "horizon", .above(0, to: 500), default: 1, unit: "s",
    "How far the plan reaches; 2 to 500 ticks of the rate.")
  static let regulatorHorizon = Key<Double>(
    "horizon", .above(0, to: 500), unit: "s",
    "How far the plan reaches that missed deadlines are bridged by; 2 to 500 ticks of the rate, "
      + "\(regulatorTicks) if absent.")

  static let regulatorTicks = LQRConfiguration().horizon

  static func keys(of kind: PlannerDescription.Kind) -> [KeyDescriptor] {
    switch kind {
    case .ilqr: [horizon.descriptor] + ILQRKeys.keys
    case .cem: [horizon.descriptor] + CrossEntropyKeys.keys
    case .mppi: [horizon.descriptor] + PathIntegralKeys.keys
    case .shooting: [horizon.descriptor] + RandomShootingKeys.keys
    case .cemILQR:
      [horizon.descriptor] + CrossEntropyKeys.keys + [CrossEntropyKeys.finish.descriptor]
    case .lqr: [regulatorHorizon.descriptor] + ILQRKeys.regulatorKeys
    }
  }

  static let section = Section(
    [kind.descriptor],
    selectedBy: .value(of: "kind", standard: PlannerDescription.Kind.ilqr.rawValue),
    PlannerDescription.Kind.allCases.map {
      Section.Variant(name: $0.rawValue, keys: keys(of: $0))
    })
}

extension PlannerDescription {
  init?(_ fields: Fields, rate: Double?, _ diagnostics: inout Diagnostics) {
    let kind = fields[PlannerKeys.kind]
    let horizon = Self.horizon(fields, kind, rate: rate, &diagnostics)
    guard let kind else { return nil }
    let method = Method(fields, kind, &diagnostics)
    guard let horizon, let method, let threads = fields[SamplingKeys.threads],
      let wait = fields[SamplingKeys.wait]
    else { return nil }
    self.init(horizon: horizon, method: method, threads: threads, wait: wait)
  }

  /// Seconds; checked in ticks, whose number the rate tells.
  private static func horizon(
    _ fields: Fields, _ kind: Kind?, rate: Double?, _ diagnostics: inout Diagnostics
  ) -> Double? {
    let isDefault = !fields.has(PlannerKeys.horizon)
    if isDefault, kind == .lqr {
      guard fields.isSound(PlannerKeys.horizon), let rate else { return nil }
      return Double(PlannerKeys.regulatorTicks) / rate
    }
    // What the default is for a kind with a fault is not known.
    guard !isDefault || kind != nil, let horizon = fields.located(PlannerKeys.horizon) else {
      return nil
    }
    if let rate { check(horizon, isDefault: isDefault, rate: rate, &diagnostics) }
    return horizon.value
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
    _ fields: Fields, _ kind: PlannerDescription.Kind, _ diagnostics: inout Diagnostics
  ) {
    let method: Self?
    switch kind {
    case .ilqr:
      method = PlannerDescription.ILQR(fields, &diagnostics).map { .ilqr($0) }
    case .cem:
      method = PlannerDescription.CrossEntropy(fields, &diagnostics).map { .crossEntropy($0) }
    case .mppi:
      method = PlannerDescription.PathIntegral(fields).map { .pathIntegral($0) }
    case .shooting:
      method = PlannerDescription.RandomShooting(fields).map { .randomShooting($0) }
    case .cemILQR:
      let sampling = PlannerDescription.CrossEntropy(fields, &diagnostics)
      let finish = fields[CrossEntropyKeys.finish].flatMap { PlannerDescription.Finish($0) }
      guard let sampling, let finish else { return nil }
      method = .polished(sampling, finish)
    case .lqr:
      method = PlannerDescription.LQR(fields).map { .lqr($0) }
    }
    guard let method else { return nil }
    self = method
  }
}
