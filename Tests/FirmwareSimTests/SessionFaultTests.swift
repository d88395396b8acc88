import FirmwareSession
import ReplanPlants
import ReplanWire
import Testing

/// The session's side of faults, in process.
struct SessionFaultTests {
  private func lockstep(seed: UInt32 = 1) -> SessionRig {
    var rig = SessionRig(seed: seed)
    rig.command(.clock, 1, 50)
    rig.command(.reset, 1, 5)
    rig.command(.armDisarm, 1)
    rig.forget()
    return rig
  }

  @Test func anUndisturbedSessionIsBitForBitAsWithout() {
    var rig = lockstep()
    var other = lockstep()
    other.session.disturbance = PlantDisturbance()
    for k: UInt32 in 1...50 {
      rig.act(5, k)
      other.act(5, k)
    }
    #expect(rig.observations.map(\.channels) == other.observations.map(\.channels))
    #expect(rig.samples.map(\.applied) == rig.samples.map(\.commanded))
  }

  @Test func aRestartKeepsThePhysicsOnly() {
    var rig = lockstep()
    for k: UInt32 in 1...20 { rig.act(5, k) }
    let state = rig.session.plant.state
    rig.session.reboot()
    #expect(rig.session.plant.state == state)
    #expect(!rig.session.isArmed && rig.session.clock == .streaming && rig.session.sequence == 0)
    rig.forget()
    rig.now = 0
    rig.pass(milliseconds: 0)
    #expect(rig.observations.map(\.sequence) == [0] && rig.messages.heartbeats.count == 1)
    #expect(rig.samples[0].state == state && rig.observations[0].timeMicroseconds == 0)
  }

  @Test func withoutPowerThePhysicsGoOnUnderTheSafeAction() {
    var rig = lockstep()
    for k: UInt32 in 1...20 { rig.act(5, k) }
    var twin = rig.session.plant
    rig.session.coast(microseconds: 300_000)
    twin.advance(rig.session.facts.safeAction, microseconds: 300_000)
    #expect(rig.session.plant.state == twin.state && twin.state != rig.samples[19].state)
  }

  @Test func aFastClockSeesSlowPhysics() {
    var rig = SessionRig()
    rig.command(.reset, 1, 5)
    rig.pass(milliseconds: 100)
    var twin = rig.session.plant
    rig.session.disturbance.clockRate = 2
    rig.pass(milliseconds: 100)
    for _ in 0..<5 { twin.advance(rig.session.facts.safeAction, microseconds: 10_000) }
    let difference = rig.session.plant.state - twin.state
    #expect((0..<4).allSatisfy { abs(difference[$0]) < 1e-4 })
  }

  @Test func aFrozenSensorForgetsAtAReset() {
    var rig = lockstep()
    rig.act(5, 1)
    rig.session.disturbance.sensors[0].isFrozen = true
    rig.act(5, 2)
    #expect(rig.observations[1].values[0] == rig.observations[0].values[0])
    rig.command(.reset, 1, 9)
    let first = rig.samples[2]
    #expect(first.sequence == 0 && first.measured[0] == first.state[0])
  }

  @Test func theTimeThatIsSynchronisedIsTheTimestamps() throws {
    var rig = SessionRig()
    rig.pass(milliseconds: 500)
    rig.session.disturbance.isClockBackwards = true
    rig.pass(milliseconds: 20)
    rig.pass(milliseconds: 100)
    rig.forget()
    rig.send(.timesync(Timesync(tc1: 0, ts1: 1, target: .plant)))
    let answer = try #require(rig.messages.timesyncs.first)
    #expect(answer.tc1 < 520_000_000 && answer.tc1 > 300_000_000)
  }
}
