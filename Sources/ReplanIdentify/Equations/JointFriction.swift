/// Friction of joints, as `Friction` and `StribeckFriction` of the core have it.
enum JointFriction {
  /// - Shapes: p viscous, Coulomb, transition.
  @inline(always)
  static func deceleration<N: EquationNumber>(_ v: N, _ p: UnsafePointer<N>) -> N {
    p[0] * v + p[1] * N.hyperbolicTangent(v / p[2])
  }

  /// - Shapes: p viscous, Coulomb, Stribeck, its velocity, transition.
  @inline(always)
  static func stribeck<N: EquationNumber>(_ v: N, _ p: UnsafePointer<N>) -> N {
    let ratio = v / p[3]
    let dry = p[1] + p[2] * N.exponential(-(ratio * ratio))
    return p[0] * v + dry * N.hyperbolicTangent(v / p[4])
  }
}

/// Gravity in m/s², as the core has it.
let gravity = 9.81
