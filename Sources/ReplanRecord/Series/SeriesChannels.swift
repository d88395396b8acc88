/// The channels that a series is to fill, in the order of the robot file.
public struct SeriesChannels: Sendable, Equatable {
  public struct Observation: Sendable, Equatable {
    public var name: String
    /// Periodic, in radians: interpolated over the jump from pi to -pi.
    public var isAngle: Bool

    public init(name: String, isAngle: Bool = false) {
      self.name = name
      self.isAngle = isAngle
    }
  }

  public var observations: [Observation]
  public var actions: [String]

  public init(observations: [Observation], actions: [String]) {
    self.observations = observations
    self.actions = actions
  }

  /// Observations, then actions.
  public var names: [String] { observations.map(\.name) + actions }
}
