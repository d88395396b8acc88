import Foundation
import ReplanRobot

/// The scenario files of a command line.
public enum ScenarioSuite {
  /// The files themselves, and of folders all *.yaml in them, in the order of their names.
  ///
  /// - Throws: `badFile` for a path that does not exist, or a folder without scenarios.
  public static func files(_ paths: [String]) throws(ScenarioObstacle) -> [String] {
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw ScenarioObstacle(.badFile, "\(path): no such file or folder")
      }
      guard isFolder.boolValue else {
        files.append(path)
        continue
      }
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()
      guard !names.isEmpty else {
        throw ScenarioObstacle(.badFile, "\(path): holds no scenarios (*.yaml)")
      }
      let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
      files += names.map { folder + "/" + $0 }
    }
    return files
  }

  /// Reads one file; a name that was used before is an error, as reports tell scenarios by it.
  public static func load(
    _ file: String, names: inout [String: String]
  ) -> Result<Scenario, ScenarioObstacle> {
    do throws(RobotError) {
      let scenario = try Scenario.load(path: file)
      if let other = names[scenario.name] {
        return .failure(
          ScenarioObstacle(
            .badFile, "\(file): name \(scenario.name) is that of \(other) too; change one"))
      }
      names[scenario.name] = file
      return .success(scenario)
    } catch {
      return .failure(ScenarioObstacle(.badFile, error.description))
    }
  }
}
