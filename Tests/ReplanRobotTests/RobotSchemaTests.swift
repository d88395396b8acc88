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
    ("rate: 50", "rate: 0"), ("rate: 50", "rte: 50"), ("kind: ilqr", "kind: lqg"),
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

  /// Files that differ in how they plan: the referee prints the faults of those it refuses.
  private static let planning: [(more: String, isRight: Bool)] = [
    ("planner: {kind: cem, scales: [1, 0.5], execute: mean, knots: {every: 4}}", true),
    ("planner: {kind: mppi, temperature: 0.5, wait: spin, threads: 16}", true),
    ("planner: {kind: mppi, temperature: {absolute: 2}}", true),
    ("planner: {kind: shooting, knots: {between: linear}}", true),
    ("planner: {kind: cem-ilqr, finish: {dynamics: members}}", true),
    ("planner: {kind: lqr, iterations: 10000}", true),
    ("planner: {real_time: true}", true),
    ("planner: {kind: cem}\nvalue: {pessimistic: 0.95}", true),
    ("planner: {kind: cem}\npropagation: {noise: false, particles: 0}", true),
    ("value: expected", true),
    ("guard: {fallback: lqr}", true),
    ("planner: {kind: cem, scales: []}", false),
    ("planner: {kind: cem, scales: [0]}", false),
    ("planner: {kind: cem, temperature: 1}", false),
    ("planner: {kind: cem, knots: {each: 4}}", false),
    ("planner: {kind: mppi, temperature: {absolute: 0}}", false),
    ("planner: {kind: mppi, temperature: {}}", false),
    ("planner: {kind: mppi, temperature: {relative: 1}}", false),
    ("planner: {kind: mppi, temperature: cold}", false),
    ("planner: {kind: mppi, noise: 0}", false),
    ("planner: {kind: shooting, noise: 1}", false),
    ("planner: {kind: cem-ilqr, finish: {real_time: true}}", false),
    ("planner: {kind: lqr, candidates: 8}", false),
    ("planner: {threads: 2}", false),
    ("planner: {real_time: 1}", false),
    ("value: pessimistic", false),
    ("value: {pessimistic: 1}", false),
    ("value: {}", false),
    ("value: {pessimistic: 0.9, optimistic: 0.9}", false),
    ("propagation: {dynamics: members}", false),
    ("propagation: {noise: 1}", false),
    ("propagation: {particles: 65}", false),
    ("guard: {fallback: lqg}", false),
  ]

  private static let objectives: [(more: String, isRight: Bool)] = [
    ("{learned_cost: 1}", true), ("{learned_cost: 0.1, terms: []}", true),
    ("{learned_cost: 0, terms: [{quadratic: position}]}", true), ("{}", false),
    ("{terms: []}", false), ("{learned_cost: 0}", false), ("{learned_cost: 0, terms: []}", false),
    ("{learned_cost: -1}", false), ("{learned_cost: 1, terms: [{}]}", false),
  ]

  @Test func agreesWithTheProgramOnPlanning() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "robots-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let terms = "objective:\n  terms:\n    - {quadratic: position}"
    let cases =
      Self.planning.map { (minimal($0.more), $0.isRight) }
      + Self.objectives.map {
        (minimal.replacing(terms, with: "objective: \($0.more)"), $0.isRight)
      }
    var paths: [String] = []
    for (index, (text, isRight)) in cases.enumerated() {
      #expect(try faults(of: text).isEmpty == isRight, "\(text)")
      let file = folder.appending(path: "case-\(index).yaml")
      try Data(text.utf8).write(to: file)
      paths.append(file.path)
    }
    let output = try referee(paths).output
    for (path, (text, isRight)) in zip(paths, cases) {
      #expect(output.contains(path + ":") != isRight, "\(text)")
    }
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
