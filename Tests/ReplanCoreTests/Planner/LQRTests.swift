import Testing

@testable import ReplanCore

@Suite struct LQRTests {
  private func fixture(
    drift: Float = 0, gain: Float = 1, target: Float = 0, rate: Float = 0
  ) -> PlannerFixture {
    let parameters = SpreadFixture.parameters(gains: [gain, gain], drift: drift)
    var objective = Objective()
    objective.append(Term(.quadratic, channel: 0, weight: 1, target: target))
    objective.append(Term(.action, channel: 0, weight: 1))
    if rate > 0 { objective.append(Term(.actionRate, channel: 0, weight: rate)) }
    let settings = LQRConfiguration(horizon: 60, iterations: 300, regularisation: 0)
    return PlannerFixture(
      SpreadFixture.configuration(
        .lqr(settings), parameters, objective: objective, value: .expected,
        propagation: Propagation()),
      parameters)
  }

  /// x' = x + u under x² + u²: P² = P + 1, the golden ratio, and u = -P / (1 + P) x = -0.618 x.
  @Test func theGainOfTheIntegratorIsTheGoldenRatio() {
    let fixture = fixture()
    let outcome = fixture.improve([1])
    #expect(abs(fixture.actions[0] + 0.618_034) < 1e-4)
    #expect(abs(fixture.actions[1] + 0.618_034 * (1 - 0.618_034)) < 1e-4)
    // The cost from x = 1 is P - 1: the first state does not count.
    #expect(abs(outcome.cost - 0.618_034) < 1e-3)
  }

  @Test func itGoesToTheTarget() {
    let fixture = fixture(target: 1.5)
    _ = fixture.improve([1])
    #expect(abs(fixture.actions[0] - 0.5 * 0.618_034) < 1e-4)
  }

  /// The state settles where holding costs least, which is the target: the action is minus the
  /// drift, though an action of 0 would cost nothing.
  @Test(arguments: [Float(0), 0.5])
  func aDriftIsHeldAgainst(rate: Float) {
    let fixture = fixture(drift: 0.3, rate: rate)
    _ = fixture.improve([1])
    let state = fixture.actions.reduce(1) { $0 + $1 + 0.3 }
    #expect(abs(state) < 1e-2 && abs(fixture.actions[59] + 0.3) < 1e-2)
  }

  @Test func anActionWithoutEffectStaysAtItsTarget() {
    let fixture = fixture(gain: 0)
    #expect(fixture.improve([1]).isUsable)
    #expect(fixture.actions.allSatisfy { abs($0) < 1e-5 })
  }

  /// With limits out of reach, the linear plant's best plan is the regulator's, but for its end.
  @Test func iterativeAndPlainRegulatorAgreeOnALinearPlant() {
    let lqr = fixture(rate: 0.4)
    _ = lqr.improve([1])
    var configuration = lqr.configuration
    configuration.planner = .ilqr(
      ILQRConfiguration(horizon: 60, iterations: 3, candidates: 1, regularisation: 0))
    let ilqr = PlannerFixture(configuration, lqr.parameters)
    let outcome = ilqr.improve([1])
    #expect(outcome.isUsable && outcome.iterations <= 3, "one step solves a linear problem")
    for t in 0..<30 { #expect(abs(lqr.actions[t] - ilqr.actions[t]) < 1e-3) }
  }
}
