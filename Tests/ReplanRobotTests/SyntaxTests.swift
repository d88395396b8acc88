import Foundation
import Testing

@testable import ReplanRobot

@Suite struct SyntaxTests {
  private func only(_ text: String) throws -> Fault {
    let found = try faults(of: text)
    try #require(found.count == 1, "\(found)")
    return found[0]
  }

  @Test(arguments: [
    ("name: [a, b\nrate: 1\n", 2), ("name: \"open\n", 2), ("a: b: c\n", 1),
    ("name: a\n\trate: 5\n", 2), ("name: a\n---\nname: b\n", 2), ("name: *gone\n", 1),
    ("name: a\n  rate: 5\n", 2), ("name: \"\\q\"\n", 1), ("name: a\nrate: \u{1}\n", 2),
  ])
  func aSyntaxErrorIsOneFaultWithItsLine(text: String, line: Int) throws {
    let fault = try only(text)
    #expect(fault.line == line)
    #expect(fault.found.hasPrefix("a syntax error: "))
  }

  @Test(arguments: ["", "\n\n", "# only a comment\n"])
  func anEmptyTextIsAFault(text: String) throws {
    #expect(
      try only(text).description == "robot.yaml:1:1: found nothing, allowed a robot description")
  }

  @Test(arguments: ["- a\n", "text\n", "--- \n", "~", "5"])
  func aFileThatIsNoMappingIsAFault(text: String) throws {
    #expect(try only(text).allowed.hasPrefix("a section with keys name, description, rate"))
  }

  @Test func aliasBombsAreRefusedAtTheirFirstAnchor() throws {
    var text = "a: &a0 [x, x]\n"
    for level in 1...40 {
      text += "b\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
    }
    let fault = try only(text + "? *a40\n: 1\n")
    #expect(fault.line == 1 && fault.column == 4)
    #expect(fault.found == "an anchor (&)")
  }

  @Test(arguments: [
    ("- &a x", 3), ("[1,&a x]", 4), ("{\"k\":&a 1}", 6), ("&a x", 1), ("? &a x", 3),
    ("k: \"q\" # quoted\nl: &b 1", 4),
  ])
  func anchorsAreFoundWhereValuesStart(text: String, column: Int) {
    #expect(Syntax.firstAnchor(in: text)?.column == column)
  }

  @Test(arguments: ["description: cart & pole, R&D", "a: b # see &this", "a: x&y", "# &a"])
  func otherAmpersandsAreText(text: String) {
    #expect(Syntax.firstAnchor(in: text) == nil)
  }

  @Test func deepNestingIsAFault() throws {
    let flow = String(repeating: "[", count: 100_000)
    #expect(try only(flow).found.contains("nesting"))
    let block = "a: " + String(repeating: "- ", count: 100_000)
    #expect(try only(block).found.contains("a syntax error"))
  }

  @Test func allDuplicatesAreFoundAndNothingElseChanges() throws {
    let text =
      minimal.replacing("rate: 50", with: "rate: 50\n'rate': 60\n\"rate\" : 70")
      .replacing("unit: N,", with: "unit: N, unit: kN,") + "name: again\nrte: 5\n"
    let found = try faults(of: text)
    #expect(found.map(\.key) == ["rate", "rate", "action[0].unit", "name", "rte"])
    #expect(found.map(\.line) == [3, 4, 9, 13, 14])
  }

  @Test func duplicatesAreFoundHoweverTheyAreWritten() throws {
    let fault = try only(minimal("\"n\\u0061me\": again"))
    #expect(fault.key == "name" && fault.found == "the key a second time")
  }

  @Test func duplicatesThatCannotBeMaskedAreStillAFault() throws {
    let fault = try only(minimal("description: \u{F0000}\nname: again"))
    #expect(fault.found == "a key more than once: name")
  }

  @Test func duplicatesWithoutEndAreOneFaultSoon() throws {
    let many = (0..<9000).map { "{k\($0): 1, k\($0): 2}" }.joined(separator: ",\n  ")
    // Masking them all would compose the text once for each name, which takes minutes.
    #expect(try only("name: [\(many)]\n").found.hasPrefix("a key more than once: k"))
  }

  @Test func aDuplicateInATextOfTheSameWordsIsLeftAlone() throws {
    let found = try faults(of: minimal("description: \"my rate: 5\"\nrate: 5"))
    #expect(found.map(\.key) == ["rate"])
  }

  @Test func keysHaveToBeText() throws {
    let found = try faults(of: minimal("[a, b]: c\n? {a: 1}\n: d"))
    #expect(found.map(\.allowed) == ["a name as key", "a name as key"])
  }

  @Test func tagsAreRefused() throws {
    #expect(try only(minimal("latency: !ticks 3")).found == "the tag \"!ticks\"")
    #expect(try only(minimal("description: !!binary aGk=")).found.contains("binary"))
    #expect(try faults(of: minimal("latency: 3\ndescription: '3'")).isEmpty)
  }
}
