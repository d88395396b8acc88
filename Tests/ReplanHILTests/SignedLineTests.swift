import CAllocationWatch
import Glibc
import ReplanHIL
import ReplanSigning
import ReplanWire
import Synchronization
import Testing

/// Sessions whose frames are signed, and those that signatures prevent.
@Suite(.serialized) struct SignedLineTests {
  private let key = SigningKey(bytes: [UInt8](repeating: 3, count: 32))
  private let other = SigningKey(bytes: [UInt8](repeating: 4, count: 32))

  private func plant(_ key: SigningKey?, _ change: (inout Script) -> Void = { _ in })
    -> ScriptedPlant
  {
    var script = Script()
    script.key = key
    change(&script)
    return ScriptedPlant(script)
  }

  private func session(
    _ plant: ScriptedPlant, _ clock: SessionConfiguration.Clock, _ key: SigningKey?,
    timing: SessionTiming = patient
  ) throws -> Session {
    let wanted = configuration(
      clock, timing: timing, signing: key.map { LineSigning(key: $0) })
    return try Session(path: plant.path, baud: 115_200, configuration: wanted)
  }

  private func failure(plant key: SigningKey?, ours: SigningKey?) -> (HILError?, String) {
    let plant = plant(key)
    defer { plant.stop() }
    var timing = patient
    // All of it passes where no frame can be verified.
    timing.heartbeat = 2
    do {
      _ = try session(plant, .lockstep, ours, timing: timing)
      return (nil, plant.path)
    } catch {
      return (error as? HILError, plant.path)
    }
  }

  private func action(_ session: Session, _ tick: UInt32) -> ActionMessage {
    session.link.action(tick: tick, values: InlineArray(repeating: 1), now: 0)
  }

  @Test func lockstepFromHeartbeatToDisarming() throws {
    let plant = plant(key)
    defer { plant.stop() }
    let session = try session(plant, .lockstep, key)
    _ = try session.reset(.random(seed: 7))
    try session.arm()
    for tick: UInt32 in 1...300 {
      #expect(try session.exchange(action(session, tick)).sequence == tick)
    }
    #expect(session.link.counters.refusedFrames.total == 0)
    #expect(session.link.counters.frames.lostFrames == 0)
    #expect(session.disarm())
    #expect(!plant.shared.withLock { $0.isArmed })
  }

  @Test func replayedFramesAreRefusedAndCounted() throws {
    let plant = plant(key) { $0.replays = true }
    defer { plant.stop() }
    let session = try session(plant, .lockstep, key)
    _ = try session.reset(.rest)
    for tick: UInt32 in 1...50 {
      #expect(try session.exchange(action(session, tick)).sequence == tick)
    }
    #expect(session.link.counters.refusedFrames.replayed > 50)
    #expect(session.link.counters.stale == 0)
  }

  @Test func onlyOneSideWithAKeyIsAnErrorThatSaysSo() {
    let (unsigned, first) = failure(plant: nil, ours: key)
    #expect(unsigned == .unsignedPlant(path: first))
    let (keyless, second) = failure(plant: key, ours: nil)
    #expect(keyless == .needsKey(path: second))
    let (wrong, third) = failure(plant: key, ours: other)
    #expect(wrong == .otherKey(path: third))
    for (error, word) in [(unsigned, "--key"), (keyless, "--key FILE"), (wrong, "same key")] {
      #expect(error?.description.contains(word) == true)
    }
  }

  @Test func aSilentPlantIsStillASilentOne() {
    let plant = plant(key) { $0.isSilent = true }
    defer { plant.stop() }
    let error = #expect(throws: HILError.self) {
      try session(plant, .lockstep, key, timing: impatient)
    }
    #expect(error == .silent(path: plant.path, seconds: impatient.heartbeat))
  }

  @Test func streamingKeepsTheControlThreadOffTheHeap() throws {
    let plant = plant(key)
    defer { plant.stop() }
    let session = try session(plant, .streaming, key)
    _ = try session.reset(.rest)
    try session.arm()
    let before = allocation_watch_thread_count()
    var last: UInt32 = 0
    var unsent = 0
    while last < 100 {
      _ = session.link.wait(nanoseconds: 20_000_000)
      session.link.service(now: Int64(last) * 10_000_000)
      let drained = session.link.drain(now: 1)
      guard let newest = drained.newest else { continue }
      last = newest.sequence
      if session.link.send(action(session, last)) != .sent { unsent += 1 }
    }
    #expect(allocation_watch_thread_count() == before)
    #expect(unsent == 0)
    #expect(session.link.counters.refusedFrames.total == 0)
  }

  @Test func whatCountsAsSentIsWhatThePortHasTaken() throws {
    let plant = plant(key)
    defer { plant.stop() }
    let session = try session(plant, .lockstep, key)
    _ = try session.reset(.rest)
    let before = session.link.counters
    for tick: UInt32 in 1...20 { _ = try session.exchange(action(session, tick)) }
    let after = session.link.counters
    // Twenty actions at least, each with the thirteen bytes of its signature.
    #expect(after.framesOut &- before.framesOut >= 20)
    #expect(after.bytesOut - before.bytesOut >= 20 * (30 + 13))
  }

  @Test func aPlugThatIsPulledShows() throws {
    let plant = plant(key) { $0.vanishesAtAction = 5 }
    defer { plant.stop() }
    let session = try session(plant, .lockstep, key)
    _ = try session.reset(.rest)
    let error = #expect(throws: HILError.self) {
      for tick: UInt32 in 1...9 { _ = try session.exchange(action(session, tick)) }
    }
    guard case .vanished = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// Nobody reads for so long that every buffer is full; then the line goes on.
  @Test func aReaderThatStaysAwayFindsTheLineAlive() throws {
    let plant = plant(key) { $0.rate = 2000 }
    defer { plant.stop() }
    let session = try Session(
      path: plant.path, baud: 115_200,
      configuration: configuration(.streaming, rate: 2000, signing: LineSigning(key: key)))
    _ = try session.reset(.rest)
    // The ring holds some 260 frames of 60 bytes: it is full once no more are taken in.
    // Each heartbeat of ours that the plant counts shows that it has gone on meanwhile.
    let before = session.link.counters.frames.frames
    var taken: UInt32 = 0
    var now: Int64 = 1 << 60
    repeat {
      taken = session.link.counters.frames.frames
      for _ in 0..<300 {
        let heard = plant.shared.withLock { $0.heartbeats }
        now += 1_000_000_000
        session.link.service(now: now)
        while plant.shared.withLock({ $0.heartbeats }) == heard { sched_yield() }
      }
    } while session.link.counters.frames.frames > taken || taken < before + 200
    let first = session.link.drain(now: 1)
    #expect(first.skipped > 20)
    var newest = try #require(first.newest).sequence
    let goal = newest + 500
    while newest < goal {
      #expect(session.link.wait(nanoseconds: 2_000_000_000))
      newest = max(newest, session.link.drain(now: 1).newest?.sequence ?? 0)
    }
    #expect(session.link.counters.refusedFrames.total == 0)
  }

  @Test func disarmingFromAnywhereIsSigned() throws {
    let plant = plant(key)
    defer { plant.stop() }
    let session = try session(plant, .streaming, key)
    try session.arm()
    session.link.disarmFromAnywhere()
    // A command is answered behind those that came before it.
    #expect(throws: Never.self) { try session.reset(.rest) }
    #expect(!plant.shared.withLock { $0.isArmed })
  }
}
