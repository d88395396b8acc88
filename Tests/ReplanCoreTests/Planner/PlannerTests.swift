import Testing

@testable import ReplanCore

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
