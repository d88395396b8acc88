extension FurutaPendulum {
  public struct Parameters: Sendable, Equatable {
    /// Of arm and rotor about the axis, without the pole, kg·m².
    public var armInertia: Float
    /// From the axis to the pole's pivot, m.
    public var armLength: Float
    /// kg.
    public var poleMass: Float
    /// The whole length of the rod in m; its centre of mass is at half of it.
    public var poleLength: Float
    /// N·m·s/rad.
    public var armViscous: Float
    /// N·m.
    public var armCoulomb: Float
    /// N·m·s/rad.
    public var pivotViscous: Float
    /// N·m.
    public var pivotCoulomb: Float

    public init(
      armInertia: Float, armLength: Float, poleMass: Float, poleLength: Float,
      armViscous: Float = 0, armCoulomb: Float = 0, pivotViscous: Float = 0,
      pivotCoulomb: Float = 0
    ) {
      self.armInertia = armInertia
      self.armLength = armLength
      self.poleMass = poleMass
      self.poleLength = poleLength
      self.armViscous = armViscous
      self.armCoulomb = armCoulomb
      self.pivotViscous = pivotViscous
      self.pivotCoulomb = pivotCoulomb
    }

    /// Every parameter drawn uniformly from its range.
    public init(seed: PlantSeed) {
      var draw = Draw(seed: seed, stream: PlantStream.parameters)
      armInertia = draw.next(Parameters.armInertiaRange)
      armLength = draw.next(Parameters.armLengthRange)
      poleMass = draw.next(Parameters.poleMassRange)
      poleLength = draw.next(Parameters.poleLengthRange)
      armViscous = draw.next(Parameters.armViscousRange)
      armCoulomb = draw.next(Parameters.armCoulombRange)
      pivotViscous = draw.next(Parameters.pivotViscousRange)
      pivotCoulomb = draw.next(Parameters.pivotCoulombRange)
    }

    public static var armInertiaRange: ClosedRange<Float> { 0.0007...0.0013 }
    public static var armLengthRange: ClosedRange<Float> { 0.12...0.18 }
    public static var poleMassRange: ClosedRange<Float> { 0.03...0.07 }
    public static var poleLengthRange: ClosedRange<Float> { 0.18...0.26 }
    public static var armViscousRange: ClosedRange<Float> { 0.000_1...0.000_5 }
    public static var armCoulombRange: ClosedRange<Float> { 0.000_5...0.003 }
    public static var pivotViscousRange: ClosedRange<Float> { 0.000_01...0.000_05 }
    public static var pivotCoulombRange: ClosedRange<Float> { 0.000_01...0.000_1 }

    /// Of the pole about its pivot, kg·m².
    var poleInertia: Float { 1 / 3 * poleMass * poleLength * poleLength }
    /// Of the arm with the pole's mass at its end, kg·m².
    var hubInertia: Float { armInertia + poleMass * armLength * armLength }
    /// Mass times the distance of its centre from the pivot, kg·m.
    var poleMoment: Float { 0.5 * poleMass * poleLength }
    /// What couples the accelerations while the pole is upright, kg·m².
    var coupling: Float { poleMoment * armLength }

    subscript(index: Int) -> PlantParameter {
      let r = Parameters.self
      switch index {
      case 0:
        return PlantParameter(
          name: "arm_inertia", unit: "kg·m²", value: armInertia, range: r.armInertiaRange)
      case 1:
        return PlantParameter(
          name: "arm_length", unit: "m", value: armLength, range: r.armLengthRange)
      case 2:
        return PlantParameter(
          name: "pole_mass", unit: "kg", value: poleMass, range: r.poleMassRange)
      case 3:
        return PlantParameter(
          name: "pole_length", unit: "m", value: poleLength, range: r.poleLengthRange)
      case 4:
        return PlantParameter(
          name: "arm_viscous", unit: "N·m·s/rad", value: armViscous, range: r.armViscousRange)
      case 5:
        return PlantParameter(
          name: "arm_coulomb", unit: "N·m", value: armCoulomb, range: r.armCoulombRange)
      case 6:
        return PlantParameter(
          name: "pivot_viscous", unit: "N·m·s/rad", value: pivotViscous, range: r.pivotViscousRange)
      default:
        return PlantParameter(
          name: "pivot_coulomb", unit: "N·m", value: pivotCoulomb, range: r.pivotCoulombRange)
      }
    }
  }

  public static var facts: PlantFacts {
    var sensors = InlineArray<8, Sensor>(repeating: Sensor())
    sensors[0] = Sensor(name: "arm_angle", unit: "rad", noise: 0.002, reach: 6.283_185_3)
    sensors[1] = Sensor(name: "arm_velocity", unit: "rad/s", noise: 0.03, reach: 40)
    sensors[2] = Sensor(
      name: "pole_angle", unit: "rad", noise: 0.002, reach: 3.141_592_65, isAngle: true)
    sensors[3] = Sensor(name: "pole_velocity", unit: "rad/s", noise: 0.03, reach: 60)
    return PlantFacts(
      observationCount: 4, actionCount: 1, parameterCount: 8,
      actionLow: PlantAction(-0.15, 0, 0, 0), actionHigh: PlantAction(0.15, 0, 0, 0),
      safeAction: PlantAction(repeating: 0), sampleRate: 100, sensors: sensors)
  }
}
