import Testing

@testable import ReplanRobot

@Suite struct WordingTests {
  @Test(arguments: [
    (10.0, "10"), (-0.5, "-0.5"), (0.0001, "0.0001"), (0.6, "0.6"), (1e20, "1e+20"),
  ])
  func numbersAreShort(value: Double, text: String) {
    #expect(Wording.number(value) == text)
  }

  @Test(arguments: [
    ("horizn", "horizon"), ("iteratoins", "iterations"), ("Kind", "kind"),
    ("candidate", "candidates"),
  ])
  func slipsFindTheirKey(word: String, key: String) {
    let names = PlannerKeys.section.keys(of: nil).map(\.name)
    #expect(Wording.nearest(to: word, in: names) == key)
  }

  @Test(arguments: ["voltage", "", "xyz", String(repeating: "k", count: 100_000)])
  func otherWordsFindNothing(word: String) {
    let names = PlannerKeys.section.keys(of: nil).map(\.name)
    #expect(Wording.nearest(to: word, in: names) == nil)
  }

  @Test func distances() {
    #expect(Wording.editDistance(Array("rate"), Array("rate")) == 0)
    #expect(Wording.editDistance(Array("rate"), Array("rtae")) == 1)
    #expect(Wording.editDistance(Array(""), Array("rate")) == 4)
    #expect(Wording.editDistance(Array("kitten"), Array("sitting")) == 3)
  }

  @Test func longAndControlTextIsTamed() {
    #expect(Wording.quoted("a\nb\u{1B}[0m") == "\"a b [0m\"")
    #expect(Wording.quoted(String(repeating: "x", count: 99)).unicodeScalars.count == 63)
  }

  @Test(arguments: [
    ("1", 1.0), ("-1.5", -1.5), ("+.5", 0.5), ("5e-3", 0.005), ("5.", 5), ("0", 0), ("0.0", 0),
    ("1E3", 1000),
  ])
  func numbersAreRead(text: String, value: Double) {
    #expect(ScalarReading.number(text) == value)
  }

  @Test(arguments: [
    "010", "1_000", "0x10", "1:30", "nan", "inf", ".inf", "1e", "--1", "", "-", ".", "1 2", "١",
    "1-1",
  ])
  func otherTextIsNoNumber(text: String) {
    #expect(ScalarReading.number(text) == nil)
  }
}
