import Testing

@testable import ReplanCore

@Suite struct FeedbackLawTests {
  private func fixture() -> ControllerFixture {
    var configuration = ControllerFixture.configuration(fallback: .feedback)
    configuration.guarding.feedback.append(.init(action: 0, state: 0, gain: -2, target: 0.5))
    configuration.guarding.feedback.append(.init(action: 0, state: 2, gain: 1, target: 3))
    configuration.limits.safe[0] = 1
    return ControllerFixture(configuration, isReady: false)
  }

  @Test func itFollowsTheGainsWhereTheStateIsKnown() {
    let decision = fixture().tick(0, [2.5, 0, 3.25, 0])
    #expect(decision.verdict == .outsideEnvelope)
    #expect(abs(decision.action[0] - (1 - 2 * 2 + 0.25)) < 1e-5)
  }

  @Test func theDistanceOfAnAngleIsWrapped() {
    let decision = fixture().tick(0, [2.5, 0, -3.183_185_3, 0])
    #expect(abs(decision.action[0] - (1 - 2 * 2 + 0.1)) < 1e-4)
  }

  @Test func blindItIsTheSafeAction() {
    let fixture = fixture()
    _ = fixture.tick(0, [0.5, .nan, 3, 0])
    #expect(fixture.tick(1, [0.5, .nan, 3, 0]).verdict == .notFinite)
    #expect(fixture.tick(2, [0.5, .nan, 3, 0]).action[0] == 1)
  }

  /// It needs no model, and acts where nothing else would: outside the envelope.
  @Test func aPlantIsSettledFromWhereverItIs() {
    var configuration = ControllerFixture.configuration(fallback: .safe)
    configuration.settling.append(.init(action: 0, state: 0, gain: -2, target: 0.5))
    let fixture = ControllerFixture(configuration, isReady: false)
    fixture.controller.begin(episode: 1, mode: .settle)
    for (tick, x) in [Float(0), 1, 2.5].enumerated() {
      let decision = fixture.tick(tick, [x, 0, 3, 0])
      #expect(decision.verdict == .settled && !decision.verdict.isFallback)
      #expect(abs(decision.action[0] + 2 * (x - 0.5)) < 1e-5)
    }
    // Blindly it is not driven.
    let blind = fixture.tick(3, [.nan, 0, 3, 0])
    #expect(blind.verdict == .notFinite && blind.action[0] == 0)
    fixture.controller.begin(episode: 2, mode: .plan)
    #expect(fixture.tick(0, [0, 0, 3, 0]).verdict == .noModel)
  }

  @Test func itIsLimited() {
    #expect(fixture().tick(0, [-12, 0, 3, 0]).action[0] == 10)
  }
}
