import ReplanNumerics
import Testing

@testable import ReplanCore

/// Planning with the cost that the model has learned.
@Suite struct LearnedCostTests {
  private typealias Cost = LearnedCostFixture.Cost

  private static let planners: [PlannerConfiguration] = [
    .crossEntropy(
      CrossEntropyConfiguration(horizon: 3, iterations: 20, candidates: 200, elites: 20)),
    .pathIntegral(PathIntegralConfiguration(horizon: 3, iterations: 30, candidates: 400)),
    .ilqr(ILQRConfiguration(horizon: 3, iterations: 20, candidates: 1, regularisation: 1e-4)),
    .ilqr(
      ILQRConfiguration(
        horizon: 3, iterations: 20, candidates: 1, regularisation: 1e-4, dynamics: .members)),
  ]

  /// The cost is least where the next state is 1.2: from 0.5 the first action is 0.7.
  @Test(arguments: planners)
  func theLearnedCostAloneTellsTheAction(settings: PlannerConfiguration) {
    let bowl = Cost(state: 2, action: 2, offset: -2.4, isBowl: true)
    let fixture = LearnedCostFixture.planner(
      settings, LearnedCostFixture.parameters([bowl, bowl]))
    let outcome = fixture.improve([0.5])
    #expect(outcome.isUsable && outcome.cost < 0.02)
    #expect(abs(fixture.actions[0] - 0.7) < 0.05)
  }

  /// Beside a term: (a - 2)² pulls to 2, the line 2 a back by half its weight.
  @Test(arguments: planners)
  func itJoinsTheTerms(settings: PlannerConfiguration) {
    var objective = Objective(learnedCost: 0.5)
    objective.append(Term(.action, channel: 0, weight: 1, target: 2))
    let line = Cost(action: 2)
    let fixture = LearnedCostFixture.planner(
      settings, LearnedCostFixture.parameters([line, line]), objective: objective)
    #expect(fixture.improve([0.5]).isUsable)
    #expect(abs(fixture.actions[0] - 1.5) < 0.05)
  }

  /// At the target 0 the root of z tanh(z / 2), z = s + a - 1, is taken as a line; it meets 0 at
  /// 2 tanh ½ / (tanh ½ + ½ / cosh² ½) = 1.080.
  @Test func theRegulatorExpandsItAtTheTarget() {
    let bowl = Cost(state: 1, action: 1, offset: -1, isBowl: true)
    let fixture = LearnedCostFixture.planner(
      .lqr(LQRConfiguration(horizon: 4, iterations: 100, regularisation: 0)),
      LearnedCostFixture.parameters([bowl, bowl]))
    let outcome = fixture.improve([0.3])
    #expect(abs(fixture.actions[0] - (1.0805 - 0.3)) < 1e-3 && abs(fixture.actions[1]) < 1e-3)
    #expect(outcome.isUsable && abs(outcome.cost) < 1e-3)
  }

  /// One member says that an action costs -2 a, the other a; the action itself costs a². The mean
  /// is least at a = ¼. With two particles the 15 % quantile lies at -1.55 a, the 97.5 % quantile at
  /// 0.925 a for a > 0 and 1.925 |a| for a < 0, which is least at 0.
  @Test(arguments: [
    (Value.expected, Float(0.25)), (.pessimistic(0.95), 0), (.optimistic(0.7), 0.775),
  ])
  func disagreementAboutTheCostIsValued(value: Value, action: Float) {
    var objective = Objective(learnedCost: 1)
    objective.append(Term(.action, channel: 0, weight: 1))
    let parameters = LearnedCostFixture.parameters([Cost(action: -2), Cost(action: 1)])
    let settings = CrossEntropyConfiguration(
      horizon: 2, iterations: 30, candidates: 300, elites: 20)
    let fixture = LearnedCostFixture.planner(
      .crossEntropy(settings), parameters, objective: objective, value: value)
    #expect(fixture.improve([0]).isUsable)
    #expect(abs(fixture.actions[0] - action) < 0.05)
    let ofMean = LearnedCostFixture.planner(
      .crossEntropy(settings), parameters, objective: objective, value: value,
      propagation: Propagation(.mean))
    _ = ofMean.improve([0])
    #expect(abs(ofMean.actions[0] - 0.25) < 0.05, "the mean knows no disagreement")
  }

