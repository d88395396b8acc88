/// How the first episode excites the plant, before there is a model.
public struct BasePolicyDescription: Sendable, Equatable, Encodable {
  public enum Kind: String, Choice, Sendable {
    case ou, uniform, hold, multisine
  }

  /// Amplitudes and deviations are fractions of half the action's range, times are seconds.
  public enum Method: Sendable, Equatable, Encodable {
    /// Ornstein-Uhlenbeck noise, clipped to the limits.
    case ornsteinUhlenbeck(timeConstant: Double, deviation: Double)
    /// A new uniform action at each tick.
    case uniform(amplitude: Double)
    /// A uniform action, held for a period.
    case hold(amplitude: Double, period: Double)
    /// Sines all over a band in Hz, designed before the episode; nil for a band from horizon and rate.
    case multisine(amplitude: Double, band: Interval?)
  }

  public let method: Method
  /// Length of the first episode.
  public let seconds: Double
}

enum BasePolicyKeys {
  static let kind = Key<BasePolicyDescription.Kind>(
    "kind", default: .ou,
    "`ou` is smooth Ornstein-Uhlenbeck noise, `uniform` a new random action at each tick, "
      + "`hold` a random action held for a period, `multisine` a sum of sines all over a band, which "
      + "is designed before the episode; it ends where the state leaves the envelope.")
  static let seconds = Key<Double>(
    "seconds", .from(0.1, to: 600), default: 0.5, unit: "s", "Length of the first episode.")
  static let timeConstant = Key<Double>(
    "time_constant", .from(0.001, to: 60), default: 0.15, unit: "s",
    "Time in which the noise forgets its past.")
  static let deviation = Key<Double>(
    "deviation", .above(0, to: 4), default: 0.6, unit: "fraction of half the action's range",
    "Standard deviation, before the limits clip it.")
  static let amplitude = Key<Double>(
    "amplitude", .above(0, to: 1), default: 1, unit: "fraction of half the action's range",
    "Actions are drawn so far to both sides of the middle of the range.")
  static let period = Key<Double>(
    "period", .above(0, to: 60), default: 0.2, unit: "s", "How long an action is held.")

  static let band = Key<Interval>(
    "band", .above(0, to: 500), unit: "Hz",
    "Lowest and highest frequency, at most half the rate; from the planner's horizon and the rate if "
      + "absent.")

  static let section = Section(
    [kind.descriptor, seconds.descriptor],
    selectedBy: .value(of: "kind", standard: BasePolicyDescription.Kind.ou.rawValue),
    [
      variant(.ou, [timeConstant.descriptor, deviation.descriptor]),
      variant(.uniform, [amplitude.descriptor]),
      variant(.hold, [amplitude.descriptor, period.descriptor]),
      variant(.multisine, [amplitude.descriptor, band.descriptor]),
    ])

  private static func variant(
    _ kind: BasePolicyDescription.Kind, _ keys: [KeyDescriptor]
  ) -> Section.Variant {
    Section.Variant(name: kind.rawValue, keys: keys)
  }
}

extension BasePolicyDescription {
  init?(_ fields: Fields) {
    guard let kind = fields[BasePolicyKeys.kind], let seconds = fields[BasePolicyKeys.seconds],
      let timeConstant = fields[BasePolicyKeys.timeConstant],
      let deviation = fields[BasePolicyKeys.deviation],
      let amplitude = fields[BasePolicyKeys.amplitude],
      let period = fields[BasePolicyKeys.period]
    else { return nil }
    let method: Method =
      switch kind {
      case .ou: .ornsteinUhlenbeck(timeConstant: timeConstant, deviation: deviation)
      case .uniform: .uniform(amplitude: amplitude)
      case .hold: .hold(amplitude: amplitude, period: period)
      case .multisine: .multisine(amplitude: amplitude, band: fields[BasePolicyKeys.band])
      }
    self.init(method: method, seconds: seconds)
  }
}
