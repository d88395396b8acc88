import Foundation
import ReplanRobot

/// The robot files of the repository, and what tests make of them.
enum Shipped {
  static let root: URL = {
    // In the repository this file lies two folders below the root.
    URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
  }()

  static var folder: URL { root.appending(path: "robots") }
  static let names = [
    "cart-pole", "pendulum", "furuta", "reacher", "motor", "pendulum-learned-cost",
  ]
  static var paths: [String] { names.map { path($0) } }

  static func path(_ name: String) -> String { folder.appending(path: "\(name).yaml").path }

  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  static var python: String {
    ProcessInfo.processInfo.environment["REPLAN_PYTHON"]
      ?? root.appending(path: ".venv/bin/python3").path
  }
}

/// The least that describes a robot; every other key has its default.
let minimal = """
  name: minimal
  rate: 50
  observation:
    - {name: position, unit: m}
    - {name: heading, unit: rad, kind: angle}
  action:
    - {name: force, unit: N, min: -1, max: 1}
  objective:
    terms:
      - {quadratic: position}

  """

/// The minimal file with one more top-level key.
func minimal(_ more: String) -> String { minimal + more + "\n" }

/// The faults of a text; empty if it describes a robot.
func faults(of text: String) throws -> [Fault] {
  do {
    _ = try RobotDescription.parse(text: text, file: "robot.yaml")
    return []
  } catch {
    return error.faults
  }
}
