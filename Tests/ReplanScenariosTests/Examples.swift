import Foundation
import ReplanCore
import ReplanRobot

@testable import ReplanScenarios

/// Files and recordings that the tests vary.
enum Examples {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// From here the robot files are found by the relative paths below.
  static let file = root + "/hil/scenarios/example.yaml"

  static let text = """
    name: example
    description: One of everything.
    robot: ../../robots/cart-pole.yaml
    model: ../models/cart-pole.safetensors
    initial: {random: 7}
    duration: 5
    plant: {seed: 3, noise: 2, actuation_delay: 1}
    seed: 9
    faults:
      - {fault: sensor-frozen, channel: pole_angle, from: 1, until: 1.5}
      - {fault: loss, probability: 0.2}
    controller_faults:
      - {fault: recorder-stall, at: 1, for: 0.5}
      - {fault: planner-late, at: 2, for: 0.2}
    expect:
      - {reaches_target: {within: 4.0}}
      - {fallback: {within_ms: 60, of: 1.0}}
      - {recovers: {within: 1.0}}
      - {verdicts: {stale: {at_least: 1, at_most: 10}, not_finite: {at_most: 0}}}
      - {ends: time-up}
      - {recording: complete}
    """

  static func scenario(_ text: String = text) throws(RobotError) -> Scenario {
    try Scenario.parse(text: text, file: file)
  }

  static func cartPole() throws -> RobotDescription {
    try RobotDescription.load(path: root + "/robots/cart-pole.yaml")
  }

  /// 2 s at 50 Hz: upright all along, planned all along, without force.
  static func recording() -> Recording {
    var recording = Recording(period: 0.02, end: "time-up")
    for k in 0..<100 {
      let time = Double(k) * 0.02
      recording.ticks.append(Recording.Tick(time: time, verdict: .planned))
      recording.observations.append(
        Recording.Observation(time: time, values: [0, 0, 0, 0]))
      recording.actions.append(Recording.Action(tick: k, values: [0]))
    }
    recording.plant = recording.observations.map {
      Recording.PlantSample(time: $0.time, state: $0.values, applied: [1])
    }
    return recording
  }
}

extension Recording {
  /// The indices of the samples from one time to another.
  func samples(_ from: Double, _ to: Double) -> Range<Int> {
    Int((from / period).rounded())..<Int((to / period).rounded())
  }
}
