import FirmwareSession
import ReplanPlants
import ReplanWire
import Testing

/// Actions, the watchdog and lockstep.
struct SessionActionTests {
  private func armed(_ clock: PlantClock = .streaming, delay: Int = 0) -> SessionRig {
    var rig = SessionRig(delay: delay)
    rig.pass(milliseconds: 3)
    if case .lockstep = clock { rig.command(.clock, 1) }
    rig.command(.reset, 0)
    rig.command(.armDisarm, 1)
    if case .streaming = clock { rig.pass(milliseconds: 20) }
    rig.forget()
    return rig
  }

  @Test func anActionIsInForceFromItsArrival() {
    var rig = armed()
    // 7 ms after the sample at 20 ms: 13 of 20 ms under the force.
    rig.pass(milliseconds: 4)
    rig.act(10, 1)
    rig.pass(milliseconds: 20)
    var plant = Plant(.cartPole, seed: PlantSeed(1, 0))
    plant.advance(PlantAction(repeating: 0), microseconds: 7000)
    plant.advance(PlantAction(10, 0, 0, 0), microseconds: 13_000)
    #expect(rig.observations[0].actionSequence == 1)
    #expect(abs(rig.observations[0].values[1] - plant.state[1]) < 1e-5)
    #expect(rig.observations[0].values[1] > 0.05)
  }

  @Test func valuesAreClampedToTheLimits() {
    var rig = armed()
    rig.act(1e9, 1)
    rig.pass(milliseconds: 20)
    #expect(rig.samples.last?.applied[0] == 10)
    rig.act(-1e9, 2)
    rig.pass(milliseconds: 20)
    #expect(rig.samples.last?.applied[0] == -10)
  }

  @Test func theWatchdogAppliesTheSafeActionUntilAnActionArrives() throws {
    var rig = armed()
    rig.act(10, 1)
    let start = rig.now
    rig.pass(milliseconds: 300)
    for sample in rig.samples {
      let isLate = sample.timeMicroseconds >= start + 100_000
      #expect(sample.isStarved == isLate)
      #expect(sample.commandedSequence == (isLate ? 0 : 1))
      #expect(sample.commanded[0] == (isLate ? 0 : 10))
    }
    #expect(rig.observations.last?.flags == [.armed, .watchdog])
    rig.act(3, 2)
    rig.pass(milliseconds: 20)
    #expect(rig.observations.last?.flags == .armed)
    #expect(rig.samples.last?.applied[0] == 3)
  }

  @Test func theWatchdogStartsWithArmingAndIgnoresBadActions() {
    var rig = SessionRig()
    rig.pass(milliseconds: 500)
    #expect(rig.observations.allSatisfy { !$0.flags.contains(.watchdog) })
    rig.command(.armDisarm, 1)
    for _ in 0..<9 {
      rig.pass(milliseconds: 10)
      rig.act(.nan, 1)
    }
    #expect(rig.observations.last?.flags == .armed)
    rig.pass(milliseconds: 30)
    #expect(rig.observations.last?.flags == [.armed, .watchdog])
  }

  @Test(arguments: [PlantClock.streaming, .lockstep])
  func badActionsAreRefusedAndCounted(clock: PlantClock) {
    var rig = armed(clock)
    rig.act(1, 1)
    rig.forget()
    rig.send(SessionRig.action(1, 2, count: 2))
    rig.send(SessionRig.action(1, 2, count: 0))
    rig.act(1, 0)
    rig.act(.infinity, 2)
    rig.act(.nan, 2)
    #expect(rig.session.refusedActions == 5)
    #expect(rig.observations.isEmpty)
    #expect(rig.messages.texts == ["action refused: wrong count (1 so far)"])
    rig.pass(milliseconds: 999)
    rig.act(.nan, 2)
    #expect(rig.messages.texts.count == 1)
    rig.pass(milliseconds: 1)
    rig.act(1, 0)
    #expect(rig.messages.texts.last == "action refused: sequence 0 (7 so far)")
  }

