import Foundation
import ReplanFaults
public import ReplanRobot
import Yams

extension Scenario {
  /// - Throws: `RobotError.unreadable` if the file, or the robot file that it names, cannot be read,
  ///   `.invalid` with all faults of both.
  public static func load(path: String) throws(RobotError) -> Scenario {
    try parse(text: RobotFile.read(path), file: path)
  }

  /// - Parameter file: the name that faults give, and from whose folder the other files are found.
  public static func parse(text: String, file: String) throws(RobotError) -> Scenario {
    let root = try Syntax.compose(text, file: file, kind: "scenario")
    var checker = Checker(diagnostics: Diagnostics(file: file))
    // The list of faults has a checker of its own.
    guard let fields = checker.section(withoutFaults(root), ScenarioKeys.section, path: "") else {
      throw checker.diagnostics.error
    }
    let schedule = schedule(root, fields, file: file, &checker.diagnostics)
    var others: [ReplanRobot.Fault] = []
    let robot = robot(fields, beside: file, &checker.diagnostics, &others)
    let parts = ScenarioParts(fields, robot: robot, &checker.diagnostics)
    guard checker.diagnostics.faults.isEmpty, others.isEmpty, let parts, let schedule, let robot
    else { throw .invalid(checker.diagnostics.error.faults + others) }
    return Scenario(
      file: file, name: parts.name, description: parts.description, robot: robot,
      modelPath: parts.model == "none" ? nil : path(parts.model, beside: file),
      initial: parts.initial, duration: parts.duration, plant: parts.plant,
      needsRealTime: parts.needsRealTime, faults: schedule,
      controllerFaults: parts.controllerFaults, expectations: parts.expectations, source: text)
  }

  private static func withoutFaults(_ root: Node) -> Node {
    guard case .mapping(let mapping) = root else { return root }
    let pairs = mapping.filter { !isFaults($0.key) }.map { ($0.key, $0.value) }
    return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style, mapping.mark))
  }

  private static func isFaults(_ key: Node) -> Bool { key.scalar?.string == "faults" }

  private static func schedule(
    _ root: Node, _ fields: Fields, file: String, _ diagnostics: inout Diagnostics
  ) -> FaultSchedule? {
    let seed = UInt64(fields[ScenarioKeys.seed] ?? 1)
    guard let node = root.mapping?.first(where: { isFaults($0.key) })?.value else {
      return FaultSchedule(seed: seed, [])
    }
    do throws(FaultError) {
      return try FaultSchedule.parse(list: node, file: file, seed: seed)
    } catch {
      for violation in error.violations {
        diagnostics.add(
          ReplanRobot.Fault(
            file: violation.file, line: violation.line, column: violation.column,
            key: violation.key, found: violation.found, allowed: violation.allowed))
      }
      return nil
    }
  }

  /// The robot; the faults of its own file are given beside those of the scenario.
  private static func robot(
    _ fields: Fields, beside file: String, _ diagnostics: inout Diagnostics,
    _ others: inout [ReplanRobot.Fault]
  ) -> RobotDescription? {
    guard let name = fields.located(ScenarioKeys.robot) else { return nil }
    let path = path(name.value, beside: file)
    do throws(RobotError) {
      return try RobotDescription.load(path: path)
    } catch {
      if case .unreadable(let fault) = error {
        diagnostics.add(name, found: "\(path): \(fault.found)", allowed: "a robot file")
      } else {
        others += error.faults
      }
      return nil
    }
  }

  static func path(_ path: String, beside file: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    return URL(filePath: file).deletingLastPathComponent().appending(path: path)
      .standardizedFileURL.relativePath
  }
}
