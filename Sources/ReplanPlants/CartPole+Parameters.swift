extension CartPole {
  public struct Parameters: Sendable, Equatable {
    /// kg.
    public var cartMass: Float
    /// kg.
    public var poleMass: Float
    /// The whole length of the rod in m; its centre of mass is at half of it.
    public var poleLength: Float
    /// N·s/m.
    public var cartViscous: Float
    /// N.
    public var cartCoulomb: Float
    /// N·m·s/rad.
    public var pivotViscous: Float
    /// N·m.
    public var pivotCoulomb: Float

    public init(
      cartMass: Float, poleMass: Float, poleLength: Float, cartViscous: Float = 0,
      cartCoulomb: Float = 0, pivotViscous: Float = 0, pivotCoulomb: Float = 0
    ) {
      self.cartMass = cartMass
      self.poleMass = poleMass
      self.poleLength = poleLength
      self.cartViscous = cartViscous
      self.cartCoulomb = cartCoulomb
      self.pivotViscous = pivotViscous
      self.pivotCoulomb = pivotCoulomb
    }

    /// Every parameter drawn uniformly from its range.
    public init(seed: PlantSeed) {
      var draw = Draw(seed: seed, stream: PlantStream.parameters)
      cartMass = draw.next(Parameters.cartMassRange)
      poleMass = draw.next(Parameters.poleMassRange)
      poleLength = draw.next(Parameters.poleLengthRange)
      cartViscous = draw.next(Parameters.cartViscousRange)
      cartCoulomb = draw.next(Parameters.cartCoulombRange)
      pivotViscous = draw.next(Parameters.pivotViscousRange)
      pivotCoulomb = draw.next(Parameters.pivotCoulombRange)
    }

    public static var cartMassRange: ClosedRange<Float> { 0.5...1 }
    public static var poleMassRange: ClosedRange<Float> { 0.1...0.5 }
    public static var poleLengthRange: ClosedRange<Float> { 0.4...0.6 }
    public static var cartViscousRange: ClosedRange<Float> { 0.05...0.2 }
    public static var cartCoulombRange: ClosedRange<Float> { 0.05...0.3 }
    public static var pivotViscousRange: ClosedRange<Float> { 0.0002...0.001 }
    public static var pivotCoulombRange: ClosedRange<Float> { 0.0002...0.001 }

    subscript(index: Int) -> PlantParameter {
      let r = Parameters.self
      switch index {
      case 0:
        return PlantParameter(
          name: "cart_mass", unit: "kg", value: cartMass, range: r.cartMassRange)
      case 1:
        return PlantParameter(
          name: "pole_mass", unit: "kg", value: poleMass, range: r.poleMassRange)
      case 2:
        return PlantParameter(
          name: "pole_length", unit: "m", value: poleLength, range: r.poleLengthRange)
      case 3:
        return PlantParameter(
          name: "cart_viscous", unit: "N·s/m", value: cartViscous, range: r.cartViscousRange)
      case 4:
        return PlantParameter(
          name: "cart_coulomb", unit: "N", value: cartCoulomb, range: r.cartCoulombRange)
      case 5:
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
    sensors[0] = Sensor(name: "cart_position", unit: "m", noise: 0.001, reach: 2.5)
    sensors[1] = Sensor(name: "cart_velocity", unit: "m/s", noise: 0.01, reach: 10)
    sensors[2] = Sensor(
      name: "pole_angle", unit: "rad", noise: 0.002, reach: 3.141_592_65, isAngle: true)
    sensors[3] = Sensor(name: "pole_velocity", unit: "rad/s", noise: 0.03, reach: 40)
    return PlantFacts(
      observationCount: 4, actionCount: 1, parameterCount: 7,
      actionLow: PlantAction(-10, 0, 0, 0), actionHigh: PlantAction(10, 0, 0, 0),
      safeAction: PlantAction(repeating: 0), sampleRate: 50, sensors: sensors)
  }
}
