/// A Furuta pendulum: an arm turned by a motor in the level plane, a pole at its end swinging
/// across it; in lumped parameters.
///
/// State: arm angle φ rad, arm velocity rad/s, pole angle θ rad, 0 upright, pole velocity rad/s.
/// Action: torque on the arm (or any input proportional to it). The first line is divided by the
/// arm's inertia J (the pole's mass at the arm's end included), the second by the pole's I about
/// its pivot:
///
///     (1 + ratio sin²θ) φ̈ + coupling cosθ θ̈
///       = gain τ + coupling θ̇² sinθ − 2 ratio sinθ cosθ φ̇ θ̇ − arm friction
///     (coupling / ratio) cosθ φ̈ + θ̈ = gravity sinθ + sinθ cosθ φ̇² − pivot friction
///
/// - Source: Cazzolato, Prime 2011, On the dynamics of the Furuta pendulum,
///   doi 10.1155/2011/528341, for a slender pole; the angle is counted from the top, and positive
///   where the pole leans towards the arm's positive direction.
public struct FurutaEquation: DifferentialEquation, Sendable, BitwiseCopyable {
  /// I / J.
  public var ratio: Float
  /// m l L / J, with the pole's centre of mass at l and an arm of length L.
  public var coupling: Float
  /// 1 / J, 1/(kg·m²).
  public var gain: Float
  /// m g l / I, 1/s².
  public var gravity: Float
  public var armFriction: Friction
  public var pivotFriction: Friction

  public init(
    ratio: Float, coupling: Float, gain: Float, gravity: Float, armFriction: Friction,
    pivotFriction: Friction
  ) {
    self.ratio = ratio
    self.coupling = coupling
    self.gain = gain
    self.gravity = gravity
    self.armFriction = armFriction
    self.pivotFriction = pivotFriction
  }

  /// A uniform pole of `poleLength` at the end of an arm.
  ///
  /// - Units: arm inertia kg·m² about its axis, without the pole; lengths m; mass kg; friction
  ///   N·m·s/rad and N·m.
  public init(
    armInertia: Float, armLength: Float, poleMass: Float, poleLength: Float,
    armFriction: Friction = Friction(), pivotFriction: Friction = Friction()
  ) {
    let arm = armInertia + poleMass * armLength * armLength
    let pole = poleMass * poleLength * poleLength / 3
    let moment = 0.5 * poleMass * poleLength
    self.init(
      ratio: pole / arm, coupling: moment * armLength / arm, gain: 1 / arm,
      gravity: standardGravity * moment / pole, armFriction: armFriction.divided(by: arm),
      pivotFriction: pivotFriction.divided(by: pole))
  }

  public static var stateCount: Int { 4 }
  public static var actionCount: Int { 1 }
  public static var parameterCount: Int { 4 + 2 * Friction.parameterCount }

  public init(parameters: UnsafePointer<Float>) {
    self.init(
      ratio: parameters[0], coupling: parameters[1], gain: parameters[2],
      gravity: parameters[3], armFriction: Friction(parameters: parameters + 4),
      pivotFriction: Friction(parameters: parameters + 7))
  }

  public func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = ratio
    parameters[1] = coupling
    parameters[2] = gain
    parameters[3] = gravity
    armFriction.store(into: parameters + 4)
    pivotFriction.store(into: parameters + 7)
  }
}
