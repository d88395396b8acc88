import Foundation
import ReplanRobot
import Testing

@Suite struct RobotSchemaTests {
  /// To renew the committed schema after a change of the table of keys, run this test with
  /// REPLAN_WRITE_SCHEMA=1.
  @Test func committedSchemaIsUpToDate() throws {
    let file = Shipped.folder.appending(path: "robot.schema.json")
    if ProcessInfo.processInfo.environment["REPLAN_WRITE_SCHEMA"] == "1" {
      try Data(RobotSchema.jsonSchema().utf8).write(to: file)
    }
    let committed = try String(contentsOf: file, encoding: .utf8)
    #expect(
      committed == RobotSchema.jsonSchema(),
      "run this test with REPLAN_WRITE_SCHEMA=1 and commit robots/robot.schema.json")
  }

  @Test func shippedFilesSatisfyIt() throws {
    let result = try referee(Shipped.paths)
    #expect(result.status == 0, "\(result.output)")
  }

  /// Editors must refuse what the program refuses, wherever a schema can tell.
  @Test(arguments: [
    ("rate: 50", "rate: 0"), ("rate: 50", "rte: 50"), ("kind: ilqr", "kind: lqr"),
    ("kind: ilqr, horizon: 1.5", "kind: cem, regularisation: 0.1"),
    ("{quadratic: pendulum_velocity,", "{quadratik: pendulum_velocity,"),
    ("target: 0, weight: 1}", "scale: 1, weight: 1}"),
    ("reset: rest", "reset: home"), ("simulator: pendulum", "simulator: Pendulum"),
    ("kind: ou,", "kind: uniform, deviation: 0.5,"),
  ])
  func refusesWhatTheProgramRefuses(original: String, replacement: String) throws {
    let text = try Shipped.text("pendulum").replacing(original, with: replacement)
    #expect(try !faults(of: text).isEmpty)
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "robot-\(UUID().uuidString).yaml")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try referee([file.path]).status == 1)
  }

  private func referee(_ files: [String]) throws -> (status: Int32, output: String) {
    let python = Shipped.python
    try #require(FileManager.default.isExecutableFile(atPath: python), "run `make venv`")
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "referee_schema.py")
    let schema = Shipped.folder.appending(path: "robot.schema.json")
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = [script.path, schema.path] + files
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