  /// Costs of sixteen candidates that do nothing for four steps.
  private func costs(
    _ parameters: RandomParameters, _ objective: Objective, noise: Bool, iteration: Int = 0
  ) -> Lanes {
    let configuration = SpreadFixture.configuration(
      .randomShooting(RandomShootingConfiguration(horizon: 4)), parameters,
      objective: objective, value: .expected,
      propagation: Propagation(.member, hasNoise: noise, particles: 1))
    let fixture = PlannerFixture(configuration, parameters)
    var measure = Arena.measuring()
    _ = Scorer(configuration, horizon: 4, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let scorer = Scorer(configuration, horizon: 4, arena: &arena)
    var actions = [Lanes](repeating: .zero, count: 4)
    var result = Lanes(repeating: 0)
    fixture.withProblem([0]) {
      scorer.score(&actions, vectors: 1, first: 0, iteration: iteration, $0, into: &result)
    }
    return withExtendedLifetime(block) { result }
  }

  /// Three steps of the constant cost 0.5 and one that counts three times, twice weighted.
  @Test func theLastStepCountsTerminalTimes() {
    let parameters = LearnedCostFixture.parameters([Cost(offset: 0.5)])
    let found = costs(parameters, Objective(terminal: 3, learnedCost: 2), noise: false)
    #expect(abs(found[3] - 6) < 1e-5)
  }

  /// Four independent draws, the last one counting twice: seven times the variance of one.
  @Test(arguments: [nil, Float(-1.5)])
  func sampledNoiseOfTheCostHasItsVariance(logVariance: Float?) {
    let parameters = LearnedCostFixture.parameters(
      [Cost(offset: 0.5)], variance: 0.25, logVariance: logVariance)
    let variance = logVariance == nil ? 0.25 : 0.223_130
    var sum: Double = 0
    var squares: Double = 0
    for iteration in 0..<400 {
      let found = costs(
        parameters, Objective(terminal: 2, learnedCost: 1), noise: true, iteration: iteration)
      for lane in 0..<16 {
        let deviation = Double(found[lane]) - 2.5
        sum += deviation / 6400
        squares += deviation * deviation / 6400
      }
    }
    #expect(abs(sum) < 0.06 && abs(squares / (7 * variance) - 1) < 0.06)
  }

  @Test func aCostThatIsNotFiniteIsNeverPlanned() {
    let parameters = LearnedCostFixture.parameters([Cost(offset: .nan)])
    #expect(
      costs(parameters, Objective(learnedCost: 1), noise: false)
        == Lanes(repeating: .infinity))
    // Where it does not count it is not read.
    #expect(costs(parameters, Objective(), noise: false) == Lanes(repeating: 0))
    for settings in Self.planners {
      let fixture = LearnedCostFixture.planner(settings, parameters)
      #expect(!fixture.improve([0.5]).isUsable)
    }
  }

  /// At a minimum inside the limits every partial derivative of the cost vanishes; the references
  /// are in double precision.
  @Test(arguments: [ILQRConfiguration.Dynamics.mean, .members])
  func iterativeRegulatorsFindAStationaryPlan(dynamics: ILQRConfiguration.Dynamics) {
    var configuration = ControllerFixture.configuration(
      .ilqr(
        ILQRConfiguration(
          horizon: 20, iterations: 80, candidates: 1, regularisation: 1e-4, dynamics: dynamics)),
      actionRate: 0.002)
    configuration.shape.predictsCost = true
    configuration.objective.learnedCost = 2
    let fixture = PlannerFixture(configuration, RandomParameters(configuration.shape, seed: 21))
    let start: [Float] = [0.3, -0.4, 2.2, 0.5]
    let outcome = fixture.improve(start)
    func cost(_ plan: [Float]) -> Double {
      guard dynamics == .members else { return fixture.cost(plan, from: start, member: nil) }
      return (0..<3).map { fixture.cost(plan, from: start, member: $0) }.reduce(0, +) / 3
    }
    let plan = fixture.actions
    let base = cost(plan)
    #expect(abs(Double(outcome.cost) - base) < 1e-3 * abs(base))
    for t in 0..<20 {
      var up = plan
      var down = plan
      up[t] += 0.05
      down[t] -= 0.05
      let slope = (cost(up) - cost(down)) / 0.1
      if plan[t] >= 10 - 1e-4 {
        #expect(slope < 5e-3)
      } else if plan[t] <= -10 + 1e-4 {
        #expect(slope > -5e-3)
      } else {
        #expect(abs(slope) < 5e-3 * max(1, abs(base)))
      }
    }
  }

  @Test func aWeightWithoutAHeadIsRefused() async {
    await #expect(processExitsWith: .failure) {
      var configuration = ControllerFixture.configuration()
      configuration.objective.learnedCost = 1
      _ = Controller.byteCount(configuration)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = ControllerFixture.configuration()
      configuration.shape.predictsCost = true
      configuration.objective.learnedCost = -1
      _ = Controller.byteCount(configuration)
    }
  }
}
