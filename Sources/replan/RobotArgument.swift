import ArgumentParser
import ReplanRobot

/// The robot file that a command is about.
struct RobotArgument: ParsableArguments {
  @Argument(help: "The robot's description, a YAML file.", completion: .file(extensions: ["yaml"]))
  var robot: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      """
      Takes another value than the robot file says, for this run, as planner.iterations=4, \
      model.hidden='[64, 64]' or learning.loop=aggregate; may be repeated. The file stays as it is; episodes hold what was used.
      """, valueName: "section.key=value"))
  var changes: [String] = []

  func validate() throws {
    for text in changes where RobotFileChange(text) == nil {
      throw ValidationError(
        "--set \(text): a change is written SECTION.KEY=VALUE, as planner.iterations=4.")
    }
  }

  func load() throws -> RobotDescription {
    let robot = try RobotDescription.load(path: robot)
    guard !changes.isEmpty else { return robot }
    var edit = RobotFileEdit(text: robot.source, file: self.robot)
    for change in changes.compactMap(RobotFileChange.init) {
      try edit.apply(change, rate: robot.rate)
    }
    return try edit.checked()
  }
}
