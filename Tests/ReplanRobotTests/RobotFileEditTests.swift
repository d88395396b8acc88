import Foundation
import Testing

@testable import ReplanRobot

struct RobotFileEditTests {
  private func edited(
    _ text: String, _ changes: [(section: String?, key: String, value: String)]
  ) throws -> String {
    var edit = RobotFileEdit(text: text, file: "test.yaml")
    for change in changes {
      try edit.set(path: [change.section, change.key].compactMap(\.self), to: change.value)
    }
    return edit.text
  }

  private static let block = """
    # A robot.
    name: x  # its name
    rate: 50   # Hz
    planner:
      # how it plans
      kind: ilqr  # by gradients
      horizon: 1.0  # s

      candidates: 32
    # the end

    """

  @Test func replacesAndLeavesTheRest() throws {
    let text = try edited(
      Self.block,
      [(nil, "rate", "200"), ("planner", "horizon", "0.5"), ("planner", "candidates", "96")])
    #expect(
      text
        == Self.block.replacing("rate: 50", with: "rate: 200")
        .replacing("horizon: 1.0", with: "horizon: 0.5")
        .replacing("candidates: 32", with: "candidates: 96"))
  }

  @Test func insertsBehindTheFirstKey() throws {
    let text = try edited(Self.block, [("planner", "iterations", "3")])
    #expect(
      text
        == Self.block.replacing(
          "  kind: ilqr  # by gradients\n", with: "  kind: ilqr  # by gradients\n  iterations: 3\n")
    )
  }

  @Test func flowMappings() throws {
    let flow = "rate: 50\nplanner: {kind: cem, candidates: 100} # fast\n"
    #expect(
      try edited(flow, [("planner", "candidates", "64"), ("planner", "horizon", "0.5")])
        == "rate: 50\nplanner: {kind: cem, horizon: 0.5, candidates: 64} # fast\n")
    #expect(
      try edited("rate: 50\nplanner: {}\n", [("planner", "horizon", "1")])
        == "rate: 50\nplanner: {horizon: 1}\n")
    let wrapped = "planner: {\n  kind: cem,  # samples\n  candidates: 100\n}\n"
    #expect(
      try edited(wrapped, [("planner", "horizon", "1")])
        == "planner: {\n  kind: cem, horizon: 1,  # samples\n  candidates: 100\n}\n")
    // JSON is YAML.
    let json = #"{"rate": 50, "planner": {"kind": "cem"}}"#
    #expect(
      try edited(
        json, [(nil, "rate", "60"), ("planner", "horizon", "2"), ("model", "members", "4")])
        == #"{"rate": 60, model: {members: 4}, "planner": {"kind": "cem", horizon: 2}}"#)
  }

  @Test func missingSections() throws {
    #expect(
      try edited(
        "rate: 50\n# end\n", [("planner", "horizon", "1"), ("planner", "candidates", "9")])
        == "rate: 50\nplanner: {horizon: 1, candidates: 9}\n# end\n")
    #expect(
      try edited("rate: 50", [("planner", "horizon", "1")])
        == "rate: 50\nplanner: {horizon: 1}")
    #expect(
      try edited("rate: 50\r\nname: x\r\n", [("planner", "horizon", "1")])
        == "rate: 50\r\nplanner: {horizon: 1}\r\nname: x\r\n")
  }

  @Test func lineBreaksOfWindowsStay() throws {
    let text = Self.block.replacing("\n", with: "\r\n")
    let changed = try edited(
      text, [(nil, "rate", "200"), ("planner", "iterations", "3"), ("planner", "candidates", "96")])
    let expected = Self.block.replacing("rate: 50", with: "rate: 200")
      .replacing("gradients\n", with: "gradients\n  iterations: 3\n")
      .replacing("candidates: 32", with: "candidates: 96").replacing("\n", with: "\r\n")
    #expect(changed == expected)
  }

  @Test func noNewlineAtTheEnd() throws {
    #expect(
      try edited("name: x\nplanner:\n  kind: cem", [("planner", "horizon", "1")])
        == "name: x\nplanner:\n  kind: cem\n  horizon: 1")
    #expect(try edited("rate: 50", [(nil, "rate", "60")]) == "rate: 60")
  }

  @Test func bytesBeforeAndBetween() throws {
    // A byte order mark, and letters of several bytes in front of the value.
    #expect(try edited("\u{FEFF}rate: 50\n", [(nil, "rate", "60")]) == "\u{FEFF}rate: 60\n")
    #expect(
      try edited("{name: \"Zählwerk 🤖\", rate: 50}", [(nil, "rate", "60")])
        == "{name: \"Zählwerk 🤖\", rate: 60}")
    #expect(try edited("rate: '50'\n", [(nil, "rate", "60")]) == "rate: 60\n")
    #expect(try edited("rate: \"50\" # old\n", [(nil, "rate", "60")]) == "rate: 60 # old\n")
  }

  /// Where the first value takes several lines, the new key comes before it.
  @Test func firstValueOfSeveralLines() throws {
    #expect(
      try edited("model:\n  training:\n    steps: 5\n  members: 3\n", [("model", "batch", "4")])
        == "model:\n  batch: 4\n  training:\n    steps: 5\n  members: 3\n")
    #expect(
      try edited("model: {hidden: [3, 4], members: 3}\n", [("model", "batch", "4")])
        == "model: {batch: 4, hidden: [3, 4], members: 3}\n")
  }

  @Test(arguments: [
    "rate: 50\nplanner:\n", "planner: {candidates: *other}\n", "planner:\n  candidates: |\n    5\n",
    "planner: {candidates: !!int 5}\n",
    "- planner\n",
  ])
  func refusesWhatItCannotEdit(text: String) throws {
    var edit = RobotFileEdit(text: text, file: "test.yaml")
    let error = #expect(throws: RobotError.self) {
      try edit.set(path: ["planner", "candidates"], to: "9")
    }
    #expect(try #require(error).description.hasPrefix("test.yaml:"))
    #expect(edit.text == text)
  }

  @Test func everyShippedRobotCanBeEdited() throws {
    for path in Shipped.paths {
      var edit = try RobotFileEdit(path: path)
      let before = edit.text
      try edit.set(path: ["rate"], to: "40")
      try edit.set(path: ["planner", "candidates"], to: "48")
      try edit.set(path: ["planner", "iterations"], to: "1")
      let robot = try edit.checked()
      #expect(robot.rate == 40)
      guard case .ilqr(let planner) = robot.planner.method else { return #expect(Bool(false)) }
      #expect(planner.candidates == 48 && planner.iterations == 1)
      let comments = { (text: String) in
        text.split(separator: "\n").filter { $0.contains("#") }.count
      }
      #expect(comments(edit.text) == comments(before))
    }
  }

  @Test func writesAsAWholeOrNotAtAll() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "edit-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let original = try String(contentsOfFile: try #require(Shipped.paths.first), encoding: .utf8)
    let path = folder.appending(path: "robot.yaml").path
    try Data(original.utf8).write(to: URL(filePath: path))
    #expect(chmod(path, 0o640) == 0)
    let link = folder.appending(path: "link.yaml").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    var edit = try RobotFileEdit(path: link)
    try edit.set(path: ["rate"], to: "5000")
    #expect(throws: RobotError.self) { try edit.write(to: link) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == original)
    try edit.set(path: ["rate"], to: "40")
    #expect(try edit.write(to: link).rate == 40)
    #expect(try RobotDescription.load(path: path).rate == 40)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["link.yaml", "robot.yaml"])
    let error = #expect(throws: RobotError.self) {
      try edit.write(to: folder.path + "/missing/robot.yaml")
    }
    #expect(try #require(error).description.contains("no such file"))
  }
}
