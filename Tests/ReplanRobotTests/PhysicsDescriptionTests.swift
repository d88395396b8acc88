import ReplanCore
import Testing

@testable import ReplanRobot

@Suite struct PhysicsDescriptionTests {
  private func robot(_ model: String) throws -> RobotDescription {
    try RobotDescription.parse(text: minimal("model: \(model)"), file: "robot.yaml")
  }

  @Test func withoutPhysicsThereIsNone() throws {
    #expect(try robot("{}").model.physics == nil)
  }

  @Test func parametersComeFromTheEquationWhereTheFileIsSilent() throws {
    let physics = try #require(try robot("{physics: pendulum}").model.physics)
    #expect(physics.equation.core == .pendulum && physics.substeps == 2)
    #expect(
      physics.parameters.map(\.name) == ["gravity", "gain", "viscous", "coulomb", "transition"])
    #expect(physics.parameters[0].start == 20 && !physics.parameters[0].isStartGiven)
    #expect(physics.parameters[4].isFixed && physics.parameters[4].start == 0.05)
  }

  @Test func theFileSaysWhereAFitBeginsAndStays() throws {
    let text = """
      {physics: pendulum, substeps: 4, parameters: {gravity: -20, gain: {min: 1, max: 3},
        viscous: {fixed: 0.2}, transition: {start: 0.1, max: 0.5}}}
      """
    let parameters = try #require(try robot(text).model.physics).parameters
    #expect(parameters[0].start == -20 && parameters[0].isStartGiven && !parameters[0].isFixed)
    #expect(parameters[1].bounds.low == 1 && parameters[1].bounds.high == 3)
    #expect(parameters[1].start == 1)
    #expect(parameters[2].isFixed && parameters[2].start == 0.2)
    #expect(!parameters[4].isFixed && parameters[4].start == 0.1)
  }

  @Test(arguments: [
    ("{physics: pendulun}", "model.physics", "did you mean pendulum?"),
    ("{physics: cart_pole}", "model.physics", "4 and 1"),
    ("{physics: pendulum, parameters: {mass: 1}}", "model.parameters.mass", "gravity, gain"),
    (
      "{physics: pendulum, parameters: {gain: {min: 3, max: 2}}}", "model.parameters.gain",
      "min below"
    ),
    (
      "{physics: pendulum, parameters: {gain: {start: 9, max: 2}}}", "model.parameters.gain.start",
      "within"
    ),
    (
      "{physics: pendulum, parameters: {gain: {fixed: 1, max: 2}}}", "model.parameters.gain.max",
      "fixed alone"
    ),
    ("{parameters: {gain: 1}}", "model.parameters", "with model.physics only"),
    ("{substeps: 3}", "model.substeps", "with model.physics only"),
    ("{physics: pendulum, substeps: 0}", "model.substeps", "1...100"),
  ])
  func faultsSayWhereAndWhat(model: String, key: String, allowed: String) throws {
    let found = try faults(of: minimal("model: \(model)"))
    #expect(found.map(\.key) == [key])
    #expect(found.first?.allowed.contains(allowed) == true, "\(found)")
  }

  /// Every equation of the core can be named, and by the core's own name.
  @Test func theFileKnowsTheCoresEquations() {
    let names = (0..<PhysicsEquation.count).map {
      "\(PhysicsEquation(rawValue: UInt8($0))!.name)"
    }
    #expect(PhysicsDescription.Equation.names == names)
  }
}
