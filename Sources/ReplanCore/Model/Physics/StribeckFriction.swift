public import ReplanNumerics

/// Viscous, Coulomb and Stribeck friction of one joint, divided by its inertia: what holds the joint
/// at rest is more than what holds it in motion.
///
///     (coulomb + stribeck · exp(−(v / stribeckVelocity)²)) · tanh(v / transition) + viscous · v
///
/// Where the joint breaks away the force falls as the speed rises, so that slow motion is unstable,
/// as it is on the bench.
///
/// - Units: viscous 1/s, Coulomb and Stribeck m/s² or rad/s², velocities m/s or rad/s.
/// - Source: Armstrong-Hélouvry, Dupont, Canudas de Wit 1994, A survey of models, analysis tools and
///   compensation methods for the control of machines with friction, eq. 5 with exponent 2,
///   doi 10.1016/0005-1098(94)90209-7; the sign smoothed as in `Friction`.
public struct StribeckFriction: Sendable, BitwiseCopyable {
  public var viscous: Float
  public var coulomb: Float
  /// What breaking away takes beyond Coulomb's.
  public var stribeck: Float
  public var stribeckVelocity: Float
  public var transition: Float

  public init(
    viscous: Float = 0, coulomb: Float = 0, stribeck: Float = 0, stribeckVelocity: Float = 0.5,
    transition: Float = 0.05
  ) {
    self.viscous = viscous
    self.coulomb = coulomb
    self.stribeck = stribeck
    self.stribeckVelocity = stribeckVelocity
    self.transition = transition
  }

  static var parameterCount: Int { 5 }

  init(parameters: UnsafePointer<Float>) {
    self.init(
      viscous: parameters[0], coulomb: parameters[1], stribeck: parameters[2],
      stribeckVelocity: parameters[3], transition: parameters[4])
  }

  func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = viscous
    parameters[1] = coulomb
    parameters[2] = stribeck
    parameters[3] = stribeckVelocity
    parameters[4] = transition
  }

  /// The same friction with its forces divided by `inertia`.
  func divided(by inertia: Float) -> StribeckFriction {
    StribeckFriction(
      viscous: viscous / inertia, coulomb: coulomb / inertia, stribeck: stribeck / inertia,
      stribeckVelocity: stribeckVelocity, transition: transition)
  }

  /// The deceleration at a velocity, and its derivative.
  @inline(always)
  public func deceleration(_ velocity: Lanes) -> (value: Lanes, slope: Lanes) {
    let inverse = 1 / transition
    let sign = hyperbolicTangent(velocity * Lanes(repeating: inverse))
    let ratio = velocity * Lanes(repeating: 1 / stribeckVelocity)
    let excess = Lanes(repeating: stribeck) * exponential(-(ratio * ratio))
    let dry = excess + Lanes(repeating: coulomb)
    let value = (velocity * Lanes(repeating: viscous)).addingProduct(dry, sign)
    let steepness = dry * (Lanes(repeating: 1) - sign * sign)
    let fall = excess * ratio * sign
    let slope = Lanes(repeating: viscous).adding(inverse, times: steepness)
      .adding(-2 / stribeckVelocity, times: fall)
    return (value, slope)
  }
}
