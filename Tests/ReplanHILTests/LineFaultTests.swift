import Glibc
import ReplanHIL
import ReplanRealtime
import ReplanWire
import Synchronization
import Testing

/// What the line or the plant does wrong after the session has begun.
@Suite(.serialized) struct LineFaultTests {
  func session(
    _ plant: ScriptedPlant, _ wanted: SessionConfiguration = configuration()
  ) throws -> Session {
    try Session(path: plant.path, baud: 115_200, configuration: wanted)
  }

  func action(_ session: Session, _ tick: UInt32) -> ActionMessage {
    session.link.action(tick: tick, values: InlineArray(repeating: 1), now: 0)
  }

  @Test func lostAnswersAreAskedForAgain() throws {
    var script = Script()
    script.lostAnswers = [3, 4, 9]
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    let session = try session(plant)
    _ = try session.reset(.rest)
    for tick: UInt32 in 1...12 {
      #expect(try session.exchange(action(session, tick)).sequence == tick)
    }
    #expect(session.link.counters.retransmissions == 3)
    #expect(session.link.counters.stale == 0)
    let actions = plant.shared.withLock { $0.actions }
    #expect(actions == [1, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12])
  }

  @Test func aLostFirstSampleMeansAnotherReset() throws {
    for clock in [SessionConfiguration.Clock.lockstep, .streaming] {
      var script = Script()
      script.lostFirstSamples = 1
      let plant = ScriptedPlant(script)
      defer { plant.stop() }
      let first = try session(plant, configuration(clock)).reset(.rest)
      #expect(first.sequence == 0 && first.values[2] == 2, "\(clock)")
    }
  }

  @Test func aResetThatTakesTimeIsAwaited() throws {
    var script = Script()
    script.resettingSamples = 150
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    // 150 samples at 100 Hz are longer than the silence after which a reset is repeated.
    let first = try session(plant, configuration(.streaming)).reset(.rest)
    #expect(first.sequence == 0 && first.values[2] == 1 && !first.flags.contains(.resetting))
  }

  @Test func aResetThatNeverEndsIsAnError() throws {
    var script = Script()
    script.resettingSamples = .max
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    var wanted = configuration(.streaming)
    wanted.timing.reset = 2
    let session = try session(plant, wanted)
    #expect(throws: HILError.resetUnfinished(path: plant.path, seconds: 2)) {
      try session.reset(.rest)
    }
  }

  @Test func unusableObservationsAreCounted() throws {
    var script = Script()
    script.notFinite = [2]
    script.wrongCount = [4]
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    let session = try session(plant, configuration(.streaming))
    _ = try session.reset(.rest)
    var seen: [ObservationMessage] = []
    while session.link.counters.wrongCount == 0 || (seen.last?.sequence ?? 0) < 6 {
      #expect(session.link.wait(nanoseconds: 10_000_000_000))
      let drained = session.link.drain(now: 1) { seen.append($0) }
      if let observation = drained.newest { seen.append(observation) }
    }
    // Its values are for the guard to refuse.
    #expect(seen.first { $0.sequence == 2 }?.values[1].isNaN == true)
    #expect(session.link.counters.notFinite == 1)
    #expect(!seen.contains { $0.sequence == 4 })
    #expect(session.link.counters.wrongCount == 1)
    #expect(session.link.counters.lostSamples >= 1, "what is refused is missing")
  }

  @Test func noiseOnTheLineCostsNothing() throws {
    var script = Script()
    script.garbles = true
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    let session = try session(plant)
    _ = try session.reset(.rest)
    for tick: UInt32 in 1...50 {
      #expect(try session.exchange(action(session, tick)).sequence == tick)
    }
    #expect(session.link.counters.frames.skippedBytes >= 250)
  }

  @Test func aPlugPulledInLockstep() throws {
    var script = Script()
    script.vanishesAtAction = 5
    let plant = ScriptedPlant(script)
    let session = try session(plant)
    _ = try session.reset(.rest)
    for tick: UInt32 in 1...4 { _ = try session.exchange(action(session, tick)) }
    let error = #expect(throws: HILError.self) { try session.exchange(action(session, 5)) }
    guard case .vanished(plant.path, _) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(!session.disarm(), "a plant that is gone cannot confirm")
    session.link.disarmFromAnywhere()
  }

  @Test func aPlugPulledInStreaming() throws {
    let plant = ScriptedPlant()
    let session = try session(plant, configuration(.streaming))
    _ = try session.reset(.rest)
    plant.stop()
    while !session.link.drain(now: 1).isGone {
      #expect(session.link.wait(nanoseconds: 10_000_000_000))
    }
    #expect(session.link.send(action(session, 1)) == .gone)
    #expect(session.link.endedBy != nil)
  }

  @Test func aPlugPulledDuringSetUp() {
    var script = Script()
    script.vanishesAtCommand = 31011
    let plant = ScriptedPlant(script)
    let error = #expect(throws: HILError.self) { try session(plant) }
    guard case .vanished(plant.path, _) = error else {
      Issue.record("\(error as Any)")
      return
    }
  }

  @Test func theClockOffsetIsFound() throws {
    var script = Script()
    script.clockOffset = 123_000_000_000
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    let link = try session(plant).link
    while link.clockOffset.nanoseconds == nil {
      link.service(now: MonotonicClock.nanoseconds)
      #expect(link.wait(nanoseconds: 10_000_000_000))
      _ = link.drain(now: MonotonicClock.nanoseconds)
    }
    let offset = try #require(link.clockOffset.nanoseconds)
    let roundTrip = try #require(link.clockOffset.roundTripNanoseconds)
    #expect(abs(offset - 123_000_000_000) <= roundTrip / 2 + 1)
  }

  @Test func disarmingFromAnotherThreadReachesThePlant() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try session(plant)
    try session.arm()
    session.link.disarmFromAnywhere()
    while plant.shared.withLock({ $0.isArmed }) { sched_yield() }
  }
}
