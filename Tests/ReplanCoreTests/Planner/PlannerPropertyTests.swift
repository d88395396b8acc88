import Testing

@testable import ReplanCore

/// What holds for every planner, value and propagation.
@Suite struct PlannerPropertyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let planner: PlannerConfiguration
    let value: Value
    let propagation: Propagation
    let noise: NoiseHead
    /// Its plan is the best it has seen, so that more units never worsen its cost.
    let keepsBest: Bool
    /// It draws random numbers.
    let samples: Bool
    var testDescription: String { name }

    func fixture(slew: Float = .infinity, actionRate: Float = 0) -> PlannerFixture {
      PlannerFixture(
        planner, slew: slew, actionRate: actionRate, value: value, propagation: propagation,
        noise: noise)
    }
  }

  static let planners: [(String, PlannerConfiguration, Bool)] = [
    ("ilqr", .ilqr(ILQRConfiguration(horizon: 10, iterations: 4, candidates: 20)), true),
    (
      "ilqr, members",
      .ilqr(ILQRConfiguration(horizon: 10, iterations: 4, candidates: 20, dynamics: .members)), true
    ),
    ("ilqr, real time", .ilqr(ILQRConfiguration(horizon: 10, isRealTime: true)), true),
    ("lqr", .lqr(LQRConfiguration(horizon: 10)), true),
    (
      "polished",
      .polished(
        CrossEntropyConfiguration(horizon: 10, iterations: 2, candidates: 40, elites: 5),
        ILQRConfiguration(horizon: 10)), true
    ),
    ("cem", .crossEntropy(CrossEntropyConfiguration(horizon: 10, candidates: 40, elites: 5)), true),
    (
      "plain cem", .crossEntropy(.plain(horizon: 10, iterations: 3, candidates: 50, elites: 5)),
      false
    ),
    ("icem", .crossEntropy(.improved(horizon: 10, iterations: 4, candidates: 70)), true),
    (
      "mppi",
      .pathIntegral(
        PathIntegralConfiguration(
          horizon: 10, iterations: 3, candidates: 45, controlCost: 0.05, adaptation: 0.3,
          knots: Knots(every: 3, .linear))), false
    ),
    (
      "shooting",
      .randomShooting(
        RandomShootingConfiguration(horizon: 10, candidates: 33, knots: Knots(every: 4))), true
    ),
  ]
  static let values: [(String, Value)] = [
    ("expected", .expected), ("pessimistic", .pessimistic(0.95)), ("optimistic", .optimistic(0.7)),
  ]
  static let propagations: [(String, Propagation)] = [
    ("mean", Propagation(.mean)), ("member", Propagation(.member)),
    ("resampled", Propagation(.resampled, particles: 5)),
    ("mean with noise", Propagation(.mean, hasNoise: true, particles: 4)),
    ("member with noise", Propagation(.member, hasNoise: true, particles: 4)),
    ("resampled with noise", Propagation(.resampled, hasNoise: true)),
  ]

  static let cases: [Case] = planners.flatMap { planner in
    values.flatMap { value in
      propagations.enumerated().map { index, propagation in
        Case(
          name: "\(planner.0), \(value.0), \(propagation.0)", planner: planner.1, value: value.1,
          propagation: propagation.1, noise: index % 2 == 0 ? .constant : .predicted,
          // With sampled noise the cost of a polished plan is one of its own draw.
          keepsBest: planner.2 && (planner.0 != "polished" || !propagation.1.hasNoise),
          samples: !["ilqr, real time", "lqr"].contains(planner.0))
      }
    }
  }

  private let start: [Float] = [0.3, -0.4, 2.2, 0.5]

  @Test(arguments: cases)
  func plansAreFiniteAndInsideLimitsAndSlew(this: Case) {
    let fixture = this.fixture(slew: 3, actionRate: 0.002)
    var random = TestRandom(3)
    var previous: Float = 0
    for tick in 0..<6 {
      let scale: Float = tick == 4 ? 1e4 : 2
      let state = (0..<4).map { _ in random.uniform(-scale, scale) }
      fixture.planner.shift()
      let outcome = fixture.improve(state, tick: tick, previous: previous)
      #expect(outcome.isUsable && outcome.cost.isFinite)
      var last = previous
      for action in fixture.actions {
        #expect(action.isFinite && abs(action) <= 10 && abs(action - last) <= 3 + 1e-4)
        last = action
      }
      previous = fixture.actions[0]
    }
  }

  @Test(arguments: cases)
  func theSameSeedGivesTheSameBits(this: Case) {
    func run(_ seed: UInt64) -> [UInt32] {
      let fixture = this.fixture()
      return (0..<3).flatMap { tick in
        let outcome = fixture.improve(start, tick: tick, seed: seed)
        fixture.planner.shift()
        return [outcome.cost.bitPattern] + fixture.actions.map(\.bitPattern)
      }
    }
    #expect(run(1) == run(1))
    if this.samples { #expect(run(1) != run(2)) }
  }

  @Test(arguments: cases)
  func moreUnitsNeverWorsenThePlan(this: Case) {
    var last = Float.infinity
    for units in 1...4 {
      let outcome = this.fixture().improve(start, units: units)
      #expect(outcome.iterations <= units && outcome.isUsable)
      if this.keepsBest { #expect(outcome.cost <= last) }
      last = outcome.cost
    }
    let none = this.fixture().improve(start, units: 0)
    #expect(!none.isUsable && none.iterations == 0)
  }

  @Test(arguments: cases)
  func whatIsNotFiniteGivesNoPlan(this: Case) {
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(!this.fixture().improve([0.1, bad, 0, 0]).isUsable)
      let fixture = this.fixture()
      let layout = ParameterLayout(fixture.configuration.shape)
      for i in 0..<layout.count { fixture.parameters.block.floats[i] = bad }
      fixture.adopt()
      #expect(!fixture.improve(start).isUsable)
      for action in fixture.actions { #expect(action.isFinite) }
    }
  }

  @Test(arguments: cases)
  func whatIsHugeNeverTraps(this: Case) {
    let fixture = this.fixture(slew: 2)
    for state: Float in [1e30, -3e38, 1e-37, 1e9] {
      _ = fixture.improve([state, -state, state, state])
      for action in fixture.actions { #expect(abs(action) <= 10) }
    }
  }
}
