import Testing

@testable import ReplanCore

/// Plans that are executed for several ticks before another is made.
@Suite struct ExecutedPlanTests {
  private func fixture(_ ticks: Int) -> ControllerFixture {
    var configuration = ControllerFixture.configuration()
    configuration.executedTicks = ticks
    return ControllerFixture(configuration)
  }

  @Test func aPlanIsMadeAnewOnlyAfterItsTicks() {
    let fixture = fixture(4)
    let decisions = (0..<9).map { fixture.tick($0, [0.1, 0, 3, 0.2]) }
    let expected: [Verdict] = [
      .planned, .followed, .followed, .followed, .planned, .followed, .followed, .followed,
      .planned,
    ]
    #expect(decisions.map(\.verdict) == expected)
    #expect(decisions.map { $0.iterations > 0 } == expected.map { $0 == .planned })
    #expect(decisions[1].planCost.isNaN && !decisions[1].verdict.isFallback)
  }

  @Test func itsActionsAreThoseOfThePlanWhateverIsObserved() {
    let fixture = fixture(5)
    _ = fixture.tick(0)
    var plan = [Float](repeating: 0, count: 12)
    var state = [Float](repeating: 0, count: 4)
    fixture.controller.copyPlan(state: &state, actions: &plan)
    for k in 1..<5 {
      let decision = fixture.tick(k, [0.1 + 0.05 * Float(k), 0.3, 2.5, -0.5])
      #expect(decision.action[0] == plan[k])
    }
    #expect(fixture.tick(5).verdict == .planned)
  }

  @Test func aFallbackEndsIt() {
    let fixture = fixture(6)
    _ = fixture.tick(0)
    #expect(fixture.tick(1).verdict == .followed)
    // Outside of the envelope.
    #expect(fixture.tick(2, [3, 0, 3, 0]).verdict == .outsideEnvelope)
    #expect(fixture.tick(3).verdict == .planned)
    #expect(fixture.tick(4).verdict == .followed)
    fixture.controller.begin(episode: 2, mode: .plan)
    #expect(fixture.tick(0).verdict == .planned)
  }

  @Test func aPlanThatIsLateIsFollowedAsEver() {
    let fixture = fixture(3)
    #expect(fixture.tick(0).verdict == .planned)
    _ = fixture.tick(1)
    _ = fixture.tick(2)
    #expect(fixture.tick(3, units: 0).verdict == .shifted)
    #expect(fixture.tick(4).verdict == .planned)
  }

  @Test func byDefaultEveryTickPlans() {
    let fixture = ControllerFixture()
    #expect((0..<4).map { fixture.tick($0).verdict } == Array(repeating: .planned, count: 4))
  }
}
