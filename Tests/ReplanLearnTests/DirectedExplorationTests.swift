import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLearn

/// Actions that seek what the members of an ensemble disagree about.
@Suite struct DirectedExplorationTests {
  /// A mass on a track that a force pushes: v' = v + tick * u.
  private static func robot(_ extra: String = "") throws -> RobotDescription {
    try RobotDescription.parse(
      text: """
        name: mass
        rate: 20
        observation:
          - {name: x, unit: m, noise: 0.001}
          - {name: v, unit: m/s, noise: 0.001}
        action:
          - {name: force, unit: N, min: -2, max: 2, safe: 0}
        structure: {second_order: {x: v}}
        objective: {terms: [{quadratic: x}]}
        model: {members: 3, hidden: [8], training: {steps: 300, batch: 32}}
        link: {simulator: cart-pole}
        \(extra)
        """, file: "mass.yaml")
  }

  /// Slow motions near 0 only.
  private static func data() -> TransitionSet {
    var set = TransitionSet(stateCount: 2, actionCount: 1)
    var (x, v): (Float, Float) = (0, 0)
    for k in 0..<60 {
      let u: Float = 0.4 * (k % 7 < 3 ? 1 : -1)
      let next = (x + 0.05 * v, v + 0.05 * u - 0.02 * v)
      set.append(state: [x, v], action: [u], nextState: [next.0, next.1])
      (x, v) = next
    }
    return set
  }

  private static func model(_ robot: RobotDescription) throws -> FittedModel {
    .ensemble(try ModelFitter(robot: robot, seed: 3).fit(data(), round: 1, place: .betweenEpisodes))
  }

  private func table(
    _ robot: RobotDescription, _ model: FittedModel, seed: UInt64 = 1, part: Int = 0
  ) -> [Float] {
    DirectedExploration(robot: robot, seed: seed).actions(
      model, data: Self.data(), starts: [[0, 0]], ticks: 20, part: part
    ).table.values
  }

  private func information(
    _ robot: RobotDescription, _ model: FittedModel, _ tables: [[Float]]
  ) -> [Float] {
    let rollout = InformationRollout(
      model, noise: [1e-6, 1e-6], low: [-.infinity, -.infinity], high: [.infinity, .infinity])
    return rollout.score(tables[...], from: [0, 0], ticks: 20)
  }

  @Test func itFindsMoreThanRandomActionsDo() throws {
    let robot = try Self.robot()
    let model = try Self.model(robot)
    var generator = Numbers(state: 4)
    let random = (0..<16).map { _ in
      (0..<20).map { _ in Float.random(in: -2...2, using: &generator) }
    }
    let best = information(robot, model, random).max() ?? 0
    let found = information(robot, model, [table(robot, model)])[0]
    #expect(found > best && best > 0, "\(found) against \(best)")
  }

  @Test func actionsKeepTheirLimitsAndSlew() throws {
    let robot = try Self.robot()
    let slewed = try RobotDescription.parse(
      text: robot.source.replacing("safe: 0", with: "safe: 0, slew: 8"), file: "mass.yaml")
    let values = table(slewed, try Self.model(slewed))
    #expect(values.count == 20 && values.allSatisfy { abs($0) <= 2 })
    // 8 N/s at 20 Hz.
    let steps = zip([0] + values, values).map { abs($1 - $0) }
    #expect(steps.allSatisfy { $0 <= 0.4001 } && steps.contains { $0 > 0.1 })
  }

  @Test func whatTheModelForeseesStaysInsideTheEnvelope() throws {
    let free = try Self.robot()
    let model = try Self.model(free)
    let bound = try Self.robot("envelope: {x: [-0.1, 0.1]}")
    func reach(_ table: [Float]) -> Float {
      var (x, v, reach): (Float, Float, Float) = (0, 0, 0)
      for u in table {
        (x, v) = (x + 0.05 * v, v + 0.05 * u - 0.02 * v)
        reach = max(reach, abs(x))
      }
      return reach
    }
    #expect(reach(table(bound, model)) < reach(table(free, model)))
    #expect(reach(table(bound, model)) < 0.15)
  }

  @Test func theSameSeedFindsTheSame() throws {
    let robot = try Self.robot()
    let model = try Self.model(robot)
    #expect(table(robot, model) == table(robot, model))
    #expect(table(robot, model) != table(robot, model, seed: 2))
    #expect(table(robot, model) != table(robot, model, part: 1))
  }
}

private struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
