/// What is the same for every plant of a kind, whatever its parameters.
public struct PlantFacts: Sendable {
  public var observationCount: Int
  public var actionCount: Int
  public var parameterCount: Int
  /// The actuators' limits; an action beyond is clamped.
  public var actionLow: PlantAction
  public var actionHigh: PlantAction
  /// What the plant applies when nobody controls it.
  public var safeAction: PlantAction
  /// Samples a second unless the controller asks for another rate.
  public var sampleRate: Float
  /// The first `observationCount` entries count.
  public var sensors: InlineArray<8, Sensor>

  /// The nearest action inside the limits.
  public func clamped(_ action: PlantAction) -> PlantAction {
    var result = PlantAction(repeating: 0)
    for i in 0..<actionCount {
      let value = action[i]
      result[i] =
        value < actionLow[i] ? actionLow[i] : value > actionHigh[i] ? actionHigh[i] : value
    }
    return result
  }
}

/// One parameter of one plant and the range it was drawn from.
public struct PlantParameter: Sendable {
  public var name: StaticString
  public var unit: StaticString
  public var value: Float
  public var range: ClosedRange<Float>
}

/// The purposes for which a plant draws numbers: each has a stream of its own.
enum PlantStream {
  static var parameters: UInt32 { 1 }
  static var reset: UInt32 { 2 }
  static var noise: UInt32 { 3 }
}
