import ReplanNumerics

/// A Furuta pendulum: a motor turns an arm in the level plane, and a pole at the arm's end swings
/// across it, free.
///
/// State: `arm_angle` φ rad, counted over whole turns, `arm_velocity` rad/s, `pole_angle` θ rad in
/// (-pi, pi], 0 upright, pi hanging, positive when the pole leans the way the arm turns for positive
/// φ, `pole_velocity` rad/s. Action: torque τ on the arm in N·m. With L the arm's length, m the
/// pole's mass, l half its length, J the arm's inertia about its axis plus m L², and I = (4/3) m l²,
/// a uniform slender rod about its end:
///
///     (J + I sin²θ) φ̈ + m L l cosθ θ̈ = τ + m L l θ̇² sinθ − 2 I sinθ cosθ φ̇ θ̇ − arm friction
///     m L l cosθ φ̈ + I θ̈ = m g l sinθ + I sinθ cosθ φ̇² − pivot friction
///
/// - Source: Cazzolato, Prime 2011, On the dynamics of the Furuta pendulum,
///   doi 10.1155/2011/528341. We deviate in that the rod has no thickness, the pole's angle is
///   counted from the top, and Coulomb friction is added.
public struct FurutaPendulum: Sendable {
  public var parameters: Parameters
  public private(set) var state: PlantState

  /// At rest: the arm at 0, the pole hanging.
  public init(parameters: Parameters) {
    self.parameters = parameters
    state = PlantState(repeating: 0)
    reset(.rest)
  }

  public static var gravity: Float { 9.81 }
  /// The speed in rad/s below which Coulomb friction fades, of the arm and of the pivot.
  static var transition: Float { 0.05 }

  public mutating func reset(_ reset: PlantReset) {
    state = PlantState(repeating: 0)
    switch reset {
    case .rest:
      state[2] = Float.pi
    case .random(let seed):
      var draw = Draw(seed: seed, stream: PlantStream.reset)
      state[0] = draw.next(-0.5...0.5)
      state[1] = draw.next(-0.5...0.5)
      state[2] = principalAngle(draw.next(-Float.pi...Float.pi))
      state[3] = draw.next(-1...1)
    }
  }

  /// Puts the plant into any state.
  public mutating func place(_ state: PlantState) { self.state = state }

  /// The rate of change of a state under an action.
  public func derivative(_ state: PlantState, _ action: PlantAction) -> PlantState {
    let p = parameters
    let turn = state[1]
    let rate = state[3]
    let (sine, cosine) = sineCosine(state[2])
    let coupling = p.coupling
    let inertia = p.poleInertia
    let twist = inertia * sine * cosine * turn
    let torque =
      action[0] + coupling * rate * rate * sine - 2 * twist * rate
      - friction(
        viscous: p.armViscous, coulomb: p.armCoulomb, velocity: turn,
        transition: FurutaPendulum.transition)
    let fall =
      p.poleMoment * FurutaPendulum.gravity * sine + twist * turn
      - friction(
        viscous: p.pivotViscous, coulomb: p.pivotCoulomb, velocity: rate,
        transition: FurutaPendulum.transition)
    // Solve the symmetric 2×2 mass matrix; its determinant is positive for every angle, as
    // (m L l)² = 3/4 I m L² is less than I J.
    let whole = p.hubInertia + inertia * sine * sine
    let cross = coupling * cosine
    let determinant = whole * inertia - cross * cross
    var result = PlantState(repeating: 0)
    result[0] = turn
    result[1] = (inertia * torque - cross * fall) / determinant
    result[2] = rate
    result[3] = (whole * fall - cross * torque) / determinant
    return result
  }

  /// One Runge-Kutta step of at most 1 ms under a constant action.
  public mutating func step(_ action: PlantAction, seconds: Float) {
    state = rungeKutta4(state, seconds: seconds) { derivative($0, action) }
    state[2] = principalAngle(state[2])
  }

  /// What the plant measures as its cost: 1 - cosθ + 0.002 φ̇², from 0 upright and still.
  ///
  /// It leaves the arm's angle out, on which nothing in the plant depends: a controller that knows so
  /// could not learn a cost of it, and keeps the arm in front by a term of its own.
  public var cost: Float { 1 - cosine(state[2]) + 0.002 * state[1] * state[1] }

  /// Kinetic plus potential energy in J, 0 for the resting plant with its pole level.
  public var energy: Float {
    let p = parameters
    let (sine, cosine) = sineCosine(state[2])
    let whole = p.hubInertia + p.poleInertia * sine * sine
    let arm = 0.5 * whole * state[1] * state[1]
    let pole = 0.5 * p.poleInertia * state[3] * state[3]
    let cross = p.coupling * cosine * state[1] * state[3]
    return arm + pole + cross + p.poleMoment * FurutaPendulum.gravity * cosine
  }
}
