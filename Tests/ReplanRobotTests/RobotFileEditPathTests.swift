import ReplanRobot
import Testing

/// Values are set at paths of keys, and all else stays.
@Suite struct RobotFileEditPathTests {
  private func edited(_ text: String, _ path: String, _ value: String) throws -> String {
    var edit = RobotFileEdit(text: text, file: "test.yaml")
    try edit.set(path: path.split(separator: ".").map(String.init), to: value)
    return edit.text
  }

  @Test(arguments: [
    ("a: 1 # why\nb: 2\n", "a", "3", "a: 3 # why\nb: 2\n"),
    ("a: {b: {c: 1}} # why\n", "a.b.c", "2", "a: {b: {c: 2}} # why\n"),
    ("a: {b: 1}\n", "a.c.d", "2", "a: {b: 1, c: {d: 2}}\n"),
    ("a:\n  b: 1\n", "a.c", "2", "a:\n  b: 1\n  c: 2\n"),
    ("a: 1\n", "b.c", "2", "a: 1\nb: {c: 2}\n"),
    ("a: word\n", "a.b", "2", "a: {b: 2}\n"),
    ("a: [1, '],', 3] # why\n", "a", "[4]", "a: [4] # why\n"),
    ("a: {b: [1, # why ]\n 2]}\n", "a.b", "7", "a: {b: 7}\n"),
    ("a: 1\n", "a", "{b: 0.5}", "a: {b: 0.5}\n"),
  ])
  func valuesAreSetWhereTheyBelong(
    text: String, path: String, value: String, result: String
  ) throws {
    #expect(try edited(text, path, value) == result)
  }

  /// A collection that takes several lines without brackets is edited by hand.
  @Test func whatCannotBeEditedIsRefused() throws {
    #expect(throws: RobotError.self) { try edited("a:\n  - 1\n  - 2\n", "a", "[3]") }
    #expect(throws: RobotError.self) { try edited("a:\n  b: 1\n", "a", "3") }
    #expect(throws: RobotError.self) { try edited("a: 1\n", "a", "[3") }
  }
}
