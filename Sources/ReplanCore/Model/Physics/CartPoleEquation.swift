public import ReplanNumerics

/// A pole on a cart that a horizontal force pushes, in lumped parameters.
///
/// State: position x m, velocity m/s, pole angle θ rad, 0 upright, pole velocity rad/s. Action:
/// force F (or any input proportional to it). The first line is divided by the whole mass, the
/// second by the pole's moment m l, so nothing is assumed of the pole's shape:
///
///     ẍ + coupling cosθ θ̈ = gain F + coupling θ̇² sinθ − cart friction
///     cosθ ẍ + inertia θ̈ = g sinθ − pivot friction
///
/// - Source: Florian 2007, Correct equations for the dynamics of the cart-pole system, eqs. 21-24;
///   the Coulomb force is a constant of the bearings, as in the simulated plant.
public struct CartPoleEquation: DifferentialEquation, Sendable, BitwiseCopyable {
  /// The pole's moment m l over the whole mass, m.
  public var coupling: Float
  /// One over the whole mass, 1/kg.
  public var gain: Float
  /// The pole's inertia about the pivot over its moment, m; 4/3 l for a uniform rod.
  public var inertia: Float
  public var cartFriction: Friction
  public var pivotFriction: Friction

  public init(
    coupling: Float, gain: Float, inertia: Float, cartFriction: Friction, pivotFriction: Friction
  ) {
    self.coupling = coupling
    self.gain = gain
    self.inertia = inertia
    self.cartFriction = cartFriction
    self.pivotFriction = pivotFriction
  }

  /// A uniform rod on a cart.
  ///
  /// - Units: masses kg, whole length of the pole m; friction of the cart N·s/m and N, of the pivot
  ///   N·m·s/rad and N·m.
  public init(
    cartMass: Float, poleMass: Float, poleLength: Float,
    cartFriction: Friction = Friction(transition: 0.01),
    pivotFriction: Friction = Friction(transition: 0.05)
  ) {
    let mass = cartMass + poleMass
    let moment = 0.5 * poleMass * poleLength
    self.init(
      coupling: moment / mass, gain: 1 / mass, inertia: 2 / 3 * poleLength,
      cartFriction: cartFriction.divided(by: mass),
      pivotFriction: pivotFriction.divided(by: moment))
  }

  public static var stateCount: Int { 4 }
  public static var actionCount: Int { 1 }
  public static var parameterCount: Int { 3 + 2 * Friction.parameterCount }

  public init(parameters: UnsafePointer<Float>) {
    self.init(
      coupling: parameters[0], gain: parameters[1], inertia: parameters[2],
      cartFriction: Friction(parameters: parameters + 3),
      pivotFriction: Friction(parameters: parameters + 6))
  }

  public func store(into parameters: UnsafeMutablePointer<Float>) {
    parameters[0] = coupling
    parameters[1] = gain
    parameters[2] = inertia
    cartFriction.store(into: parameters + 3)
    pivotFriction.store(into: parameters + 6)
  }

  @inline(always)
  public func rate(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>
  ) {
    let (sine, cosine) = sineCosine(x[2])
    let rotation = x[3]
    let swing = Lanes(repeating: coupling) * rotation * rotation * sine
    let push = swing.adding(gain, times: u[0]) - cartFriction.deceleration(x[1]).value
    let fall =
      Lanes(repeating: standardGravity) * sine - pivotFriction.deceleration(rotation).value
    let (velocity, spin) = masses(cosine).solve(push, fall)
    rate[0] = x[1]
    rate[1] = velocity
    rate[2] = rotation
    rate[3] = spin
  }

  @inline(always)
  public func linearize(
    at x: UnsafePointer<Lanes>, under u: UnsafePointer<Lanes>,
    into rate: UnsafeMutablePointer<Lanes>, jacobian: UnsafeMutablePointer<Lanes>
  ) {
    let (sine, cosine) = sineCosine(x[2])
    let rotation = x[3]
    let p = Lanes(repeating: coupling)
    let g = Lanes(repeating: standardGravity)
    let cart = cartFriction.deceleration(x[1])
    let pivot = pivotFriction.deceleration(rotation)
    let push = (p * rotation * rotation * sine).adding(gain, times: u[0]) - cart.value
    let matrix = masses(cosine)
    let (velocity, spin) = matrix.solve(push, g * sine - pivot.value)
    rate[0] = x[1]
    rate[1] = velocity
    rate[2] = rotation
    rate[3] = spin
    // From M q̈ = h: ∂q̈ = M⁻¹ (∂h − ∂M q̈).
    let zero = Lanes(repeating: 0)
    let columns = 5
    for i in 0..<20 { jacobian[i] = zero }
    jacobian[1] = Lanes(repeating: 1)
    jacobian[2 * columns + 3] = Lanes(repeating: 1)
    let byVelocity = matrix.solve(-cart.slope, zero)
    let byAngle = matrix.solve(
      p * (rotation * rotation * cosine + sine * spin), g * cosine + sine * velocity)
    let bySpin = matrix.solve((p + p) * rotation * sine, -pivot.slope)
    let byForce = matrix.solve(Lanes(repeating: gain), zero)
    jacobian[columns + 1] = byVelocity.0
    jacobian[columns + 2] = byAngle.0
    jacobian[columns + 3] = bySpin.0
    jacobian[columns + 4] = byForce.0
    jacobian[3 * columns + 1] = byVelocity.1
    jacobian[3 * columns + 2] = byAngle.1
    jacobian[3 * columns + 3] = bySpin.1
    jacobian[3 * columns + 4] = byForce.1
  }

  @inlinable @inline(always)
  func masses(_ cosine: Lanes) -> MassMatrix {
    MassMatrix(
      Lanes(repeating: 1), Lanes(repeating: coupling) * cosine, cosine,
      Lanes(repeating: inertia))
  }
}
