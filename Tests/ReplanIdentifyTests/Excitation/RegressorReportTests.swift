import Foundation
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanIdentify

@Suite struct RegressorReportTests {
  private func robot() throws -> RobotDescription {
    try RobotDescription.parse(
      text: """
        name: r
        rate: 100
        observation: [{name: x, unit: m}, {name: v, unit: m/s}, {name: w, unit: V}]
        action: [{name: u, unit: N, min: -2, max: 2}]
        objective: {terms: [{quadratic: x}]}
        """, file: "r.yaml")
  }

  private func set(_ row: (Int) -> (Float, Float, Float, Float)) -> TransitionSet {
    var set = TransitionSet(stateCount: 3, actionCount: 1)
    for k in 0..<400 {
      let (x, v, w, u) = row(k)
      set.append(state: [x, v, w], action: [u], nextState: [x, v, w])
    }
    return set
  }

  /// Four orthogonal waves over whole periods.
  @Test func orthogonalColumnsHaveSingularValuesOfOne() throws {
    let report = try #require(
      RegressorReport(
        set { k in
          let t = 2 * Float.pi * Float(k) / 400
          return (7 * sin(t), 3 + cos(t), sin(2 * t), 100 * cos(3 * t))
        }, robot()))
    #expect(report.columns == ["x", "v", "w", "u"] && report.constant.isEmpty)
    for value in report.singularValues { #expect(abs(value - 1) < 1e-4) }
    #expect(report.samples == 400 && abs(report.condition - 1) < 1e-3)
  }

  /// Correlation r makes the singular values of a pair the roots of 1 + r and 1 - r.
  @Test func whatGoesTogetherIsNamed() throws {
    let report = try #require(
      RegressorReport(
        set { k in
          let t = 2 * Float.pi * Float(k) / 400
          return (sin(t), 5, 0.6 * sin(t) + 0.8 * cos(t), sin(5 * t))
        }, robot()))
    #expect(report.constant == ["v"])
    let expected = [1.6, 1, 0.4].map { $0.squareRoot() }
    for (value, wanted) in zip(report.singularValues, expected) {
      #expect(abs(value - wanted) < 1e-4)
    }
    #expect(abs(report.condition - 2) < 1e-3 && Set(report.weakest) == ["x", "w"])
  }

  @Test func fewerSamplesThanColumnsTellNothing() throws {
    var few = TransitionSet(stateCount: 3, actionCount: 1)
    few.append(state: [1, 2, 3], action: [4], nextState: [1, 2, 3])
    #expect(RegressorReport(few, try robot()) == nil)
  }
}
