extension Reacher {
  public struct Parameters: Sendable, Equatable {
    /// From shoulder to elbow, m and kg.
    public var innerLength: Float
    public var innerMass: Float
    /// From elbow to tip, m and kg.
    public var outerLength: Float
    public var outerMass: Float
    /// N·m·s/rad.
    public var shoulderViscous: Float
    /// N·m.
    public var shoulderCoulomb: Float
    /// N·m·s/rad.
    public var elbowViscous: Float
    /// N·m.
    public var elbowCoulomb: Float

    public init(
      innerLength: Float, innerMass: Float, outerLength: Float, outerMass: Float,
      shoulderViscous: Float = 0, shoulderCoulomb: Float = 0, elbowViscous: Float = 0,
      elbowCoulomb: Float = 0
    ) {
      self.innerLength = innerLength
      self.innerMass = innerMass
      self.outerLength = outerLength
      self.outerMass = outerMass
      self.shoulderViscous = shoulderViscous
      self.shoulderCoulomb = shoulderCoulomb
      self.elbowViscous = elbowViscous
      self.elbowCoulomb = elbowCoulomb
    }

    /// Every parameter drawn uniformly from its range.
    public init(seed: PlantSeed) {
      var draw = Draw(seed: seed, stream: PlantStream.parameters)
      innerLength = draw.next(Parameters.innerLengthRange)
      innerMass = draw.next(Parameters.innerMassRange)
      outerLength = draw.next(Parameters.outerLengthRange)
      outerMass = draw.next(Parameters.outerMassRange)
      shoulderViscous = draw.next(Parameters.shoulderViscousRange)
      shoulderCoulomb = draw.next(Parameters.shoulderCoulombRange)
      elbowViscous = draw.next(Parameters.elbowViscousRange)
      elbowCoulomb = draw.next(Parameters.elbowCoulombRange)
    }

    public static var innerLengthRange: ClosedRange<Float> { 0.18...0.22 }
    public static var innerMassRange: ClosedRange<Float> { 0.35...0.5 }
    public static var outerLengthRange: ClosedRange<Float> { 0.16...0.2 }
    public static var outerMassRange: ClosedRange<Float> { 0.2...0.3 }
    public static var shoulderViscousRange: ClosedRange<Float> { 0.01...0.03 }
    public static var shoulderCoulombRange: ClosedRange<Float> { 0.005...0.015 }
    public static var elbowViscousRange: ClosedRange<Float> { 0.005...0.015 }
    public static var elbowCoulombRange: ClosedRange<Float> { 0.002...0.008 }

    /// Of each link about its own joint, kg·m².
    var innerInertia: Float { 1 / 3 * innerMass * innerLength * innerLength }
    var outerInertia: Float { 1 / 3 * outerMass * outerLength * outerLength }
    /// What couples the joints while the arm is straight, kg·m².
    var coupling: Float { 0.5 * outerMass * innerLength * outerLength }

    subscript(index: Int) -> PlantParameter {
      let r = Parameters.self
      switch index {
      case 0:
        return PlantParameter(
          name: "inner_length", unit: "m", value: innerLength, range: r.innerLengthRange)
      case 1:
        return PlantParameter(
          name: "inner_mass", unit: "kg", value: innerMass, range: r.innerMassRange)
      case 2:
        return PlantParameter(
          name: "outer_length", unit: "m", value: outerLength, range: r.outerLengthRange)
      case 3:
        return PlantParameter(
          name: "outer_mass", unit: "kg", value: outerMass, range: r.outerMassRange)
      case 4:
        return PlantParameter(
          name: "shoulder_viscous", unit: "N·m·s/rad", value: shoulderViscous,
          range: r.shoulderViscousRange)
      case 5:
        return PlantParameter(
          name: "shoulder_coulomb", unit: "N·m", value: shoulderCoulomb,
          range: r.shoulderCoulombRange)
      case 6:
        return PlantParameter(
          name: "elbow_viscous", unit: "N·m·s/rad", value: elbowViscous, range: r.elbowViscousRange)
      default:
        return PlantParameter(
          name: "elbow_coulomb", unit: "N·m", value: elbowCoulomb, range: r.elbowCoulombRange)
      }
    }
  }

  public static var facts: PlantFacts {
    var sensors = InlineArray<8, Sensor>(repeating: Sensor())
    let turn: Float = 3.141_592_65
    sensors[0] = Sensor(
      name: "shoulder_angle", unit: "rad", noise: 0.002, reach: turn, isAngle: true)
    sensors[1] = Sensor(name: "shoulder_velocity", unit: "rad/s", noise: 0.03, reach: 40)
    sensors[2] = Sensor(name: "elbow_angle", unit: "rad", noise: 0.002, reach: turn, isAngle: true)
    sensors[3] = Sensor(name: "elbow_velocity", unit: "rad/s", noise: 0.03, reach: 60)
    // A set-point is told, not measured.
    sensors[4] = Sensor(name: "target_x", unit: "m", noise: 0, reach: 0.5)
    sensors[5] = Sensor(name: "target_y", unit: "m", noise: 0, reach: 0.5)
    sensors[6] = Sensor(name: "offset_x", unit: "m", noise: 0.000_3, reach: 0.75)
    sensors[7] = Sensor(name: "offset_y", unit: "m", noise: 0.000_3, reach: 0.75)
    return PlantFacts(
      observationCount: 8, actionCount: 2, parameterCount: 8,
      actionLow: PlantAction(-0.3, -0.12, 0, 0), actionHigh: PlantAction(0.3, 0.12, 0, 0),
      safeAction: PlantAction(repeating: 0), sampleRate: 50, sensors: sensors)
  }
}
