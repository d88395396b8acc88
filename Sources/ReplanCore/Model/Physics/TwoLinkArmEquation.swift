/// An arm of two links in a vertical plane, a motor at each joint, in lumped parameters.
///
/// State: angle of the first link q₁ rad, 0 upright, its velocity rad/s, angle of the second link
/// against the first q₂ rad, 0 straight, its velocity rad/s. Action: torques at both joints (or inputs
/// proportional to them; then all parameters are in the input's unit). With c₂ = cos q₂, s₂ = sin q₂:
///
///     (whole + 2 coupling c₂) q̈₁ + (outer + coupling c₂) q̈₂
///       = τ₁ + coupling s₂ q̇₂ (2 q̇₁ + q̇₂) + innerGravity sin q₁ + outerGravity sin(q₁ + q₂) − friction₁
///     (outer + coupling c₂) q̈₁ + outer q̈₂
///       = τ₂ − coupling s₂ q̇₁² + outerGravity sin(q₁ + q₂) − friction₂
///
/// - Source: Spong, Hutchinson, Vidyasagar 2020, Robot Modeling and Control, section 6.4; angles are
///   counted from the top, and the inertias lumped as in section 6.5.
public struct TwoLinkArmEquation: DifferentialEquation, Sendable, BitwiseCopyable {
  /// I₁ + I₂ + m₁ l_c1² + m₂ (l₁² + l_c2²), kg·m².
  public var whole: Float
  /// I₂ + m₂ l_c2², kg·m².
  public var outer: Float
  /// m₂ l₁ l_c2, kg·m².
  public var coupling: Float
  /// (m₁ l_c1 + m₂ l₁) g, N·m.
  public var innerGravity: Float
  /// m₂ l_c2 g, N·m.
  public var outerGravity: Float
  /// N·m·s/rad, N·m, rad/s.
  public var shoulder: Friction
  public var elbow: Friction

  public init(
    whole: Float, outer: Float, coupling: Float, innerGravity: Float, outerGravity: Float,
    shoulder: Friction = Friction(), elbow: Friction = Friction()
  ) {
    self.whole = whole
    self.outer = outer
    self.coupling = coupling
    self.innerGravity = innerGravity
    self.outerGravity = outerGravity
    self.shoulder = shoulder
    self.elbow = elbow
  }

  /// Two uniform rods.
  ///
  /// - Units: masses kg, lengths m; friction N·m·s/rad and N·m.
  public init(
    innerMass: Float, innerLength: Float, outerMass: Float, outerLength: Float,
    shoulder: Friction = Friction(), elbow: Friction = Friction()
  ) {
    let outer = outerMass * outerLength * outerLength / 3
    self.init(
      whole: innerMass * innerLength * innerLength / 3 + outerMass * innerLength * innerLength
        + outer,
      outer: outer, coupling: 0.5 * outerMass * innerLength * outerLength,
      innerGravity: standardGravity * innerLength * (0.5 * innerMass + outerMass),
      outerGravity: standardGravity * 0.5 * outerMass * outerLength, shoulder: shoulder,
      elbow: elbow)
  }

  public static var stateCount: Int { 4 }
  public static var actionCount: Int { 2 }
  public static var parameterCount: Int { 5 + 2 * Friction.parameterCount }

  public init(parameters: UnsafePointer<Float>) {
    self.init(
      whole: parameters[0], outer: parameters[1], coupling: parameters[2],
      innerGravity: parameters[3], outerGravity: parameters[4],
      shoulder: Friction(parameters: parameters + 5), elbow: Friction(parameters: parameters + 8))
  }

  public func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = whole
    parameters[1] = outer
    parameters[2] = coupling
    parameters[3] = innerGravity
    parameters[4] = outerGravity
    shoulder.store(into: parameters + 5)
    elbow.store(into: parameters + 8)
  }
}
