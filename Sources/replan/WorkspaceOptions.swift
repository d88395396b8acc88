import ArgumentParser
import ReplanRecord
import ReplanRobot

/// The workspace of a command that continues or starts one.
struct WorkspaceOptions: ParsableArguments {
  @OptionGroup var folder: WorkspaceFolderOption

  @Flag(help: "Start anew; a workspace that is there is moved aside, not deleted.")
  var fresh = false

  func open(for robot: RobotDescription, _ console: Console) throws -> Workspace {
    try folder.open(for: robot, isFresh: fresh, console)
  }
}

/// Where episodes, models and the journal are kept.
struct WorkspaceFolderOption: ParsableArguments {
  @Option(help: "Folder of the run; continued if it is there. (default: workspaces/ROBOT)")
  var workspace: String?

  func open(
    for robot: RobotDescription, isFresh: Bool = false, _ console: Console
  ) throws -> Workspace {
    let path = workspace ?? "workspaces/\(robot.name)"
    let opened = try Workspace(path: path, robotText: robot.source, isFresh: isFresh) { text in
      (try? RobotDescription.parse(text: text, file: path + "/robot.yaml")).map {
        Workspace.Robot(name: $0.name, meaning: $0.plantMeaning)
      }
    }
    console.note(opened.opening, path: path)
    return opened
  }
}
