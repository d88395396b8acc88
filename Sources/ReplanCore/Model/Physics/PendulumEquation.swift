public import ReplanNumerics

/// A pendulum turned by a torque, in lumped parameters.
///
/// State: angle θ rad, 0 upright, and velocity rad/s. Action: torque τ (or any input proportional
/// to it).
///
///     θ̈ = gravity · sinθ + gain · τ − friction(θ̇)
///
/// - Source: Goldstein, Poole, Safko 2002, Classical Mechanics, section 1.6.
public struct PendulumEquation: DifferentialEquation, Sendable, BitwiseCopyable {
  /// Gravity over length, 1/s².
  public var gravity: Float
  /// One over the inertia, 1/(kg·m²).
  public var gain: Float
  public var friction: Friction

  public init(gravity: Float, gain: Float, friction: Friction) {
    self.gravity = gravity
    self.gain = gain
    self.friction = friction
  }

  /// A point mass on a massless rod.
  ///
  /// - Units: mass kg, length m from the pivot to the mass, viscous N·m·s/rad, Coulomb N·m.
  public init(mass: Float, length: Float, friction: Friction = Friction()) {
    let inertia = mass * length * length
    self.init(
      gravity: standardGravity / length, gain: 1 / inertia,
      friction: friction.divided(by: inertia))
  }

  public static var stateCount: Int { 2 }
  public static var actionCount: Int { 1 }
  public static var parameterCount: Int { 2 + Friction.parameterCount }

  public init(parameters: UnsafePointer<Float>) {
    self.init(
      gravity: parameters[0], gain: parameters[1], friction: Friction(parameters: parameters + 2))
  }

  public func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = gravity
    parameters[1] = gain
    friction.store(into: parameters + 2)
  }

  @inline(always)
  public func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    let pull = (u[0] * Lanes(repeating: gain)).adding(gravity, times: sineCosine(x[0]).sine)
    rate[0] = x[1]
    rate[1] = pull - friction.deceleration(x[1]).value
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
    jacobian[3] = Lanes(repeating: gravity) * sineCosine(x[0]).cosine
    jacobian[4] = -friction.deceleration(x[1]).slope
    jacobian[5] = Lanes(repeating: gain)
  }
}

/// Gravity in m/s², as the simulated plants have it.
@inlinable @inline(always)
public var standardGravity: Float { 9.81 }
