import Foundation
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLearn

@Suite struct VelocityFilterTests {
  private func robot(_ estimator: String) throws -> RobotDescription {
    try RobotDescription.parse(
      text: """
        name: r
        rate: 100
        observation:
          - {name: angle, unit: rad, kind: angle, noise: 0.01}
          - {name: velocity, unit: rad/s, measured: false}
        action: [{name: u, unit: N, min: -1, max: 1}]
        structure: {second_order: {angle: velocity}}
        estimator: \(estimator)
        objective: {terms: [{quadratic: velocity}]}
        """, file: "r.yaml")
  }

  /// A log of positions alone, read as identification reads it.
  private func recording(_ estimator: String, _ position: (Double) -> Double) throws -> Recording {
    var lines = ["time,angle,u"]
    for k in 0..<200 {
      let time = Double(k) / 100
      lines.append("\(time),\(remainder(position(time), 2 * .pi)),0")
    }
    let path = NSTemporaryDirectory() + "velocity-\(UUID()).csv"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let robot = try robot(estimator)
    return try Recording.read(
      path, for: robot, map: ColumnMap(), settings: SeriesSettings(tick: robot.period))
  }

  @Test func differencesGoRoundTheCircle() throws {
    let trajectory = try #require(recording("difference") { 3 * $0 }.trajectories.first)
    for k in 1...trajectory.count {
      #expect(abs(trajectory.states[2 * k + 1] - 3) < 1e-3, "sample \(k)")
    }
  }

  /// A steady rise of the velocity shows how late the filter is.
  @Test(arguments: ["difference", "{kind: lowpass, cutoff: 4}", "{kind: kalman, cutoff: 4}"])
  func theLagIsThatOfTheLoop(estimator: String) throws {
    let trajectory = try #require(recording(estimator) { $0 * $0 / 2 }.trajectories.first)
    let last = trajectory.count
    let lag = Double(last) / 100 - Double(trajectory.states[2 * last + 1])
    let robot = try robot(estimator.replacing("kalman", with: "lowpass"))
    #expect(abs(lag - robot.estimatorDelay!) < 2e-4)
  }

  @Test func whatIsNeitherMeasuredNorEstimatedIsAskedFor() throws {
    let robot = try robot("difference")
    #expect(VelocityFilter(robot, missing: ["velocity"]) != nil)
    #expect(VelocityFilter(robot, missing: ["angle", "velocity"]) == nil)
    #expect(VelocityFilter(robot, missing: []) == nil)
  }
}
