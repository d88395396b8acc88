import ReplanCore
import ReplanRobot
import Testing

@Suite struct ObjectiveDescriptionTests {
  private func text(_ objective: String) -> String {
    minimal.replacing("objective:\n  terms:\n    - {quadratic: position}", with: objective)
  }

  @Test(arguments: [
    ("objective: {learned_cost: 2}", 0, 2.0), ("objective: {terms: [], learned_cost: 0.5}", 0, 0.5),
    ("objective: {terms: [{quadratic: position}], learned_cost: 1000000}", 1, 1e6),
    ("objective: {terms: [{quadratic: position}], learned_cost: 0}", 1, 0),
  ])
  func aLearnedCostJoinsOrReplacesTheTerms(
    objective: String, terms: Int, weight: Double
  ) throws {
    let robot = try RobotDescription.parse(text: text(objective), file: "robot.yaml")
    #expect(robot.declaredObjective.terms.count == terms)
    #expect(robot.declaredObjective.learnedCost == weight)
    #expect(robot.objective().count == terms)
  }

  @Test(arguments: [
    ("objective: {}", "robot.yaml:8:12: objective.terms: found nothing"),
    ("objective: {terminal: 1}", "robot.yaml:8:12: objective.terms: found nothing"),
    ("objective: {terms: []}", "robot.yaml:8:20: objective.terms: found 0 entries"),
    (
      "objective: {learned_cost: 0, terms: []}",
      "robot.yaml:8:37: objective.terms: found 0 entries"
    ),
  ])
  func withoutItThereAreTerms(objective: String, found: String) throws {
    #expect(
      try faults(of: text(objective)).map(\.description)
        == [found + ", allowed 1...32 entries, or a learned_cost above 0"])
  }

  /// Whether terms may be missing is not known then.
  @Test func aFaultyWeightIsTheOnlyFault() throws {
    let found = try faults(of: text("objective: {learned_cost: much}"))
    #expect(found.map(\.key) == ["objective.learned_cost"])
    #expect(found.map(\.allowed) == ["a number, 0...1000000"])
  }

  @Test func itIsPartOfTheMeaning() throws {
    let plain = try RobotDescription.parse(text: minimal, file: "robot.yaml")
    let learned = try RobotDescription.parse(
      text: text("objective: {terms: [{quadratic: position}], learned_cost: 1}"),
      file: "robot.yaml")
    #expect(plain.meaning != learned.meaning && plain.plantMeaning == learned.plantMeaning)
  }
}
