import ReplanNumerics

/// A point mass on a rigid massless rod, turned by a motor too weak to hold it level: it must pump.
///
/// State: `pendulum_angle` θ rad in (-pi, pi], 0 upright, pi hanging, `pendulum_velocity` rad/s.
/// Action: torque τ in N·m within ±2, which is 0.41 of what holds the nominal pendulum (1 kg,
/// 0.5 m) level, and 0.35 to 0.48 of it over the parameters' ranges.
///
///     m l² θ̈ = m g l sinθ + τ − friction
///
/// - Source: Goldstein, Poole, Safko 2002, Classical Mechanics, section 1.6.
public struct Pendulum: Sendable {
  public var parameters: Parameters
  public private(set) var state: PlantState

  /// At rest, hanging.
  public init(parameters: Parameters) {
    self.parameters = parameters
    state = PlantState(repeating: 0)
    reset(.rest)
  }

  public static var gravity: Float { 9.81 }
  /// The speed in rad/s below which Coulomb friction fades.
  static var pivotTransition: Float { 0.05 }

  public mutating func reset(_ reset: PlantReset) {
    state = PlantState(repeating: 0)
    switch reset {
    case .rest:
      state[0] = Float.pi
    case .random(let seed):
      var draw = Draw(seed: seed, stream: PlantStream.reset)
      state[0] = principalAngle(draw.next(-Float.pi...Float.pi))
      state[1] = draw.next(-1...1)
    }
  }

  /// Puts the plant into any state.
  public mutating func place(_ state: PlantState) { self.state = state }

  /// The rate of change of a state under an action.
  public func derivative(_ state: PlantState, _ action: PlantAction) -> PlantState {
    let p = parameters
    let moment = p.mass * p.length
    let torque =
      action[0] + moment * Pendulum.gravity * sine(state[0])
      - friction(
        viscous: p.viscous, coulomb: p.coulomb, velocity: state[1],
        transition: Pendulum.pivotTransition)
    var result = PlantState(repeating: 0)
    result[0] = state[1]
    result[1] = torque / (moment * p.length)
    return result
  }

  /// One Runge-Kutta step of at most 1 ms under a constant action.
  public mutating func step(_ action: PlantAction, seconds: Float) {
    state = rungeKutta4(state, seconds: seconds) { derivative($0, action) }
    state[0] = principalAngle(state[0])
  }

  /// What the plant measures as its cost: 1 - cosθ + 0.005 θ̇², from 0 upright and still.
  public var cost: Float { 1 - cosine(state[0]) + 0.005 * state[1] * state[1] }

  /// Kinetic plus potential energy in J, 0 for the resting pendulum held level.
  public var energy: Float {
    let p = parameters
    let speed = p.length * state[1]
    return 0.5 * p.mass * speed * speed + p.mass * Pendulum.gravity * p.length * cosine(state[0])
  }
}

extension Pendulum {
  public struct Parameters: Sendable, Equatable {
    /// kg.
    public var mass: Float
    /// From the pivot to the mass, m.
    public var length: Float
    /// N·m·s/rad.
    public var viscous: Float
    /// N·m.
    public var coulomb: Float

    public init(mass: Float, length: Float, viscous: Float = 0, coulomb: Float = 0) {
      self.mass = mass
      self.length = length
      self.viscous = viscous
      self.coulomb = coulomb
    }

    /// Every parameter drawn uniformly from its range.
    public init(seed: PlantSeed) {
      var draw = Draw(seed: seed, stream: PlantStream.parameters)
      mass = draw.next(Parameters.massRange)
      length = draw.next(Parameters.lengthRange)
      viscous = draw.next(Parameters.viscousRange)
      coulomb = draw.next(Parameters.coulombRange)
    }

    public static var massRange: ClosedRange<Float> { 0.9...1.1 }
    public static var lengthRange: ClosedRange<Float> { 0.475...0.525 }
    public static var viscousRange: ClosedRange<Float> { 0.005...0.03 }
    public static var coulombRange: ClosedRange<Float> { 0.005...0.02 }

    subscript(index: Int) -> PlantParameter {
      let r = Parameters.self
      switch index {
      case 0: return PlantParameter(name: "mass", unit: "kg", value: mass, range: r.massRange)
      case 1: return PlantParameter(name: "length", unit: "m", value: length, range: r.lengthRange)
      case 2:
        return PlantParameter(
          name: "viscous", unit: "N·m·s/rad", value: viscous, range: r.viscousRange)
      default:
        return PlantParameter(name: "coulomb", unit: "N·m", value: coulomb, range: r.coulombRange)
      }
    }
  }

  public static var facts: PlantFacts {
    var sensors = InlineArray<8, Sensor>(repeating: Sensor())
    sensors[0] = Sensor(
      name: "pendulum_angle", unit: "rad", noise: 0.002, reach: 3.141_592_65, isAngle: true)
    sensors[1] = Sensor(name: "pendulum_velocity", unit: "rad/s", noise: 0.03, reach: 20)
    return PlantFacts(
      observationCount: 2, actionCount: 1, parameterCount: 4,
      actionLow: PlantAction(-2, 0, 0, 0), actionHigh: PlantAction(2, 0, 0, 0),
      safeAction: PlantAction(repeating: 0), sampleRate: 50, sensors: sensors)
  }
}
