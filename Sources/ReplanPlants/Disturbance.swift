/// What is wrong with one sensor at one sample; as made, nothing.
public struct SensorDisturbance: Sendable, Equatable {
  /// Added to the reading.
  public var offset: Float = 0
  /// Readings beyond are cut off here.
  public var low = -Float.infinity
  public var high = Float.infinity
  /// The reading before is repeated.
  public var isFrozen = false
  /// It reads not a number.
  public var isNaN = false

  public init() {}

  /// The reading that comes of a good one.
  ///
  /// - Parameters: last, the reading before, if there was one; wrapping, whether it is an angle.
  public func applied(to reading: Float, last: Float?, wrapping isAngle: Bool) -> Float {
    if isNaN { return .nan }
    if isFrozen, let last { return last }
    var value = reading
    if offset != 0 { value = isAngle ? principalAngle(reading + offset) : reading + offset }
    return value < low ? low : value > high ? high : value
  }
}

/// What is wrong with one actuator; as made, nothing.
public struct ActuatorDisturbance: Sendable, Equatable {
  /// Multiplies what it does.
  public var factor: Float = 1
  /// What it does whatever it is told.
  public var held: Float?

  public init() {}

  public func applied(to command: Float) -> Float {
    if let held { return held }
    return factor == 1 ? command : command * factor
  }
}

/// What is wrong with a simulated plant for the time being; as made, nothing.
public struct PlantDisturbance: Sendable {
  /// By observation channel, and by actuator.
  public var sensors = InlineArray<8, SensorDisturbance>(repeating: SensorDisturbance())
  public var actuators = InlineArray<4, ActuatorDisturbance>(repeating: ActuatorDisturbance())
  /// Seconds of the plant's clock in one of the physics.
  public var clockRate: Float = 1
  /// Timestamps count down from the moment at which this became true.
  public var isClockBackwards = false

  public init() {}

  /// The readings that come of good ones.
  public func applied(
    to readings: PlantState, last: PlantState?, _ facts: PlantFacts
  ) -> PlantState {
    var result = readings
    for i in 0..<facts.observationCount {
      result[i] = sensors[i].applied(
        to: readings[i], last: last?[i], wrapping: facts.sensors[i].isAngle)
    }
    return result
  }

  /// What the actuators do when told `command`.
  public func applied(to command: PlantAction, _ facts: PlantFacts) -> PlantAction {
    var result = command
    for i in 0..<facts.actionCount { result[i] = actuators[i].applied(to: command[i]) }
    return result
  }
}
