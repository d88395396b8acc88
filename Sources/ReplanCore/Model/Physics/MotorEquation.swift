public import ReplanNumerics

/// A direct-current motor with friction that turns a load, in lumped parameters.
///
/// State: angle rad, velocity ω rad/s. Action: voltage (or any input proportional to it). The winding's
/// current settles within a fraction of a tick and follows from voltage and velocity:
///
///     ω̇ = gain · voltage − friction(ω), the back electromotive force part of the viscous friction
///
/// - Source: Franklin, Powell, Emami-Naeini 2019, Feedback Control of Dynamic Systems, section 2.3,
///   with the inductance neglected.
public struct MotorEquation: DifferentialEquation, Sendable, BitwiseCopyable {
  /// Acceleration for each volt, rad/(s²·V).
  public var gain: Float
  public var friction: StribeckFriction

  public init(gain: Float, friction: StribeckFriction) {
    self.gain = gain
    self.friction = friction
  }

  /// - Units: inertia kg·m², torque constant N·m/A (the same number as the back electromotive
  ///   force's V·s/rad), resistance Ω; friction N·m·s/rad and N·m.
  public init(
    inertia: Float, torqueConstant: Float, resistance: Float,
    friction: StribeckFriction = StribeckFriction()
  ) {
    var all = friction
    all.viscous += torqueConstant * torqueConstant / resistance
    self.init(
      gain: torqueConstant / (resistance * inertia), friction: all.divided(by: inertia))
  }

  public static var stateCount: Int { 2 }
  public static var actionCount: Int { 1 }
  public static var parameterCount: Int { 1 + StribeckFriction.parameterCount }

  public init(parameters: UnsafePointer<Float>) {
    self.init(gain: parameters[0], friction: StribeckFriction(parameters: parameters + 1))
  }

  public func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = gain
    friction.store(into: parameters + 1)
  }

  @inline(always)
  public func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    rate[0] = x[1]
    rate[1] = Lanes(repeating: gain) * u[0] - friction.deceleration(x[1]).value
  }

  @inline(always)
  public func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>
  ) {
    self.rate(at: x, under: u, into: rate)
    jacobian[0] = Lanes(repeating: 0)
    jacobian[1] = Lanes(repeating: 1)
    jacobian[2] = Lanes(repeating: 0)
    jacobian[3] = Lanes(repeating: 0)
    jacobian[4] = -friction.deceleration(x[1]).slope
    jacobian[5] = Lanes(repeating: gain)
  }
}
