import Testing

@testable import ReplanCore

@Suite struct ILQRTests {
  private let start: [Float] = [0.3, -0.4, 2.2, 0.5]

  /// At a minimum inside the limits every partial derivative of the mean cost vanishes.
  @Test func allMembersAtOnceFindAStationaryPlan() {
    let fixture = PlannerFixture(
      .ilqr(
        ILQRConfiguration(
          horizon: 20, iterations: 80, candidates: 1, regularisation: 1e-4, dynamics: .members)),
      actionRate: 0.002)
    let outcome = fixture.improve(start)
    func cost(_ plan: [Float]) -> Double {
      (0..<3).map { fixture.cost(plan, from: start, member: $0) }.reduce(0, +) / 3
    }
    let plan = fixture.actions
    let base = cost(plan)
    #expect(abs(Double(outcome.cost) - base) < 1e-3 * base)
    for t in 0..<20 {
      var up = plan
      var down = plan
      up[t] += 0.05
      down[t] -= 0.05
      let slope = (cost(up) - cost(down)) / 0.1
      // A held action may want to leave the box only.
      if plan[t] >= 10 - 1e-4 {
        #expect(slope < 3e-3)
      } else if plan[t] <= -10 + 1e-4 {
        #expect(slope > -3e-3)
      } else {
        #expect(abs(slope) < 3e-3 * max(1, base))
      }
    }
  }

  /// On its own measure, the mean of the members' costs, the plan for all beats that for the mean.
  @Test func thePlanForAllMembersIsBetterForAllMembers() {
    func expected(_ dynamics: ILQRConfiguration.Dynamics) -> Double {
      let fixture = PlannerFixture(
        .ilqr(
          ILQRConfiguration(horizon: 20, iterations: 60, candidates: 1, dynamics: dynamics)))
      _ = fixture.improve(start)
      return (0..<3).map { fixture.cost(fixture.actions, from: start, member: $0) }
        .reduce(0, +) / 3
    }
    #expect(expected(.members) < expected(.mean))
  }

  @Test func aMemberAloneIsItsOwnMean() {
    func plan(_ dynamics: ILQRConfiguration.Dynamics) -> [Float] {
      var configuration = ControllerFixture.configuration(
        .ilqr(ILQRConfiguration(horizon: 20, iterations: 5, dynamics: dynamics)))
      configuration.shape = .small(.cartPole, members: 1)
      let fixture = PlannerFixture(configuration, RandomParameters(configuration.shape, seed: 4))
      _ = fixture.improve(start)
      return fixture.actions
    }
    #expect(plan(.mean) == plan(.members))
  }

  /// Executed on the model itself, one iteration a tick comes to the plans of many.
  @Test func theRealTimeModeConvergesOverTheTicks() {
    let fixture = PlannerFixture(
      .ilqr(ILQRConfiguration(horizon: 20, isRealTime: true)), actionRate: 0.002)
    let settled = PlannerFixture(
      .ilqr(ILQRConfiguration(horizon: 20, iterations: 60, candidates: 1)), actionRate: 0.002)
    var state = start.map(Double.init)
    var previous: Float = 0
    for tick in 0..<30 {
      fixture.planner.shift()
      let now = state.map(Float.init)
      let outcome = fixture.improve(now, tick: tick, previous: previous)
      #expect(outcome.isUsable && outcome.iterations == 1)
      if tick >= 10 {
        settled.planner.plan.fill(ActionVector(repeating: 0))
        for (t, action) in fixture.actions.enumerated() { settled.planner.plan.actions[t] = action }
        let best = settled.improve(now, tick: tick, previous: previous)
        #expect(outcome.cost <= best.cost * 1.01 + 1e-3)
      }
      previous = fixture.actions[0]
      state = fixture.reference.next(member: nil, state, [Double(previous)])
    }
  }

  @Test func failedStepsRaiseTheRegularisationEverFasterAndSuccessLowersIt() {
    var schedule = RegularisationSchedule(regularisation: 1e-3)
    #expect(schedule.amount == 0)
    var amounts: [Float] = []
    for _ in 0..<5 {
      schedule.raise()
      amounts.append(schedule.amount)
    }
    let ratios = zip(amounts.dropFirst(), amounts).map { $0 / $1 }
    #expect(amounts[0] == 1e-3 && ratios == [4, 8, 16, 32])
    for _ in 0..<40 { schedule.raise() }
    #expect(schedule.amount.isFinite && schedule.amount >= RegularisationSchedule.most)
    for _ in 0..<12 { schedule.lower() }
    #expect(schedule.amount == 0)
  }

  @Test func polishingNeverMakesASampledPlanWorse() {
    let sampling = CrossEntropyConfiguration(
      horizon: 20, iterations: 3, candidates: 60, elites: 6)
    let sampled = PlannerFixture(.crossEntropy(sampling)).improve(start)
    for dynamics in [ILQRConfiguration.Dynamics.mean, .members] {
      let fixture = PlannerFixture(
        .polished(sampling, ILQRConfiguration(horizon: 20, iterations: 5, dynamics: dynamics)))
      let outcome = fixture.improve(start)
      #expect(outcome.cost <= sampled.cost && outcome.iterations > sampled.iterations)
      // The mean's optimum need not be better for the members; theirs is.
      if dynamics == .members { #expect(outcome.cost < 0.99 * sampled.cost) }
      let costs = (0..<3).map { fixture.cost(fixture.actions, from: start, member: $0) }
      #expect(abs(Double(outcome.cost) - costs.reduce(0, +) / 3) < 1e-3 * Double(outcome.cost))
    }
  }
}
