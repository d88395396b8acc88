import PlantRig
import ReplanCore
import ReplanRobot
import Testing

@testable import ReplanLoop

@Suite struct SuccessMonitorTests {
  private func monitor(_ conditions: String, hold: String = "0.05") throws -> SuccessMonitor {
    let text = EpisodeRig.robotText(rate: 100)
      .replacing("success: [{channel: angle, within: 0.01}]", with: "success: [\(conditions)]")
      .replacing("hold: 0.1", with: "hold: \(hold)")
    return SuccessMonitor(try RobotDescription.parse(text: text, file: "robot.yaml"), for: .mpc)
  }

  private func state(angle: Float, x: Float = 0) -> StateVector {
    var values = StateVector(repeating: 0)
    values[0] = x
    values[2] = angle
    return values
  }

  private func update(_ monitor: inout SuccessMonitor, angle: Float) -> Bool {
    monitor.update(state(angle: angle))
  }

  @Test func aStretchOfFiveTicksTakesSixSamples() throws {
    var monitor = try monitor("{channel: angle, within: 0.2}")
    let angles: [Float] = [0.1, 0.1, 0.1, 0.1, 0.1, -0.1, 0.2, 0.21, 0, 0, 0, 0, 0, 0]
    let done = angles.map { update(&monitor, angle: $0) }
    #expect(done.indices.filter { done[$0] } == [5, 6, 13])
  }

  @Test func anglesAreWrapped() throws {
    var monitor = try monitor("{channel: angle, within: 0.2, of: 3.1}", hold: "0.01")
    for angle: Float in [-3.1, 3.1 + 4 * .pi, 3.1 - 6 * .pi, -3.05] {
      _ = monitor.update(state(angle: angle))
    }
    #expect(monitor.held == 4)
    _ = monitor.update(state(angle: -2.9))
    #expect(monitor.held == 0)
  }

  @Test func aLengthIsNotWrapped() throws {
    var monitor = try monitor("{channel: x, within: 0.2}")
    _ = monitor.update(state(angle: 0, x: 2 * .pi))
    #expect(monitor.held == 0)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func whatIsNotFiniteDoesNotHold(
    value: Float
  ) throws {
    for conditions in ["{channel: angle, within: 9}", "{channel: x, within: 1000000}"] {
      var monitor = try monitor(conditions)
      _ = monitor.update(state(angle: 0))
      #expect(monitor.held == 1)
      _ = monitor.update(state(angle: value, x: value))
      #expect(monitor.held == 0)
    }
  }

  @Test func allConditionsMustHold() throws {
    var monitor = try monitor("{channel: angle, within: 0.2}, {channel: x, within: 1}")
    _ = monitor.update(state(angle: 0, x: 0.5))
    #expect(monitor.held == 1)
    _ = monitor.update(state(angle: 0, x: 1.5))
    #expect(monitor.held == 0)
    _ = monitor.update(state(angle: 1, x: 0))
    #expect(monitor.held == 0)
  }

  @Test func withoutConditionsNothingSucceeds() throws {
    var monitor = try monitor("")
    let done = (0..<100).map { _ in update(&monitor, angle: 0) }
    #expect(!done.contains(true))
  }
}
