/// One quantity, measured or estimated; the observation channels together are the state.
public struct ObservationChannel: Sendable, Equatable, Encodable {
  public enum Kind: String, Choice, Sendable {
    /// A point on a line.
    case linear
    /// Periodic, in radians: the model sees sine and cosine, distances are wrapped.
    case angle
  }

  public let name: String
  public let unit: String
  public let kind: Kind
  /// Plausible values in the channel's unit; nil if unknown.
  public let range: Interval?
  /// Standard deviation of the measurement noise in the channel's unit; nil if unknown.
  public let noise: Double?
  /// Largest plausible change per second in the channel's unit; nil if unknown.
  public let maxRate: Double?
  /// False for a state that the plant does not send and the estimator finds.
  public let isMeasured: Bool
}

/// One actuator command.
public struct ActionChannel: Sendable, Equatable, Encodable {
  public let name: String
  public let unit: String
  public let limits: Interval
  /// Largest change per second in the channel's unit; nil if there is no limit.
  public let slew: Double?
  /// Applied by a disarmed plant and by the guard; inside the limits.
  public let safe: Double
}

enum ObservationKeys {
  static let name = Key<String>(
    "name", .name, required: true, "Name of the channel, in episodes and models too.")
  static let unit = Key<String>(
    "unit", .line, required: true, "Unit of the values on the wire; SI and radians.")
  static let kind = Key<ObservationChannel.Kind>(
    "kind", default: .linear,
    "`angle` (radians) is periodic: the model sees sine and cosine, distances are wrapped.")
  static let range = Key<Interval>(
    "range", .any, unit: "the channel's unit",
    "Plausible values; the guard takes an observation outside for a fault of the sensor.")
  static let noise = Key<Double>(
    "noise", .from(0, to: 1e9), unit: "the channel's unit",
    "Standard deviation of the measurement noise, if known.")
  static let maxRate = Key<Double>(
    "max_rate", .above(0, to: 1e9), unit: "the channel's unit per second",
    "The guard takes a faster change from one observation to the next for a fault of the sensor; no "
      + "limit if absent.")
  static let measured = Key<Bool>(
    "measured", default: true,
    "`false` for a state that is no channel of the wire: the `estimator` finds it.")

  static let section = Section([
    name.descriptor, unit.descriptor, kind.descriptor, range.descriptor, noise.descriptor,
    maxRate.descriptor, measured.descriptor,
  ])
}

enum ActionKeys {
  static let name = Key<String>(
    "name", .name, required: true, "Name of the channel, in episodes and models too.")
  static let unit = Key<String>(
    "unit", .line, required: true, "Unit of the values on the wire; SI and radians.")
  static let min = Key<Double>(
    "min", .any, required: true, unit: "the channel's unit", "Least action.")
  static let max = Key<Double>(
    "max", .any, required: true, unit: "the channel's unit", "Greatest action, above `min`.")
  static let slew = Key<Double>(
    "slew", .above(0, to: 1e9), unit: "the channel's unit per second",
    "Largest change per second; no limit if absent.")
  static let safe = Key<Double>(
    "safe", .any, default: 0, unit: "the channel's unit",
    "What a disarmed plant applies and the guard falls back to, from `min` to `max`.")

  static let section = Section([
    name.descriptor, unit.descriptor, min.descriptor, max.descriptor, slew.descriptor,
    safe.descriptor,
  ])
}

extension ObservationChannel {
  init?(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    if fields[ObservationKeys.kind] == .angle, let unit = fields.located(ObservationKeys.unit),
      unit.value != "rad"
    {
      diagnostics.add(
        unit, found: Wording.quoted(unit.value), allowed: "rad, as the kind of the channel is angle"
      )
    }
    guard let name = fields[ObservationKeys.name], let unit = fields[ObservationKeys.unit],
      let kind = fields[ObservationKeys.kind], let isMeasured = fields[ObservationKeys.measured]
    else { return nil }
    self.init(
      name: name, unit: unit, kind: kind, range: fields[ObservationKeys.range],
      noise: fields[ObservationKeys.noise], maxRate: fields[ObservationKeys.maxRate],
      isMeasured: isMeasured)
  }
}

extension ActionChannel {
  init?(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    guard let low = fields[ActionKeys.min], let high = fields.located(ActionKeys.max) else {
      return nil
    }
    guard low < high.value else {
      diagnostics.add(
        high, found: Wording.number(high.value), allowed: "above min, \(Wording.number(low))")
      return nil
    }
    let limits = Interval(low: low, high: high.value)
    guard let safe = fields.located(ActionKeys.safe) else { return nil }
    if !limits.contains(safe.value) {
      let origin = fields.has(ActionKeys.safe) ? "" : " (the default)"
      diagnostics.add(
        safe, found: Wording.number(safe.value) + origin, allowed: limits.description)
    }
    guard let name = fields[ActionKeys.name], let unit = fields[ActionKeys.unit] else {
      return nil
    }
    self.init(
      name: name, unit: unit, limits: limits, slew: fields[ActionKeys.slew], safe: safe.value)
  }
}
