import Testing

@testable import ReplanRobot

@Suite struct RobotFileChangeTests {
  @Test func aKeyMayBelongToASection() throws {
    let inside = try #require(RobotFileChange("planner.iterations=20"))
    #expect(inside.section == "planner" && inside.key == "iterations" && inside.value == "20")
    let top = try #require(RobotFileChange("latency=a=b"))
    #expect(top.section == nil && top.key == "latency" && top.value == "a=b")
  }

  @Test(arguments: ["", "planner", "=3", "planner.=3", ".horizon=3", "a.b.c=3", "rate=", "Rate=3"])
  func otherTextIsNone(text: String) { #expect(RobotFileChange(text) == nil) }

  private func horizon(_ value: String) throws -> Double {
    let text = """
      name: r
      rate: 50
      observation: [{name: x}, {name: v}]
      action: [{name: f, min: -1, max: 1, safe: 0}]
      objective: {terms: [{quadratic: x, weight: 1}]}
      planner: {kind: ilqr, horizon: 1}
      """
    var edit = RobotFileEdit(text: text, file: "r.yaml")
    try edit.apply(try #require(RobotFileChange("planner.horizon=\(value)")), rate: 50)
    return try edit.checked().planner.horizon
  }

  @Test func aWholeHorizonCountsTicks() throws {
    #expect(try horizon("40") == 0.8)
    #expect(try horizon("2.0") == 2)
    #expect(try horizon("0.5") == 0.5)
  }
}
