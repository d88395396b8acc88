/// An actuator that acts on what was commanded a number of samples ago.
///
/// Commands enter during a sample interval and take effect when the interval `samples` later
/// begins; with 0 they take effect at once.
public struct ActuatorDelay: Sendable {
  /// The longest delay.
  public static var maximumSamples: Int { 31 }

  public let samples: Int
  private var commands: InlineArray<32, PlantAction>
  private var interval = 0

  /// - Precondition: `samples` is between 0 and `maximumSamples`.
  public init(samples: Int, safe: PlantAction) {
    precondition(
      samples >= 0 && samples <= ActuatorDelay.maximumSamples,
      "an actuation delay lasts from 0 to 31 samples")
    self.samples = samples
    commands = InlineArray(repeating: safe)
  }

  /// What the actuator does now.
  public var applied: PlantAction { commands[(interval &- samples) & 31] }

  /// The last command given.
  public var commanded: PlantAction { commands[interval] }

  public mutating func command(_ action: PlantAction) { commands[interval] = action }

  /// A sample was taken: the next interval begins, under the same command until another comes.
  public mutating func nextInterval() {
    let action = commanded
    interval = (interval &+ 1) & 31
    commands[interval] = action
  }

  /// Forgets every command under way.
  public mutating func reset(safe: PlantAction) {
    for i in 0..<32 { commands[i] = safe }
    interval = 0
  }
}