  @Test func theActuationDelayDoesNotShowInTheSequence() {
    var rig = armed(delay: 2)
    for k in 1...5 as ClosedRange<UInt32> {
      rig.act(Float(k), k)
      rig.pass(milliseconds: 20)
    }
    #expect(rig.observations.map(\.actionSequence) == [1, 2, 3, 4, 5])
    #expect(rig.samples.map { $0.applied[0] } == [0, 0, 1, 2, 3])
  }

  @Test func lockstepGivesOneObservationForEachAction() {
    var rig = SessionRig()
    rig.pass(milliseconds: 777)
    rig.command(.clock, 1)
    rig.forget()
    rig.pass(milliseconds: 400)
    #expect(rig.observations.isEmpty)
    rig.command(.reset, 0)
    rig.command(.armDisarm, 1)
    #expect(rig.observations.map(\.sequence) == [0])
    #expect(rig.observations.map(\.timeMicroseconds) == [0])
    for k in 1...3 as ClosedRange<UInt32> {
      rig.act(5, k)
      // No watchdog: the controller may think for as long as it likes.
      rig.pass(milliseconds: 5000)
    }
    #expect(rig.observations.map(\.sequence) == [0, 1, 2, 3])
    #expect(rig.observations.map(\.actionSequence) == [0, 1, 2, 3])
    #expect(rig.observations.map(\.timeMicroseconds) == [0, 20_000, 40_000, 60_000])
    #expect(rig.observations.dropFirst().allSatisfy { $0.flags == .armed })
    var plant = Plant(.cartPole, seed: PlantSeed(1, 0))
    for _ in 0..<3 { plant.advance(PlantAction(5, 0, 0, 0), microseconds: 20_000) }
    #expect(rig.observations.last?.channels == (0..<4).map { plant.state[$0] })
  }

  @Test func aRetransmissionGetsTheLastObservationAgain() {
    var rig = armed(.lockstep)
    rig.act(5, 1)
    rig.act(5, 1)
    rig.act(-5, 1)
    #expect(rig.observations.map(\.sequence) == [1, 1, 1])
    #expect(Set(rig.observations.map(\.channels)).count == 1)
    #expect(rig.samples.count == 1)
    rig.act(5, 2)
    #expect(rig.observations.last?.sequence == 2)
    // Reset forgets the sequence: the next session may start at 2.
    rig.command(.reset, 0)
    rig.act(5, 2)
    #expect(rig.observations.last?.sequence == 1)
  }

  @Test func aDisarmedPlantStepsUnderTheSafeAction() {
    var rig = armed(.lockstep)
    rig.command(.armDisarm, 0)
    rig.act(10, 1)
    #expect(rig.observations.last?.actionSequence == 0)
    #expect(abs(rig.observations.last?.channels[1] ?? 1) < 1e-6)
    #expect(rig.observations.last?.sequence == 1)
  }

  @Test func lockstepForgetsHowLongThePlantStreamed() {
    func run(after milliseconds: UInt64) -> [[Float]] {
      var rig = SessionRig(noise: 1, quantises: true)
      rig.pass(milliseconds: milliseconds)
      rig.command(.clock, 1, 100)
      rig.command(.armDisarm, 1)
      rig.forget()
      for episode in 0..<2 as Range<UInt32> {
        rig.command(.reset, Float(episode), 0)
        for k in 1...50 { rig.act(Float(k % 7) - 3, episode * 50 + UInt32(k)) }
      }
      return rig.observations.map { $0.channels + [Float($0.timeMicroseconds)] }
    }
    let first = run(after: 3)
    #expect(first.count == 102)
    #expect(first == run(after: 1291))
    #expect(first[0] != first[51])
  }

  @Test func lockstepEndsInStreaming() {
    var rig = armed(.lockstep)
    rig.pass(milliseconds: 1000)
    rig.forget()
    rig.command(.clock, 0)
    rig.pass(milliseconds: 100)
    #expect(rig.observations.count == 5)
    #expect(rig.observations.last?.timeMicroseconds == rig.now)
    #expect(rig.observations.last?.flags == [.armed, .watchdog])
  }
}
