public import ReplanRecord
public import ReplanRobot

extension SeriesChannels {
  /// The channels of a robot, in the order of its file.
  public init(_ robot: RobotDescription) {
    self.init(
      observations: robot.observation.map {
        Observation(name: $0.name, isAngle: $0.kind == .angle)
      },
      actions: robot.action.map(\.name))
  }
}
