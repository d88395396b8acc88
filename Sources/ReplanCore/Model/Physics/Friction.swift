public import ReplanNumerics

/// Viscous plus smoothed Coulomb friction of one joint, divided by its inertia.
///
/// The sign in Coulomb's law becomes tanh(v / v0), which has a derivative; below v0 the contact
/// creeps instead of sticking.
///
/// - Units: viscous 1/s, Coulomb m/s² or rad/s², transition v0 m/s or rad/s.
/// - Source: Andersson, Söderberg, Björklund 2007, Friction models for sliding dry, boundary and
///   mixed lubricated contacts, eq. 5, doi 10.1016/j.triboint.2005.11.014.
public struct Friction: Sendable, BitwiseCopyable {
  public var viscous: Float
  public var coulomb: Float
  public var transition: Float

  public init(viscous: Float = 0, coulomb: Float = 0, transition: Float = 0.05) {
    self.viscous = viscous
    self.coulomb = coulomb
    self.transition = transition
  }

  static var parameterCount: Int { 3 }

  init(parameters: UnsafePointer<Float>) {
    self.init(viscous: parameters[0], coulomb: parameters[1], transition: parameters[2])
  }

  func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = viscous
    parameters[1] = coulomb
    parameters[2] = transition
  }

  /// The same friction with its forces divided by `inertia`.
  func divided(by inertia: Float) -> Friction {
    Friction(viscous: viscous / inertia, coulomb: coulomb / inertia, transition: transition)
  }

  /// The deceleration at a velocity, and its derivative.
  @inline(always)
  public func deceleration(_ velocity: Lanes) -> (value: Lanes, slope: Lanes) {
    let inverse = 1 / transition
    let sign = hyperbolicTangent(velocity * Lanes(repeating: inverse))
    let value = (velocity * Lanes(repeating: viscous)).adding(coulomb, times: sign)
    let slope = Lanes(repeating: viscous).adding(
      coulomb * inverse, times: Lanes(repeating: 1) - sign * sign)
    return (value, slope)
  }
}
