import ArgumentParser
import ReplanRobot

/// The robot file that a command is about.
struct RobotArgument: ParsableArguments {
  @Argument(help: "The robot's description, a YAML file.", completion: .file(extensions: ["yaml"]))
  var robot: String

  func load() throws -> RobotDescription { try RobotDescription.load(path: robot) }
}
