import Foundation
import ReplanCore
import Testing

@testable import ReplanRobot

@Suite struct EstimatorDescriptionTests {
  private func text(
    _ estimator: String, velocity: String = "measured: false", noise: String = "0.01"
  )
    -> String
  {
    """
    name: r
    rate: 100
    observation:
      - {name: x, unit: m, noise: \(noise)}
      - {name: v, unit: m/s, \(velocity)}
      - {name: a, unit: V, noise: 0.1}
    action:
      - {name: u, unit: N, min: -1, max: 1}
    structure: {second_order: {x: v}}
    \(estimator)
    objective: {terms: [{quadratic: x}]}

    """
  }

  private func robot(_ estimator: String, velocity: String = "measured: false") throws
    -> RobotDescription
  {
    try RobotDescription.parse(text: text(estimator, velocity: velocity), file: "robot.yaml")
  }

  @Test func withoutTheKeyNothingIsEstimated() throws {
    let robot = try robot("", velocity: "noise: 0.1")
    #expect(robot.estimator.kind == .none && robot.measuredIndices == [0, 1, 2])
    let core = robot.controllerConfiguration(seed: 1).estimator
    #expect(core.method == .none && (0..<32).allSatisfy { !core.isEstimated[$0] })
    #expect(robot.estimatorDelay == nil)
  }

  @Test func aWordAndASectionSayTheSame() throws {
    for (word, section) in [
      ("difference", "{kind: difference}"), ("lowpass", "{kind: lowpass, cutoff: 10}"),
      ("kalman", "{kind: kalman, cutoff: 10}"),
    ] {
      let (a, b) = (try robot("estimator: \(word)"), try robot("estimator: \(section)"))
      #expect(a.estimator.kind == b.estimator.kind && a.measuredIndices == [0, 2])
      let (left, right) = (a.estimatorConfiguration(), b.estimatorConfiguration())
      #expect(left.method == right.method && left.isEstimated[1] && !left.isEstimated[0])
      for i in 0..<3 { #expect(left.processDeviation[i] == right.processDeviation[i]) }
    }
  }

  @Test func delaysAreStated() throws {
    #expect(try robot("estimator: difference").estimatorDelay == 0.005)
    let delay = try #require(robot("estimator: {kind: lowpass, cutoff: 5}").estimatorDelay)
    // A low-pass of first order lags by 1 / (2 pi f), and what a tick adds to that.
    #expect(abs(delay - 1 / (10 * Double.pi)) < 1e-3)
    #expect(try robot("estimator: kalman").estimatorDelay == nil)
  }

  @Test func theFiltersNoiseComesFromCutoffAndSensors() throws {
    let core = try robot("estimator: {kind: kalman, cutoff: 5, process_noise: {a: 0.3}}")
      .estimatorConfiguration()
    let omega = 2 * Double.pi * 5
    #expect(abs(Double(core.processDeviation[1]) - 0.01 * omega * omega * 0.01) < 1e-5)
    #expect(core.processDeviation[2] == 0.3 && core.measurementDeviation[2] == 0.1)
    #expect(abs(core.initialDeviation[1] - 10) < 1e-4)
    guard case .kalman(let decay) = core.method else {
      Issue.record("no Kalman filter: \(core.method)")
      return
    }
    #expect(abs(Double(decay) - exp(-omega * 0.01)) < 1e-6)
  }

  @Test func aHistoryNeedsNothingElse() throws {
    let robot = try robot("estimator: {kind: history, ticks: 3}", velocity: "noise: 0.1")
    #expect(robot.estimator.ticks == 3)
    #expect(robot.estimatorConfiguration().method == .none)
  }

  @Test(arguments: [
    ("", "measured: false", "v, not measured, with estimator none"),
    ("estimator: history", "measured: false", "v, not measured, with estimator history"),
    ("estimator: {kind: lowpass, cutoff: 50}", "measured: false", "50 Hz"),
    ("estimator: {kind: difference, cutoff: 5}", "measured: false", "cutoff"),
    ("estimator: kalman", "range: [-1, 1]", "v without noise, with estimator kalman"),
    ("estimator: {kind: kalman, process_noise: {z: 1}}", "measured: false", "\"z\""),
    ("estimator: wiener", "measured: false", "\"wiener\""),
  ])
  func contradictionsAreTold(estimator: String, velocity: String, found: String) throws {
    let faults = try faults(of: text(estimator, velocity: velocity))
    #expect(!faults.isEmpty)
    #expect(faults.contains { $0.description.contains(found) }, "\(faults)")
  }

  @Test func aVelocityWithoutItsPositionIsTold() throws {
    let lone = text("estimator: difference").replacing("second_order: {x: v}", with: "")
    let found = try faults(of: lone)
    #expect(found.count == 1 && found[0].description.contains("structure.second_order"))
    let nothing = text("estimator: difference").replacing("noise: 0.01", with: "measured: false")
      .replacing("noise: 0.1}", with: "measured: false}")
    #expect(
      try faults(of: nothing).contains { $0.description.contains("no channel that is measured") })
  }

  @Test func theLineCarriesWhatIsMeasured() throws {
    let robot = try RobotDescription.parse(
      text: text("estimator: difference").replacing("rate: 100", with: "rate: 1000")
        + "link: {baud: 921600}\nplanner: {horizon: 0.1}\n", file: "r")
    #expect(robot.measuredIndices.count == 2)
  }

  @Test func aLatencyIsAssumedWhereTheFileSaysNone() throws {
    let robot = try robot("estimator: difference")
    #expect(!robot.isLatencyDeclared && robot.assuming(latency: 4).latency == 4)
    let declared = try self.robot("estimator: difference\nlatency: 2")
    #expect(declared.isLatencyDeclared && declared.assuming(latency: 4).latency == 2)
    #expect(declared.assuming(latency: 0, overriding: true).latency == 0)
  }

  @Test func itIsPartOfWhatThePlantMeans() throws {
    #expect(
      try robot("estimator: difference").plantMeaning
        != robot("estimator: lowpass").plantMeaning)
  }
}
