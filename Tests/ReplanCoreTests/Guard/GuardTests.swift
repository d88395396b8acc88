import Testing

@testable import ReplanCore

@Suite struct GuardTests {
  /// The base policy knows no slew, so only the guard can hold it.
  @Test func theSlewLimitHoldsWhileExploring() {
    let fixture = ControllerFixture(
      ControllerFixture.configuration(slew: 1.5), isReady: false)
    fixture.controller.begin(episode: 0, mode: .explore(.uniform(amplitude: 1, ticks: 1)))
    var last: Float = 0
    var bound = 0
    for k in 0..<100 {
      let action = fixture.tick(k).action[0]
      #expect(abs(action - last) <= 1.5 + 1e-5)
      if abs(action - last) > 1.49 { bound += 1 }
      last = action
    }
    #expect(bound > 20, "the limit has to bind for the test to say anything")
  }

  @Test func anActionIsMadeFiniteAndBroughtInsideItsLimits() {
    let fixture = ControllerFixture(ControllerFixture.configuration(slew: 4))
    func limited(_ wanted: Float, after previous: Float) -> Float {
      fixture.controller.supervisor.limit(
        ActionVector(repeating: wanted), after: ActionVector(repeating: previous))[0]
    }
    #expect(limited(3, after: 0) == 3)
    #expect(limited(9, after: 0) == 4 && limited(-9, after: 0) == -4)
    #expect(limited(13, after: 9) == 10)
    #expect(limited(.nan, after: 2) == 0 && limited(.infinity, after: 7) == 3)
  }

  private func fixture(step: [Float], stale: Int = 2) -> ControllerFixture {
    var configuration = ControllerFixture.configuration()
    for (i, limit) in step.enumerated() { configuration.guarding.stepPerTick[i] = limit }
    configuration.guarding.staleTicks = stale
    return ControllerFixture(configuration)
  }

  @Test func aJumpIsRefusedAndBridged() {
    let fixture = fixture(step: [0.1, .infinity, .infinity, .infinity], stale: 1)
    #expect(fixture.tick(0, [0.5, 0, 3, 0]).verdict == .planned)
    #expect(fixture.tick(1, [0.59, 0, 3, 0]).verdict == .planned)
    #expect(fixture.tick(2, [0.9, 0, 3, 0]).verdict == .bridged)
    #expect(fixture.tick(3, [1.2, 0, 3, 0]).verdict == .implausible)
    // Three ticks after the last that was accepted, three steps are plausible.
    #expect(fixture.tick(4, [0.85, 0, 3, 0]).verdict == .planned)
  }

  /// Ticks that were missed altogether: three samples later three steps are plausible.
  @Test func whatThePlantMovedMeanwhileIsPlausible() {
    let fixture = fixture(step: [0.1, .infinity, .infinity, .infinity])
    _ = fixture.tick(0, [0.5, 0, 3, 0])
    var state = StateVector(repeating: 0)
    (state[0], state[2]) = (0.75, 3)
    for (elapsed, verdict) in [(1, Verdict.bridged), (3, .planned)] {
      fixture.controller.begin(episode: 1, mode: .plan)
      _ = fixture.tick(0, [0.5, 0, 3, 0])
      let decision = fixture.controller.tick(
        Observation(values: state, tick: 1, elapsedSamples: elapsed), tick: 1
      ) { _ in true }
      #expect(decision.verdict == verdict)
    }
  }

  @Test func theFirstObservationOfAnEpisodeMayBeAnything() {
    let fixture = fixture(step: [0.1, .infinity, .infinity, .infinity])
    _ = fixture.tick(0, [0, 0, 3, 0])
    fixture.controller.begin(episode: 2, mode: .plan)
    #expect(fixture.tick(0, [2, 0, 3, 0]).verdict == .planned)
  }

  @Test func anAngleMayPassItsSeam() {
    let fixture = fixture(step: [.infinity, .infinity, 0.2, .infinity])
    #expect(fixture.tick(0, [0, 0, 3.1, 0]).verdict == .planned)
    #expect(fixture.tick(1, [0, 0, -3.1, 0]).verdict == .planned)
    #expect(fixture.tick(2, [0, 0, 0, 0]).verdict == .bridged)
  }
}
