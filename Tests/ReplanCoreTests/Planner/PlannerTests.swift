import ReplanNumerics
import Testing

@testable import ReplanCore

/// One planner on random networks, with the reference to value its plans.
private final class PlannerFixture {
  let configuration: ControllerConfiguration
  let ensemble: Ensemble
  let planner: Planner
  let objective: CostTable
  let limits: LimitTable
  let reference: EnsembleReference
  private let block: Block

  init(_ settings: PlannerConfiguration, slew: Float = .infinity, actionRate: Float = 0) {
    configuration = ControllerFixture.configuration(settings, slew: slew, actionRate: actionRate)
    let parameters = RandomParameters(configuration.shape, seed: 21)
    reference = EnsembleReference(structure: configuration.structure, parameters: parameters)
    var measure = Arena.measuring()
    _ = Ensemble(structure: configuration.structure, shape: configuration.shape, arena: &measure)
    _ = Planner(configuration, arena: &measure)
    _ = CostTable(configuration.objective, arena: &measure)
    _ = LimitTable(actionCount: 1, arena: &measure)
    block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    var ensemble = Ensemble(
      structure: configuration.structure, shape: configuration.shape, arena: &arena)
    ensemble.prepare(structure: configuration.structure, shape: configuration.shape)
    ensemble.adopt(parameters.block.floats)
    self.ensemble = ensemble
    planner = Planner(configuration, arena: &arena)
    planner.prepare()
    objective = CostTable(configuration.objective, arena: &arena)
    objective.prepare(configuration.objective)
    limits = LimitTable(actionCount: 1, arena: &arena)
    limits.prepare(configuration.limits)
    planner.reset(configuration.limits.safe)
  }

  func improve(_ state: [Float], units: Int = .max, tick: Int = 0) -> PlanOutcome {
    let previous: [Float] = [0]
    return state.withUnsafeBufferPointer { state in
      previous.withUnsafeBufferPointer { previous in
        planner.improve(
          PlanningProblem(
            model: .ensemble(ensemble), objective: objective, limits: limits, state: state.baseAddress!,
            previous: previous.baseAddress!,
            key: RandomKey(seed: 1, episode: 1, tick: tick))
        ) { $0 < units }
      }
    }
  }

  var actions: [Float] { (0..<planner.plan.horizon).map { planner.plan.actions[$0] } }

  /// The objective of a plan, computed plainly; member nil is the mean dynamics.
  func cost(_ actions: [Float], from state: [Float], member: Int?) -> Double {
    var s = state.map(Double.init)
    var total = 0.0
    var previous: Float = 0
    for (t, action) in actions.enumerated() {
      s = reference.next(member: member, s, [Double(action)])
      var now = StateVector(repeating: 0)
      for i in 0..<4 { now[i] = Float(s[i]) }
      let act = ActionVector { $0 == 0 ? action : 0 }
      let before = ActionVector { $0 == 0 ? previous : 0 }
      let all = Double(configuration.objective.cost(state: now, action: act, previous: before))
      let still = StateVector(repeating: 0)
      let actionPart =
        Double(configuration.objective.cost(state: still, action: act, previous: before))
        - Double(
          configuration.objective.cost(
            state: still, action: ActionVector(repeating: 0),
            previous: ActionVector(repeating: 0)))
      let factor = t == actions.count - 1 ? Double(configuration.objective.terminal) : 1
      total += (all - actionPart) * factor + actionPart
      previous = action
    }
    return total
  }
}

private let start: [Float] = [0.3, -0.4, 2.2, 0.5]
private let ilqr = PlannerConfiguration.ilqr(ILQRConfiguration(horizon: 20, iterations: 8))
private let cem = PlannerConfiguration.crossEntropy(
  CrossEntropyConfiguration(horizon: 20, iterations: 6, candidates: 100, elites: 10))

@Suite struct PlannerTests {
  @Test func ilqrReportsTheCostOfItsPlan() {
    for rate: Float in [0, 0.002] {
      let fixture = PlannerFixture(ilqr, actionRate: rate)
      let outcome = fixture.improve(start)
      let expected = fixture.cost(fixture.actions, from: start, member: nil)
      #expect(abs(Double(outcome.cost) - expected) < 1e-3 * expected)
    }
  }

  @Test func crossEntropyReportsTheMeanCostOverParticles() {
    let fixture = PlannerFixture(cem)
    let outcome = fixture.improve(start)
    let costs = (0..<3).map { fixture.cost(fixture.actions, from: start, member: $0) }
    let expected = costs.reduce(0, +) / 3
    #expect(abs(Double(outcome.cost) - expected) < 1e-3 * expected)
    let ofMean = fixture.cost(fixture.actions, from: start, member: nil)
    #expect(abs(expected - ofMean) > 1e-4, "E[V] and V[E] differ, so the test tells them apart")
  }

  /// At a minimum inside the limits every partial derivative of the cost vanishes.
  @Test func ilqrFindsAStationaryPlan() {
    let fixture = PlannerFixture(
      .ilqr(ILQRConfiguration(horizon: 20, iterations: 60, candidates: 1, regularisation: 1e-4)),
      actionRate: 0.002)
    _ = fixture.improve(start)
    let plan = fixture.actions
    let base = fixture.cost(plan, from: start, member: nil)
    let h: Float = 0.05
    for t in 0..<20 {
      var up = plan
      var down = plan
      up[t] += h
      down[t] -= h
      let rise = fixture.cost(up, from: start, member: nil)
      let fall = fixture.cost(down, from: start, member: nil)
      let slope = (rise - fall) / Double(2 * h)
      // A held action may want to leave the box only.
      if plan[t] >= 10 - 1e-4 {
        #expect(slope < 2e-3)
      } else if plan[t] <= -10 + 1e-4 {
        #expect(slope > -2e-3)
      } else {
        #expect(abs(slope) < 2e-3 * max(1, base))
      }
    }
  }

  @Test func moreIterationsNeverWorsenThePlan() {
    for settings in [ilqr, cem] {
      var last = Float.infinity
      for units in 1...6 {
        let outcome = PlannerFixture(settings).improve(start, units: units)
        #expect(outcome.iterations <= units && outcome.cost <= last)
        last = outcome.cost
      }
    }
  }

  @Test func plansStayInsideLimitsAndSlew() {
    for settings in [ilqr, cem] {
      let fixture = PlannerFixture(settings, slew: 3)
      for tick in 0..<10 {
        _ = fixture.improve(start, tick: tick)
        var last: Float = 0
        for action in fixture.actions {
          #expect(abs(action) <= 10 && abs(action - last) <= 3 + 1e-4)
          last = action
        }
      }
    }
  }

  @Test func withoutTimeThereIsNoPlan() {
    for settings in [ilqr, cem] {
      let outcome = PlannerFixture(settings).improve(start, units: 0)
      #expect(!outcome.isUsable && outcome.iterations == 0)
    }
  }

  @Test func aStateThatIsNotFiniteGivesNoPlan() {
    for settings in [ilqr, cem] {
      #expect(!PlannerFixture(settings).improve([0, .nan, 0, 0]).isUsable)
    }
  }
}
