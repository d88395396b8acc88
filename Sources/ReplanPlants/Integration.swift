import ReplanNumerics

/// The state after one step of the classical fourth-order Runge-Kutta method.
///
/// - Source: Kutta 1901. The fastest rate of these plants, friction near standstill, is about
///   100 per second, 500 of the motor; at 1 ms a step's error is then of the order of Float's rounding. The tests
///   `energyIsConserved` and `aFinerStepAgrees` measure what is left.
@inline(__always)
func rungeKutta4(
  _ state: PlantState, seconds h: Float, _ derivative: (PlantState) -> PlantState
) -> PlantState {
  let k1 = derivative(state)
  let k2 = derivative(state + k1 * (0.5 * h))
  let k3 = derivative(state + k2 * (0.5 * h))
  let k4 = derivative(state + k3 * h)
  return state + (k1 + (k2 + k3) * 2 + k4) * (h / 6)
}

/// Viscous plus Coulomb friction.
///
/// The sign in Coulomb's law becomes tanh(v / v0): a discontinuity would make the result depend on
/// the step size. Below v0 the contact creeps instead of sticking.
///
/// - Source: Andersson, Söderberg, Björklund 2007, Friction models for sliding dry, boundary and
///   mixed lubricated contacts, eq. 5, doi 10.1016/j.triboint.2005.11.014.
@inline(__always)
func friction(viscous: Float, coulomb: Float, velocity: Float, transition: Float) -> Float {
  viscous * velocity + coulomb * hyperbolicTangent(velocity / transition)
}

/// The same with what breaking away takes beyond Coulomb's force, which fades as the contact slides.
///
/// - Source: Armstrong-Hélouvry, Dupont, Canudas de Wit 1994, A survey of models, analysis tools and
///   compensation methods for the control of machines with friction,
///   doi 10.1016/0005-1098(94)90209-7, with exponent 2.
@inline(__always)
func stribeckFriction(
  viscous: Float, coulomb: Float, stribeck: Float, velocity: Float, stribeckVelocity: Float,
  transition: Float
) -> Float {
  let ratio = velocity / stribeckVelocity
  let excess = stribeck * exponential(-ratio * ratio)
  return friction(
    viscous: viscous, coulomb: coulomb + excess, velocity: velocity, transition: transition)
}

/// An angle as the plants report it, in (-pi, pi].
@inline(__always)
func principalAngle(_ angle: Float) -> Float {
  if angle > -Float.pi && angle <= Float.pi { return angle }
  let wrapped = wrappedAngle(angle)
  return wrapped > -Float.pi && wrapped <= Float.pi ? wrapped : Float.pi
}
