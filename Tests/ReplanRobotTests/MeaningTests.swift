import Foundation
import ReplanRobot
import Testing

@Suite struct MeaningTests {
  private func robot(_ text: String) throws -> RobotDescription {
    try RobotDescription.parse(text: text, file: "robot.yaml")
  }

  @Test func commentsOrderAndDefaultsMeanNothing() throws {
    let rewritten = """
      # The same robot, written otherwise.
      objective: {terminal: 1.0, terms: [{weight: 1, quadratic: position}]}
      action: [{max: 1.0, min: -1, unit: N, name: force, safe: 0}]
      observation:
      - name: position
        unit: "m"
        kind: linear
      - {kind: angle, unit: rad, name: heading}
      description: Words.
      planner: {kind: ilqr, horizon: 1}
      rate: 50.0
      name: 'minimal'
      """
    let (original, other) = (try robot(minimal), try robot(rewritten))
    #expect(original.meaning == other.meaning)
    #expect(original.plantMeaning == other.plantMeaning)
    #expect(original != other, "the source differs")
  }

  @Test func theTaskIsNotThePlant() throws {
    let original = try robot(minimal)
    let tuned = try robot(minimal("planner: {iterations: 3}\nlink: {device: /dev/ttyUSB0}"))
    #expect(original.meaning != tuned.meaning)
    #expect(original.plantMeaning == tuned.plantMeaning)
  }

  @Test(arguments: [
    ("rate: 50", "rate: 51"), ("unit: N", "unit: kN"), ("max: 1}", "max: 2}"),
    ("name: heading", "name: course"), ("name: minimal", "name: other"),
    ("rate: 50", "rate: 50\nlatency: 1"), ("rate: 50", "rate: 50\nlink: {output: immediate}"),
    ("rate: 50", "rate: 50\nstructure: {invariant: [position]}"),
  ])
  func anotherPlantMeansAnother(original: String, replacement: String) throws {
    let other = try robot(minimal.replacing(original, with: replacement))
    #expect(try robot(minimal).plantMeaning != other.plantMeaning)
  }

  @Test func itIsJSON() throws {
    let data = Data(try robot(minimal).meaning.utf8)
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    #expect((object?["plant"] as? [String: Any])?["name"] as? String == "minimal")
  }
}
