import ReplanNumerics

/// A pole on a cart that a horizontal force pushes along a track of finite length.
///
/// State: `cart_position` x m, `cart_velocity` m/s, `pole_angle` θ rad in (-pi, pi], 0 upright, pi
/// hanging, positive when the pole leans towards +x, `pole_velocity` rad/s. Action: force in N.
/// With M cart, m pole, l half its length, a uniform rod about its end:
///
///     (M + m) ẍ + m l cosθ θ̈ = F + m l θ̇² sinθ − cart friction
///     m l cosθ ẍ + (4/3) m l² θ̈ = m g l sinθ − pivot friction
///
/// - Source: Florian 2007, Correct equations for the dynamics of the cart-pole system, eqs. 21-24
///   (which correct Barto, Sutton, Anderson 1983). We deviate in the friction: the Coulomb force is
///   a constant of the bearings instead of proportional to the track's reaction.
public struct CartPole: Sendable {
  public var parameters: Parameters
  public private(set) var state: PlantState

  /// At rest: the cart in the middle, the pole hanging.
  public init(parameters: Parameters) {
    self.parameters = parameters
    state = PlantState(repeating: 0)
    reset(.rest)
  }

  public static var gravity: Float { 9.81 }
  /// The cart's centre moves between plus and minus this, in m.
  public static var trackHalfLength: Float { 2.4 }
  /// Speeds below which Coulomb friction fades: m/s of the cart, rad/s of the pivot.
  static var cartTransition: Float { 0.01 }
  static var pivotTransition: Float { 0.05 }

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

  /// The rate of change of a state under an action, away from the end stops.
  public func derivative(_ state: PlantState, _ action: PlantAction) -> PlantState {
    let p = parameters
    let velocity = state[1]
    let rate = state[3]
    let (sine, cosine) = sineCosine(state[2])
    let halfLength = 0.5 * p.poleLength
    let moment = p.poleMass * halfLength
    let force =
      action[0] + moment * rate * rate * sine
      - friction(
        viscous: p.cartViscous, coulomb: p.cartCoulomb, velocity: velocity,
        transition: CartPole.cartTransition)
    let torque =
      moment * CartPole.gravity * sine
      - friction(
        viscous: p.pivotViscous, coulomb: p.pivotCoulomb, velocity: rate,
        transition: CartPole.pivotTransition)
    // Solve the symmetric 2×2 mass matrix; its determinant is positive for every angle.
    let mass = p.cartMass + p.poleMass
    let coupling = moment * cosine
    let inertia = 4 / 3 * moment * halfLength
    let determinant = mass * inertia - coupling * coupling
    var result = PlantState(repeating: 0)
    result[0] = velocity
    result[1] = (inertia * force - coupling * torque) / determinant
    result[2] = rate
    result[3] = (mass * torque - coupling * force) / determinant
    return result
  }

  /// One Runge-Kutta step of at most 1 ms under a constant action.
  public mutating func step(_ action: PlantAction, seconds: Float) {
    var next = rungeKutta4(state, seconds: seconds) { derivative($0, action) }
    let limit = CartPole.trackHalfLength
    if (next[0] >= limit && next[1] > 0) || (next[0] <= -limit && next[1] < 0) {
      // An inelastic stop takes the cart's momentum. It acts on the cart only, so the pole keeps
      // its angular momentum about the pivot: m l cosθ ẋ + (4/3) m l² θ̇.
      next[3] += 1.5 * cosine(next[2]) * next[1] / parameters.poleLength
      next[0] = next[0] > 0 ? limit : -limit
      next[1] = 0
    }
    next[2] = principalAngle(next[2])
    state = next
  }

  /// What the plant measures as its cost: 1 - cosθ + 0.02 ẋ², from 0 upright and still.
  ///
  /// It leaves the position out, on which nothing in the plant depends: a controller that knows so
  /// could not learn a cost of it, and keeps the cart on the track by a term of its own.
  public var cost: Float { 1 - cosine(state[2]) + 0.02 * state[1] * state[1] }

  /// Kinetic plus potential energy in J, 0 for the resting plant with its pole level.
  public var energy: Float {
    let p = parameters
    let halfLength = 0.5 * p.poleLength
    let c = cosine(state[2])
    let translation = 0.5 * (p.cartMass + p.poleMass) * state[1] * state[1]
    let coupling = p.poleMass * halfLength * c * state[1] * state[3]
    let rotation = 2 / 3 * p.poleMass * halfLength * halfLength * state[3] * state[3]
    return translation + coupling + rotation + p.poleMass * CartPole.gravity * halfLength * c
  }
}
