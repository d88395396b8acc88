import Testing

@testable import ReplanCore

/// One state that each member moves by its own gain, and a target beyond the envelope.
@Suite struct PlanReviewTests {
  private func fixture(
    gains: [Float], drift: Float = 0, ticks: Int = 6, propagation: Propagation = Propagation(),
    variance: Float = 0, share: Float = 0.95
  ) -> ControllerFixture {
    let parameters = SpreadFixture.parameters(gains: gains, variance: variance, drift: drift)
    var objective = Objective()
    objective.append(Term(.quadratic, channel: 0, weight: 1, target: 5))
    var configuration = SpreadFixture.configuration(
      .ilqr(ILQRConfiguration(horizon: 10)), parameters, objective: objective, value: .expected,
      propagation: propagation)
    configuration.timing = .immediate
    configuration.guarding.envelopeLow[0] = -1
    configuration.guarding.envelopeHigh[0] = 1
    configuration.guarding.envelopeTicks = ticks
    configuration.guarding.envelopeShare = share
    return ControllerFixture(configuration, parameters: parameters)
  }

  /// Runs the plant with this gain in a loop with the controller.
  private func run(
    _ fixture: ControllerFixture, gain: Float, from start: Float = 0
  ) -> (states: [Float], verdicts: [Verdict]) {
    var state = start
    var states: [Float] = []
    var verdicts: [Verdict] = []
    for k in 0..<40 {
      let decision = fixture.tick(k, [state])
      state += gain * decision.action[0]
      states.append(state)
      verdicts.append(decision.verdict)
    }
    return (states, verdicts)
  }

  @Test func withoutItThePlanLeaves() {
    let result = run(fixture(gains: [0.1, 0.1], ticks: 0), gain: 0.1)
    #expect(result.states.contains { $0 > 1 } && result.verdicts.contains(.outsideEnvelope))
  }

  /// The plan is kept as long as it may be, and then a cautious one stands in: the state comes near
  /// the limit and never passes it.
  @Test func aMoreCautiousPlanKeepsTheStateInside() {
    let result = run(fixture(gains: [0.1, 0.1]), gain: 0.1)
    #expect(result.states.allSatisfy { $0 <= 1 } && result.states.last! > 0.75)
    #expect(result.verdicts.contains(.restrained))
    #expect(!result.verdicts.contains { $0.isFallback })
  }

  /// The worst particle counts: with one member of three that moves four times as far, the state
  /// stays where even that one would not leave.
  @Test func theWorstMemberDecides() {
    let careful = run(fixture(gains: [0.1, 0.1, 0.4]), gain: 0.1, from: -0.5)
    #expect(careful.states.allSatisfy { $0 <= 1 })
    #expect(careful.verdicts[0] == .restrained)
    #expect(run(fixture(gains: [0.1, 0.1, 0.1]), gain: 0.1, from: -0.5).verdicts[0] == .planned)
  }

  @Test func whereEverythingLeavesTheFallbackTakesOver() {
    let fixture = fixture(gains: [0.01, 0.01], drift: 0.2)
    let decision = fixture.tick(0, [0.9])
    #expect(decision.verdict == .leavingEnvelope && decision.action[0] == 0)
    #expect(fixture.tick(1, [-0.9]).verdict == .planned)
  }

  /// With noise of 0.3 a step, one of hundreds of particles leaves; that is within the tolerance of
  /// a central region of 20 %, and not of one of 99.9 %.
  @Test func theShareOfTheCentralRegionSetsTheTolerance() {
    let noisy = Propagation(.member, hasNoise: true, particles: 64)
    let wide = fixture(
      gains: [0, 0], ticks: 1, propagation: noisy, variance: 0.25, share: 0.999)
    let narrow = fixture(
      gains: [0, 0], ticks: 1, propagation: noisy, variance: 0.25, share: 0.2)
    #expect(wide.tick(0, [0]).verdict == .leavingEnvelope)
    #expect(narrow.tick(0, [0]).verdict == .planned)
  }

  // MARK: What is known

  /// The members' outputs are a and 1.2 a, whose variance is 0.02 a².
  private func gated(_ bound: Float, needed: Int = 3) -> ControllerFixture {
    let parameters = SpreadFixture.parameters(gains: [1, 1.2])
    var objective = Objective()
    objective.append(Term(.quadratic, channel: 0, weight: 1, target: 20))
    var configuration = SpreadFixture.configuration(
      .ilqr(ILQRConfiguration(horizon: 10)), parameters, objective: objective, value: .expected,
      propagation: Propagation())
    configuration.guarding.knownTicks = needed
    configuration.guarding.envelopeLow[0] = -100
    configuration.guarding.envelopeHigh[0] = 100
    let fixture = ControllerFixture(configuration, parameters: parameters)
    fixture.controller.bound(disagreement: bound)
    return fixture
  }

  /// The plan goes at full speed, 2, through the whole horizon: a variance of 0.08.
  @Test func aPlanBeyondWhatIsKnownIsNotExecuted() {
    let known = gated(0.085).tick(0, [0])
    #expect(known.verdict == .planned && known.knownTicks == 10 && known.action[0] > 1.9)
    let unknown = gated(0.07).tick(0, [0])
    #expect(unknown.verdict == .unknown && unknown.knownTicks == 0 && unknown.action[0] == 0)
    #expect(abs(unknown.disagreement - 0.08) < 1e-3)
    #expect(gated(.infinity).tick(0, [0]).verdict == .planned)
  }

  /// Close to the target the plan is slow soon: only its first ticks are unknown.
  @Test func aPlanIsFollowedOnlyAsFarAsItIsKnown() {
    let fixture = gated(0.085, needed: 1)
    #expect(fixture.tick(0, [0]).verdict == .planned)
    #expect(fixture.tick(1, [2], units: 0).verdict == .shifted)
    fixture.controller.bound(disagreement: 1e-9)
    #expect(fixture.tick(2, [4]).verdict == .unknown)
    #expect(fixture.tick(3, [4], units: 0).verdict == .late)
  }

  /// Close to the target the plan is slow after its first tick, so that the first alone is unknown;
  /// what was refused is not followed either.
  @Test func aPlanThatWasRefusedIsNotFollowed() {
    let fixture = gated(0.085)
    #expect(fixture.tick(0, [0]).verdict == .planned)
    fixture.controller.bound(disagreement: 1e-9)
    #expect(fixture.tick(1, [2]).verdict == .unknown)
    #expect(fixture.tick(2, [2], units: 0).verdict == .late)
    let leaving = self.fixture(gains: [0.01, 0.01], drift: 0.2)
    #expect(leaving.tick(0, [0.9]).verdict == .leavingEnvelope)
    #expect(leaving.tick(1, [0.9], units: 0).verdict == .late)
  }
}
