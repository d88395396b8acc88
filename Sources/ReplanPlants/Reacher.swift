import ReplanNumerics

/// An arm of two links in the level plane that brings its tip to a target, a motor at each joint.
///
/// State: `shoulder_angle` q₁ rad, counted from the x axis, `shoulder_velocity` rad/s, `elbow_angle`
/// q₂ rad of the second link against the first, `elbow_velocity` rad/s, both angles in (-pi, pi];
/// `target_x`, `target_y` m from the shoulder, which stay where the reset has drawn them;
/// `offset_x`, `offset_y` m from the target to the tip. Action: torques τ₁, τ₂ in N·m. With l₁ and
/// m₁, m₂ of uniform slender rods, l half the second one's length, k = m₂ l₁ l, and I₁, I₂ each about
/// its own joint:
///
///     (I₁ + m₂ l₁² + I₂ + 2 k cos q₂) q̈₁ + (I₂ + k cos q₂) q̈₂
///       = τ₁ + k sin q₂ q̇₂ (2 q̇₁ + q̇₂) − friction₁
///     (I₂ + k cos q₂) q̈₁ + I₂ q̈₂ = τ₂ − k sin q₂ q̇₁² − friction₂
///
/// - Source: Spong, Hutchinson, Vidyasagar 2020, Robot Modeling and Control, section 6.4, without
///   gravity. The task is that of Reacher in Brockman et al. 2016, arXiv:1606.01540.
public struct Reacher: Sendable {
  public var parameters: Parameters
  public private(set) var state: PlantState
  /// Of the last step, as the measured cost counts it.
  private var effort: Float = 0

  /// At rest: the elbow bent by a right angle, the target where a reset to rest puts it.
  public init(parameters: Parameters) {
    self.parameters = parameters
    state = PlantState(repeating: 0)
    reset(.rest)
  }

  /// The speed in rad/s below which Coulomb friction fades.
  static var transition: Float { 0.05 }
  /// How far from the shoulder targets are drawn, m: every arm reaches them.
  public static var targetRange: ClosedRange<Float> { 0.12...0.32 }

  /// A reset to rest has one target, at 0.2 m to the side of the arm; a random one draws pose and target.
  public mutating func reset(_ reset: PlantReset) {
    var placed = PlantState(repeating: 0)
    switch reset {
    case .rest:
      placed[2] = 0.5 * Float.pi
      placed[4] = -0.2
    case .random(let seed):
      var draw = Draw(seed: seed, stream: PlantStream.reset)
      placed[0] = principalAngle(draw.next(-Float.pi...Float.pi))
      placed[2] = draw.next(-2.5...2.5)
      let radius = draw.next(Reacher.targetRange)
      let (sine, cosine) = sineCosine(draw.next(-Float.pi...Float.pi))
      placed[4] = radius * cosine
      placed[5] = radius * sine
    }
    place(placed)
  }

  /// Puts the plant into any state; the offset follows from the other channels.
  public mutating func place(_ state: PlantState) {
    self.state = state
    effort = 0
    see()
  }

  /// The tip's position in m.
  public var tip: SIMD2<Float> {
    let inner = sineCosine(state[0])
    let outer = sineCosine(state[0] + state[2])
    let p = parameters
    return SIMD2(
      p.innerLength * inner.cosine + p.outerLength * outer.cosine,
      p.innerLength * inner.sine + p.outerLength * outer.sine)
  }

  private mutating func see() {
    let tip = tip
    state[6] = tip.x - state[4]
    state[7] = tip.y - state[5]
  }

  /// The rate of change of a state under an action; that of target and offset is left at 0.
  public func derivative(_ state: PlantState, _ action: PlantAction) -> PlantState {
    let p = parameters
    let first = state[1]
    let second = state[3]
    let (sine, cosine) = sineCosine(state[2])
    let drag = p.coupling * sine
    let shoulder =
      action[0] + drag * second * (2 * first + second)
      - friction(
        viscous: p.shoulderViscous, coulomb: p.shoulderCoulomb, velocity: first,
        transition: Reacher.transition)
    let elbow =
      action[1] - drag * first * first
      - friction(
        viscous: p.elbowViscous, coulomb: p.elbowCoulomb, velocity: second,
        transition: Reacher.transition)
    // Solve the symmetric 2×2 mass matrix; its determinant is positive for every angle.
    let bend = p.coupling * cosine
    let outer = p.outerInertia
    let whole = p.innerInertia + p.outerMass * p.innerLength * p.innerLength + outer + 2 * bend
    let cross = outer + bend
    let determinant = whole * outer - cross * cross
    var result = PlantState(repeating: 0)
    result[0] = first
    result[1] = (outer * shoulder - cross * elbow) / determinant
    result[2] = second
    result[3] = (whole * elbow - cross * shoulder) / determinant
    return result
  }

  /// One Runge-Kutta step of at most 1 ms under a constant action.
  public mutating func step(_ action: PlantAction, seconds: Float) {
    state = rungeKutta4(state, seconds: seconds) { derivative($0, action) }
    state[0] = principalAngle(state[0])
    state[2] = principalAngle(state[2])
    see()
    let high = Reacher.facts.actionHigh
    let share = SIMD2(action[0] / high[0], action[1] / high[1])
    effort = share.x * share.x + share.y * share.y
  }

  /// The distance from tip to target in m.
  public var distance: Float {
    squareRoot(state[6] * state[6] + state[7] * state[7])
  }

  /// What the plant measures as its cost: the distance in units of 0.1 m, plus 0.02 times the sum of
  /// the squared torques, each as a share of its limit.
  public var cost: Float { 10 * distance + 0.02 * effort }

  /// Kinetic energy in J.
  public var energy: Float {
    let p = parameters
    let bend = p.coupling * cosine(state[2])
    let both = state[1] + state[3]
    let inner = p.innerInertia + p.outerMass * p.innerLength * p.innerLength
    return 0.5 * inner * state[1] * state[1] + 0.5 * p.outerInertia * both * both
      + bend * state[1] * both
  }
}
