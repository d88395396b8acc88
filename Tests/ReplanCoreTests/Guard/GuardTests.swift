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
    let configuration = ControllerFixture.configuration(slew: 4)
    func limited(_ wanted: Float, after previous: Float) -> Float {
      Guard().limit(
        ActionVector(repeating: wanted), after: ActionVector(repeating: previous), configuration)[0]
    }
    #expect(limited(3, after: 0) == 3)
    #expect(limited(9, after: 0) == 4 && limited(-9, after: 0) == -4)
    #expect(limited(13, after: 9) == 10)
    #expect(limited(.nan, after: 2) == 0 && limited(.infinity, after: 7) == 3)
  }
}
