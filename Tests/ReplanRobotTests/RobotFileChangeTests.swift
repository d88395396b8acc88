import Testing

@testable import ReplanRobot

@Suite struct RobotFileChangeTests {
  @Test func aKeyMayBelongToASection() throws {
    let inside = try #require(RobotFileChange("planner.iterations=20"))
    #expect(inside.path == ["planner", "iterations"] && inside.value == "20")
    let top = try #require(RobotFileChange("latency=a=b"))
    #expect(top.path == ["latency"] && top.value == "a=b")
    #expect(RobotFileChange("a.b.c=3")?.path == ["a", "b", "c"])
  }

  @Test(arguments: ["", "planner", "=3", "planner.=3", ".horizon=3", "a..c=3", "rate=", "Rate=3"])
  func otherTextIsNone(text: String) { #expect(RobotFileChange(text) == nil) }

  /// What stands there may be a list or a section on one line, and so may what takes its place.
  @Test func collectionsAreReplaced() throws {
    let text = try Shipped.text("cart-pole")
    var edit = RobotFileEdit(text: text, file: "cart-pole.yaml")
    for change in ["model.hidden=[64, 48]", "model.training.steps=900", "dataset={budget: 500}"] {
      try edit.apply(try #require(RobotFileChange(change)), rate: 50)
    }
    let robot = try edit.checked()
    #expect(robot.model.hidden == [64, 48] && robot.model.training.steps == 900)
    #expect(robot.dataset.budget == 500)
    #expect(throws: RobotError.self) {
      try edit.apply(try #require(RobotFileChange("model.hidden=[64")), rate: 50)
    }
  }

  private func horizon(_ value: String) throws -> Double {
    let text = """
      name: r
      rate: 50
      observation: [{name: x, unit: m}, {name: v, unit: m/s}]
      action: [{name: f, unit: N, min: -1, max: 1, safe: 0}]
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
