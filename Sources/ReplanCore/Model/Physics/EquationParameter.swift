/// What one number of an equation of motion means, and where a fit looks for it.
public struct EquationParameter: Sendable {
  /// As robot and model files name it.
  public var name: StaticString
  /// In SI units where the action has the unit of the equation's own; otherwise the action's unit
  /// takes its place.
  public var unit: StaticString
  /// Where a fit begins if nothing better is known.
  public var start: Float
  /// Bounds of a plausible value; a fit stays inside.
  public var low: Float
  public var high: Float
  /// True for a number that shapes the equation and is not fitted unless asked for.
  public var isFixed: Bool

  public init(
    _ name: StaticString, _ unit: StaticString, start: Float, _ low: Float, _ high: Float,
    isFixed: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.start = start
    self.low = low
    self.high = high
    self.isFixed = isFixed
  }
}

/// The parameters of the friction of one joint, in the order of `Friction`.
struct FrictionParameters {
  let viscous: EquationParameter
  let coulomb: EquationParameter
  let transition: EquationParameter

  /// - Parameters:
  ///   - coulomb: its name and unit, a deceleration or a torque.
  ///   - transition: its name, unit and value.
  init(
    viscous: (StaticString, StaticString), coulomb: (StaticString, StaticString),
    transition: (StaticString, StaticString, Float)
  ) {
    self.viscous = EquationParameter(viscous.0, viscous.1, start: 0.1, 0, 1000)
    self.coulomb = EquationParameter(coulomb.0, coulomb.1, start: 0.1, 0, 1000)
    self.transition = EquationParameter(
      transition.0, transition.1, start: transition.2, 1e-4, 10, isFixed: true)
  }

  subscript(index: Int) -> EquationParameter {
    switch index {
    case 0: viscous
    case 1: coulomb
    default: transition
    }
  }
}
