import ReplanNumerics

/// A direct-current motor that turns a load against dry friction: from one angle to another, and
/// still there.
///
/// State: `motor_angle` rad in (-pi, pi], as an encoder of one turn reads it, `motor_velocity` ω
/// rad/s. Action: voltage U in V. The winding's current settles within a fraction of a millisecond and
/// follows from voltage and speed, with k in N·m/A and in V·s/rad alike:
///
///     J ω̇ = k (U − k ω) / R − friction(ω)
///
/// - Source: Franklin, Powell, Emami-Naeini 2019, Feedback Control of Dynamic Systems, section 2.3,
///   with the inductance neglected.
public struct Motor: Sendable {
  public var parameters: Parameters
  public private(set) var state: PlantState

  /// At rest, at angle 0.
  public init(parameters: Parameters) {
    self.parameters = parameters
    state = PlantState(repeating: 0)
  }

  /// The speed in rad/s below which dry friction fades.
  static var transition: Float { 0.05 }
  /// Where the measured cost is 0, rad.
  public static var target: Float { 2 }

  public mutating func reset(_ reset: PlantReset) {
    state = PlantState(repeating: 0)
    if case .random(let seed) = reset {
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
    let torque = p.torqueConstant * (action[0] - p.torqueConstant * state[1]) / p.resistance
    let drag = stribeckFriction(
      viscous: p.viscous, coulomb: p.coulomb, stribeck: p.stribeck, velocity: state[1],
      stribeckVelocity: p.stribeckVelocity, transition: Motor.transition)
    var result = PlantState(repeating: 0)
    result[0] = state[1]
    result[1] = (torque - drag) / p.inertia
    return result
  }

  /// One Runge-Kutta step of at most 1 ms under a constant action.
  public mutating func step(_ action: PlantAction, seconds: Float) {
    state = rungeKutta4(state, seconds: seconds) { derivative($0, action) }
    state[0] = principalAngle(state[0])
  }

  /// What the plant measures as its cost: 1 - cos of the angle to 2 rad, plus 0.001 ω².
  public var cost: Float { 1 - cosine(state[0] - Motor.target) + 0.001 * state[1] * state[1] }

  /// Kinetic energy in J.
  public var energy: Float { 0.5 * parameters.inertia * state[1] * state[1] }
}

extension Motor {
  public struct Parameters: Sendable, Equatable {
    /// Of rotor and load, kg·m².
    public var inertia: Float
    /// N·m/A, and V·s/rad.
    public var torqueConstant: Float
    /// Of the winding, Ω.
    public var resistance: Float
    /// N·m·s/rad.
    public var viscous: Float
    /// N·m.
    public var coulomb: Float
    /// What breaking away takes beyond Coulomb's, N·m.
    public var stribeck: Float
    /// The speed at which a third of that is left, rad/s.
    public var stribeckVelocity: Float

    public init(
      inertia: Float, torqueConstant: Float, resistance: Float, viscous: Float = 0,
      coulomb: Float = 0, stribeck: Float = 0, stribeckVelocity: Float = 0.5
    ) {
      self.inertia = inertia
      self.torqueConstant = torqueConstant
      self.resistance = resistance
      self.viscous = viscous
      self.coulomb = coulomb
      self.stribeck = stribeck
      self.stribeckVelocity = stribeckVelocity
    }

    /// Every parameter drawn uniformly from its range.
    public init(seed: PlantSeed) {
      var draw = Draw(seed: seed, stream: PlantStream.parameters)
      inertia = draw.next(Parameters.inertiaRange)
      torqueConstant = draw.next(Parameters.torqueConstantRange)
      resistance = draw.next(Parameters.resistanceRange)
      viscous = draw.next(Parameters.viscousRange)
      coulomb = draw.next(Parameters.coulombRange)
      stribeck = draw.next(Parameters.stribeckRange)
      stribeckVelocity = draw.next(Parameters.stribeckVelocityRange)
    }

    public static var inertiaRange: ClosedRange<Float> { 0.002...0.004 }
    public static var torqueConstantRange: ClosedRange<Float> { 0.045...0.055 }
    public static var resistanceRange: ClosedRange<Float> { 1.3...1.7 }
    public static var viscousRange: ClosedRange<Float> { 0.000_1...0.000_5 }
    public static var coulombRange: ClosedRange<Float> { 0.01...0.025 }
    public static var stribeckRange: ClosedRange<Float> { 0.005...0.015 }
    public static var stribeckVelocityRange: ClosedRange<Float> { 0.3...0.8 }

    subscript(index: Int) -> PlantParameter {
      let r = Parameters.self
      switch index {
      case 0:
        return PlantParameter(name: "inertia", unit: "kg·m²", value: inertia, range: r.inertiaRange)
      case 1:
        return PlantParameter(
          name: "torque_constant", unit: "N·m/A", value: torqueConstant,
          range: r.torqueConstantRange)
      case 2:
        return PlantParameter(
          name: "resistance", unit: "Ω", value: resistance, range: r.resistanceRange)
      case 3:
        return PlantParameter(
          name: "viscous", unit: "N·m·s/rad", value: viscous, range: r.viscousRange)
      case 4:
        return PlantParameter(name: "coulomb", unit: "N·m", value: coulomb, range: r.coulombRange)
      case 5:
        return PlantParameter(
          name: "stribeck", unit: "N·m", value: stribeck, range: r.stribeckRange)
      default:
        return PlantParameter(
          name: "stribeck_velocity", unit: "rad/s", value: stribeckVelocity,
          range: r.stribeckVelocityRange)
      }
    }
  }

  public static var facts: PlantFacts {
    var sensors = InlineArray<8, Sensor>(repeating: Sensor())
    sensors[0] = Sensor(
      name: "motor_angle", unit: "rad", noise: 0.002, reach: 3.141_592_65, isAngle: true)
    sensors[1] = Sensor(name: "motor_velocity", unit: "rad/s", noise: 0.03, reach: 60)
    return PlantFacts(
      observationCount: 2, actionCount: 1, parameterCount: 7,
      actionLow: PlantAction(-6, 0, 0, 0), actionHigh: PlantAction(6, 0, 0, 0),
      safeAction: PlantAction(repeating: 0), sampleRate: 50, sensors: sensors)
  }
}
