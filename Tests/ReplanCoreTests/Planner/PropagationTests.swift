import Foundation
import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct PropagationTests {
  private static let horizon = 4

  /// Costs of sixteen candidates that all do the same, valued by their particles' mean.
  private func costs(
    _ parameters: RandomParameters, _ propagation: Propagation, action: Float = 0,
    value: Value = .expected, iteration: Int = 0
  ) -> Lanes {
    var objective = Objective()
    objective.append(Term(.quadratic, channel: 0, weight: 1))
    let configuration = SpreadFixture.configuration(
      .randomShooting(RandomShootingConfiguration(horizon: Self.horizon)), parameters,
      objective: objective, value: value, propagation: propagation)
    let fixture = PlannerFixture(configuration, parameters)
    var measure = Arena.measuring()
    _ = Scorer(configuration, horizon: Self.horizon, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let scorer = Scorer(configuration, horizon: Self.horizon, arena: &arena)
    var actions = [Lanes](repeating: Lanes(repeating: action), count: Self.horizon)
    var result = Lanes(repeating: 0)
    fixture.withProblem([0]) {
      scorer.score(&actions, vectors: 1, first: 0, iteration: iteration, $0, into: &result)
    }
    return withExtendedLifetime(block) { result }
  }

  /// 1 + 4 + 9 + 16 steps of the gain, squared.
  @Test func aParticleFollowsOneMemberThroughout() {
    let parameters = SpreadFixture.parameters(gains: [1, -1, 3])
    let expected: Float = 30 * (1 + 1 + 9) / 3
    #expect(abs(costs(parameters, Propagation(.member), action: 1)[4] - expected) < 1e-3)
    #expect(
      abs(costs(parameters, Propagation(.member, particles: 6), action: 1)[4] - expected) < 1e-3)
    #expect(abs(costs(parameters, Propagation(.member, particles: 2), action: 1)[4] - 30) < 1e-3)
  }

  @Test func theMeanOfTheMembersIsOneParticle() {
    let parameters = SpreadFixture.parameters(gains: [1, -1, 3])
    #expect(Propagation(.mean).count(members: 3) == 1)
    #expect(abs(costs(parameters, Propagation(.mean), action: 1)[0] - 30) < 1e-3)
  }

  /// With gains ±1 the position is a random walk: its square is t after t steps, 1 + 2 + 3 + 4.
  @Test func aResampledMemberMakesARandomWalk() {
    let parameters = SpreadFixture.parameters(gains: [1, -1])
    var sum: Float = 0
    for iteration in 0..<200 {
      let cost = costs(
        parameters, Propagation(.resampled, particles: 64), action: 1, iteration: iteration)
      #expect(cost == Lanes(repeating: cost[0]), "all candidates share the draw")
      sum += cost[0] / 200
    }
    #expect(abs(sum - 10) < 0.4)
    #expect(abs(costs(parameters, Propagation(.member), action: 1)[0] - 30) < 1e-3)
  }

  @Test func constantNoiseHasItsVariance() {
    for dynamics in [Propagation.Dynamics.mean, .member, .resampled] {
      let parameters = SpreadFixture.parameters(gains: [1, 1], variance: 0.25)
      let propagation = Propagation(dynamics, hasNoise: true, particles: 64)
      let cost = (0..<100).map { costs(parameters, propagation, iteration: $0).orderedSum() / 1600 }
      // A random walk of variance 0.25: 0.25 (1 + 2 + 3 + 4).
      #expect(abs(cost.reduce(0, +) - 2.5) < 0.05)
      let one = costs(parameters, propagation)
      #expect(one[0] != one[1], "candidates draw their own")
      #expect(one == costs(parameters, propagation), "and draw the same again")
    }
  }

  @Test(arguments: [(-3, -3), (8, 3), (-30, -10)] as [(Float, Float)])
  func predictedNoiseHasItsVarianceWithinItsHardLimits(stated: Float, used: Float) {
    let parameters = SpreadFixture.parameters(gains: [1, 1], logVariance: stated)
    let propagation = Propagation(.member, hasNoise: true, particles: 64)
    let cost = (0..<100).map { costs(parameters, propagation, iteration: $0).orderedSum() / 1600 }
    #expect(abs(cost.reduce(0, +) / (10 * exp(used)) - 1) < 0.02)
  }

  @Test func withoutSampledNoiseTheLogVariancesAreNotRead() {
    let parameters = SpreadFixture.parameters(gains: [1, 1], logVariance: .nan)
    #expect(costs(parameters, Propagation(.member), action: 1)[0] == 30)
    let noisy = Propagation(.member, hasNoise: true)
    #expect(costs(parameters, noisy, action: 1)[0] == .infinity)
  }

  /// Members that disagree about the effect of an action: on average it has none. A reward for
  /// acting, and a cliff at 1: the mean sees no danger, the particles do.
  @Test func plansAreTheMoreCarefulTheMorePessimisticTheirValue() {
    let parameters = SpreadFixture.parameters(gains: [1, -1, 0.5, -0.5])
    var objective = Objective()
    objective.append(Term(.action, channel: 0, weight: 1, target: 2))
    objective.append(Term(.range, channel: 0, weight: 4, high: 1))
    func firstAction(_ value: Value, _ dynamics: Propagation.Dynamics) -> Float {
      let fixture = PlannerFixture(
        SpreadFixture.configuration(
          .crossEntropy(
            CrossEntropyConfiguration(horizon: 2, iterations: 20, candidates: 200, elites: 20)),
          parameters, objective: objective, value: value, propagation: Propagation(dynamics)),
        parameters)
      _ = fixture.improve([0])
      return fixture.actions[0]
    }
    let ofMean = firstAction(.expected, .mean)
    let optimistic = firstAction(.optimistic(0.7), .member)
    let expected = firstAction(.expected, .member)
    let pessimistic = firstAction(.pessimistic(0.95), .member)
    #expect(ofMean > 1.99 && optimistic > expected + 0.05 && expected > pessimistic + 0.05)
  }
}
