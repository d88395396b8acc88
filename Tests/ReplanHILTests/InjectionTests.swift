import CAllocationWatch
import ReplanFaults
import ReplanHIL
import ReplanWire
import Synchronization
import Testing

/// Faults that the link injects, with a plant that has none.
@Suite(.serialized) struct InjectionTests {
  private let channels = FaultChannels(
    sensors: ["count", "action", "reset"].map { FaultChannels.Sensor($0) }, actuatorCount: 1)

  private func session(
    _ plant: ScriptedPlant, _ clock: SessionConfiguration.Clock, _ faults: String
  ) throws -> Session {
    var wanted = configuration(clock)
    // What is lost three times in a row is not given up.
    wanted.timing.reply = 0.1
    wanted.timing.exchange = 0.1
    wanted.timing.tries = 30
    wanted.timing.exchangeTries = 30
    let session = try Session(path: plant.path, baud: 115_200, configuration: wanted)
    try session.inject(FaultSchedule.parse(yaml: "faults: [\(faults)]"), channels: channels)
    _ = try session.reset(.rest)
    try session.arm()
    return session
  }

  private func action(_ session: Session, _ tick: UInt32) -> ActionMessage {
    session.link.action(tick: tick, values: InlineArray(repeating: 1), now: 0)
  }

  @Test func hurtFramesAreRepeatedUntilTheyGetThrough() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try session(
      plant, .lockstep,
      """
      {fault: loss, probability: 0.1}, {fault: bit-flip, probability: 0.1},
      {fault: truncate, probability: 0.1}, {fault: garbage, bytes: 40, probability: 0.2},
      {fault: duplicate, probability: 0.2}, {fault: reorder, probability: 0.1}
      """)
    for tick: UInt32 in 1...60 {
      #expect(try session.exchange(action(session, tick)).sequence == tick)
    }
    let actions = plant.shared.withLock { $0.actions }
    #expect(Set(actions) == Set(1...60) && actions == actions.sorted())
    let injected = try #require(session.link.injected)
    for counters in [injected.toPlant, injected.toController] {
      #expect(counters.lost > 0 && counters.flipped > 0 && counters.garbageBytes > 0)
    }
    #expect(session.link.counters.retransmissions > 5)
  }

  @Test func sensorsAreWrongAsTheScheduleSays() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try session(
      plant, .lockstep,
      """
      {fault: sensor-frozen, channel: count, at: 0.1, for: 0.1},
      {fault: sensor-jump, channel: reset, by: 0.5, at: 0.05, for: 0.05}
      """)
    for tick: UInt32 in 1...30 {
      let found = try session.exchange(action(session, tick))
      // 100 Hz: samples 10 to 19, and 5 to 9.
      #expect(found.values[0] == ((10...19).contains(tick) ? 9 : Float(tick)))
      #expect(found.values[2] == ((5...9).contains(tick) ? 1.5 : 1))
    }
  }

  @Test func noFaultKeepsAPlantFromBeingDisarmed() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try session(plant, .streaming, "{fault: loss}, {fault: delay, by: 10}")
    while session.link.injected!.toController.lost < 5 {
      _ = session.link.wait(nanoseconds: 20_000_000)
      _ = session.link.drain(now: 1)
    }
    #expect(session.disarm())
    #expect(!plant.shared.withLock { $0.isArmed })
  }

  @Test func aStallEndsInABurstWithoutAnAllocation() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try session(
      plant, .streaming,
      """
      {fault: stall, at: 0.2, for: 0.3}, {fault: delay, by: 0.005, probability: 0.3},
      {fault: sensor-jump, channel: all, by: 1}, {fault: loss, probability: 0.05}
      """)
    let before = allocation_watch_thread_count()
    var last: UInt32 = 0
    var longest = 0
    while last < 120 {
      _ = session.link.wait(nanoseconds: 20_000_000)
      let drained = session.link.drain(now: 1)
      guard let newest = drained.newest else { continue }
      longest = max(longest, drained.skipped)
      last = newest.sequence
      _ = session.link.send(action(session, last))
    }
    #expect(allocation_watch_thread_count() == before)
    #expect(longest > 1, "a backlog came at once, of as many samples as the plant had time for")
    #expect(session.link.injected?.toController.stalls == 1)
  }

  @Test func channelsThatThePlantHasNotAreRefused() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try Session(path: plant.path, baud: 115_200, configuration: configuration())
    let schedule = try FaultSchedule.parse(
      yaml: "faults: [{fault: sensor-nan, channel: pole}]")
    let error = #expect(throws: FaultError.self) {
      try session.inject(schedule, channels: channels)
    }
    #expect(error?.description.contains("allowed one of count, action, reset, all") == true)
    #expect(session.link.injected == nil)
  }
}
