import ReplanRobot
import Testing

@testable import ReplanIdentify

@Suite struct ExcitationSettingsTests {
  private func robot(_ more: String = "") throws -> RobotDescription {
    try RobotDescription.parse(
      text: """
        name: r
        rate: 100
        observation: [{name: x, unit: m}]
        action: [{name: u, unit: N, min: -2, max: 4, slew: 50, safe: 1}]
        objective: {terms: [{quadratic: x}]}
        planner: {horizon: 2}
        \(more)
        """, file: "r.yaml")
  }

  @Test func bandAndLengthComeFromHorizonAndRate() throws {
    let settings = try ExcitationSettings(robot(), kind: .multisine, seed: 3)
    #expect(settings.band == 0.25...2.5)
    #expect(settings.ticks == 1600 && settings.isLengthFree && settings.amplitude == 0.5)
    #expect(
      settings.channels == [
        .init(name: "u", low: -2, high: 4, safe: 1, slewPerTick: 0.5)
      ])
  }

  @Test func whatIsGivenIsTaken() throws {
    let settings = try ExcitationSettings(
      robot(), kind: .prbs, amplitude: 0.2, band: 1...20, seconds: 3, seed: 3)
    #expect(settings.band == 1...20 && settings.ticks == 300 && settings.amplitude == 0.2)
    #expect(!settings.isLengthFree)
    // A short length raises the band's beginning, where the user has not said it.
    #expect(try ExcitationSettings(robot(), kind: .ou, seconds: 2, seed: 1).band == 0.5...2.5)
  }

  @Test func contradictionsAreTold() throws {
    let robot = try robot()
    #expect(throws: ExcitationError.band(low: 1, high: 60, rate: 100)) {
      try ExcitationSettings(robot, kind: .ou, band: 1...60, seed: 1)
    }
    let short = #expect(throws: ExcitationError.self) {
      try ExcitationSettings(robot, kind: .ou, band: 1...2, seconds: 0.5, seed: 1)
    }
    #expect(short?.description.contains("--duration 1.0") == true)
    #expect(throws: ExcitationError.tooLong(seconds: 7200)) {
      try ExcitationSettings(robot, kind: .ou, seconds: 7200, seed: 1)
    }
  }
}
