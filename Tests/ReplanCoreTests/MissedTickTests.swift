import Testing

@testable import ReplanCore

/// What is committed, and how old the plan is, after ticks that the loop had to give up.
@Suite struct MissedTickTests {
  /// Numbers the actions of a fixture by the tick that decided them: 0, 1, 2, ...
  private func decide(_ fixture: ControllerFixture, ticks: Range<Int>) -> [Float] {
    ticks.map { fixture.tick($0, [0.1, 0, 3 - Float($0) / 10, 0.2]).action[0] }
  }

  private func committed(_ fixture: ControllerFixture) -> [Float] {
    (0..<fixture.controller.committedCount).map { fixture.controller.committed[$0][0] }
  }

  /// At each edge an action is sent; over a gap the last one that was sent stays in force.
  @Test(arguments: [OutputTiming.nextTick, .immediate], [0, 1, 2, 3])
  func theActionSentLastStaysInForce(timing: OutputTiming, latency: Int) {
    for missed in 0...5 {
      let fixture = ControllerFixture(
        ControllerFixture.configuration(latency: latency, timing: timing))
      // What was sent at each sample, as a plant with that latency sees it; the safe action before.
      let decisions = decide(fixture, ticks: 0..<6)
      var inForce: [Float] = [Float](repeating: 0, count: latency + 1)
      inForce += timing == .nextTick ? [0] + decisions.dropLast() : decisions
      inForce += [Float](repeating: inForce.last!, count: missed)
      // The action of the tick itself, decided at the one before.
      if timing == .nextTick { inForce.append(decisions.last!) }
      let expected = inForce.suffix(fixture.controller.committedCount)
      fixture.controller.passOver(
        Observation(values: StateVector(repeating: 0), tick: 6, elapsedSamples: 1 + missed),
        tick: 6)
      #expect(committed(fixture) == Array(expected), "\(missed) missed")
    }
  }

  @Test func ticksThatRanWithoutASampleAreNotMissed() {
    let fixture = ControllerFixture(ControllerFixture.configuration(latency: 2))
    _ = decide(fixture, ticks: 0..<6)
    // Two ticks meet no sample, then the third after them comes.
    _ = fixture.tick(6, age: 1)
    _ = fixture.tick(7, age: 2)
    let before = committed(fixture)
    #expect(Set(before).count == 3)
    fixture.controller.passOver(
      Observation(values: StateVector(repeating: 0), tick: 8, elapsedSamples: 3), tick: 8)
    #expect(committed(fixture) == before)
  }

  @Test func aSampleThatComesATickLateIsNoMissedTick() {
    let fixture = ControllerFixture(ControllerFixture.configuration(latency: 2))
    _ = decide(fixture, ticks: 0..<6)
    _ = fixture.tick(6, age: 1)
    // Sample 6 at tick 7, then 8 at tick 8.
    _ = fixture.tick(7, [0.1, 0, 2.3, 0.2])
    let before = committed(fixture)
    fixture.controller.passOver(
      Observation(values: StateVector(repeating: 0), tick: 8, elapsedSamples: 2), tick: 8)
    #expect(committed(fixture) == before)
    // It makes up for one sample, not for a gap.
    fixture.controller.passOver(
      Observation(values: StateVector(repeating: 0), tick: 9, elapsedSamples: 3), tick: 9)
    #expect(committed(fixture) != before)
  }

  /// An observation that the guard refuses tells of missed ticks all the same.
  @Test func aRefusedSampleCounts() {
    let fixture = ControllerFixture(ControllerFixture.configuration(latency: 2))
    let decisions = decide(fixture, ticks: 0..<6)
    _ = fixture.tick(6, [.nan, 0, 0, 0], elapsed: 1)
    let pending = committed(fixture).last!
    fixture.controller.passOver(
      Observation(values: StateVector(repeating: 0), tick: 7, elapsedSamples: 3), tick: 7)
    #expect(committed(fixture) == [decisions[5], decisions[5], pending])
  }

  @Test func thePlanIsAsOldAsTheTimeThatHasPassed() {
    let fixture = ControllerFixture()
    _ = fixture.tick(0)
    let planned = fixture.controller.planner.plan.action(3)[0]
    // Two ticks were missed, and this one has no time either: the fourth action is due.
    let shifted = fixture.tick(1, units: 0, elapsed: 3)
    #expect(shifted.verdict == .shifted && shifted.action[0] == planned)
    // As long as a plan may be followed in all.
    #expect(fixture.tick(2, units: 0).verdict == .late)
  }

  @Test func anyNumberOfThemIsBorne() {
    let fixture = ControllerFixture(ControllerFixture.configuration(latency: 3))
    _ = decide(fixture, ticks: 0..<3)
    #expect(fixture.tick(3, elapsed: .max).action[0].isFinite)
    #expect(fixture.tick(4, elapsed: .min).action[0].isFinite)
  }
}
