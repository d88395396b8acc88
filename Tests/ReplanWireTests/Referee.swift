import Foundation

/// Runs a Python script that lies beside the tests, with the project's interpreter.
struct Referee {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let script: String
  private static var tests: URL { URL(filePath: #filePath).deletingLastPathComponent() }
  static var root: URL { tests.deletingLastPathComponent().deletingLastPathComponent() }

  func run(_ arguments: [String]) throws -> String {
    let python =
      ProcessInfo.processInfo.environment["REPLAN_PYTHON"]
      ?? Referee.root.appending(path: ".venv/bin/python3").path
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw Failure(description: "no Python interpreter at \(python): run `make venv`")
    }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [Referee.tests.appending(path: script).path] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(script) \(arguments) failed: see its message above")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
