import ReplanNumerics

/// One observation channel: what it measures and how badly.
public struct Sensor: Sendable {
  /// As in a robot file.
  public var name: StaticString
  public var unit: StaticString
  /// Standard deviation of its Gaussian noise.
  public var noise: Float
  /// It measures from minus to plus this, in 4096 steps when it quantises.
  public var reach: Float
  /// An angle wraps into (-pi, pi] where others saturate.
  public var isAngle: Bool

  public init(
    name: StaticString = "", unit: StaticString = "", noise: Float = 0, reach: Float = 1,
    isAngle: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.noise = noise
    self.reach = reach
    self.isAngle = isAngle
  }

  /// The difference between two readings of the 12-bit converter.
  public var step: Float { reach * (1 / 2048) }

  /// What the sensor reads for a value to which the noise has been added.
  ///
  /// The codes are -2048 to 2047; the angle's -2048 reads as +pi.
  public func reading(_ value: Float, quantised: Bool) -> Float {
    let inside = isAngle ? principalAngle(value) : limited(value, -reach, reach)
    if !quantised { return inside }
    // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
    var code = inside / step + 12_582_912 - 12_582_912
    if isAngle {
      if code <= -2048 { code = 2048 }
      return principalAngle(code * step)
    }
    if code > 2047 { code = 2047 }
    return code * step
  }
}

/// The sensors of one plant: noise, then quantisation.
///
/// The noise depends on seed, reset and sample only, so that a run can be repeated whatever
/// happened before its reset.
public struct SensorModel: Sendable {
  public var seed: PlantSeed
  /// Multiplies every standard deviation; 0 for none.
  public var noiseScale: Float
  public var quantises: Bool

  public init(seed: PlantSeed, noiseScale: Float, quantises: Bool) {
    self.seed = seed
    self.noiseScale = noiseScale
    self.quantises = quantises
  }

  /// The readings for a true state.
  ///
  /// - Parameters: reset, how many resets came before; sample, its sequence number since.
  public func measure(
    _ state: PlantState, _ facts: PlantFacts, reset: UInt32, sample: UInt32
  ) -> PlantState {
    var generator = Philox(
      seed: seed, episode: reset, tick: sample, iteration: 0, candidate: PlantStream.noise)
    let normals = PlantState(
      lowHalf: generator.nextNormals(), highHalf: generator.nextNormals())
    var result = PlantState(repeating: 0)
    for i in 0..<facts.observationCount {
      let sensor = facts.sensors[i]
      result[i] = sensor.reading(
        state[i] + noiseScale * sensor.noise * normals[i], quantised: quantises)
    }
    return result
  }
}
