import ReplanRecord
import ReplanRobot

/// A workspace that is named by its folder alone: its own robot file describes the robot.
enum OpenedWorkspace {
  /// - Throws: what `WorkspaceContents`, the robot file or the workspace's lock object to.
  static func open(
    _ path: String, _ console: Console
  ) throws -> (workspace: Workspace, robot: RobotDescription) {
    let contents = try WorkspaceContents(path: path)
    guard let text = contents.robotText else {
      throw Failure(.data, "\(path) holds no robot.yaml; name the folder of a run")
    }
    let robot = try RobotDescription.parse(text: text, file: path + "/robot.yaml")
    let workspace = try Workspace(path: path, robotText: text) { _ in nil }
    console.note(workspace.opening, path: path)
    return (workspace, robot)
  }
}
