import ReplanCore
public import ReplanRobot

extension RobotDescription {
  /// True if the robot's model also learns the cost that the plant measures, so that its plant has
  /// to send one.
  public var learnsCost: Bool { ensembleShape().predictsCost }
}
