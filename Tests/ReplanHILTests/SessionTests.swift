import ReplanHIL
import ReplanWire
import Synchronization
import Testing

/// Waits that a plant on a busy host keeps, and that are short enough where it is not to answer.
let patient: SessionTiming = {
  var timing = SessionTiming()
  timing.heartbeat = 10
  timing.reply = 0.5
  timing.tries = 3
  timing.reset = 20
  timing.resetSilence = 1
  timing.exchange = 0.5
  return timing
}()

/// For plants that nothing is to be heard of.
let impatient: SessionTiming = {
  var timing = patient
  timing.heartbeat = 0.4
  return timing
}()

func configuration(
  _ clock: SessionConfiguration.Clock = .lockstep, observations: Int = 3, actions: Int = 1,
  rate: Double = 100, timing: SessionTiming = patient, signing: LineSigning? = nil
) -> SessionConfiguration {
  SessionConfiguration(
    channels: ChannelCounts(observations: observations, actions: actions), clock: clock, rate: rate,
    timing: timing, signing: signing)
}

/// Sessions over real pseudo-terminals with a plant that follows its script.
@Suite(.serialized) struct SessionTests {
  /// The error that coming to terms with such a plant ends in.
  func failure(
    _ script: Script, _ wanted: SessionConfiguration = configuration()
  ) -> (HILError?, String) {
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    do {
      _ = try Session(path: plant.path, baud: 115_200, configuration: wanted)
      return (nil, plant.path)
    } catch {
      return (error, plant.path)
    }
  }

  @Test func lockstepFromHeartbeatToDisarming() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try Session(path: plant.path, baud: 115_200, configuration: configuration())
    #expect(session.description.text == "scripted")
    #expect(session.description.sampleRate == 100)
    #expect(session.link.peer == .plant)
    for episode: Float in [1, 2] {
      let first = try session.reset(.random(seed: 7))
      #expect(first.sequence == 0 && first.values[2] == episode)
      try session.arm()
      for tick: UInt32 in 1...100 {
        let action = session.link.action(
          tick: tick, values: InlineArray(repeating: Float(tick) / 8), now: 0)
        let observation = try session.exchange(action)
        #expect(observation.sequence == tick)
        #expect(observation.actionSequence == action.sequence)
        #expect(observation.values[1] == Float(tick) / 8)
        #expect(observation.flags.contains(.armed))
      }
      #expect(session.disarm())
    }
    let seen = plant.shared.withLock { $0 }
    #expect(seen.actions == Array(1...200), "an action's sequence is never reused")
    #expect(!seen.isArmed && seen.heartbeats > 0)
    let resets = seen.commands.filter { $0.command == .reset }
    #expect(resets.allSatisfy { $0.parameters[0] == 1 && $0.parameters[1] == 7 } as Bool)
  }

  @Test func streamingGivesTheNewestAndCountsTheSkipped() throws {
    let plant = ScriptedPlant()
    defer { plant.stop() }
    let session = try Session(
      path: plant.path, baud: 115_200, configuration: configuration(.streaming, rate: 500))
    _ = try session.reset(.rest)
    try session.arm()
    var newest: UInt32 = 0
    var received = 0
    var skipped = 0
    while newest < 100 {
      #expect(session.link.wait(nanoseconds: 10_000_000_000))
      var older: [UInt32] = []
      let drained = session.link.drain(now: 1) { older.append($0.sequence) }
      #expect(older.count == drained.skipped)
      guard let observation = drained.newest else { continue }
      #expect(older.allSatisfy { $0 < observation.sequence } as Bool)
      #expect(observation.sequence > newest || received == 0)
      newest = observation.sequence
      received += 1
      skipped += drained.skipped
      session.link.send(session.link.action(tick: 0, values: InlineArray(repeating: 1), now: 0))
    }
    #expect(session.link.counters.stale == 0)
    #expect(received + skipped + Int(session.link.counters.lostSamples) >= 95)
    #expect(session.disarm())
  }

  @Test func aPlantThatSaysNothing() {
    var script = Script()
    script.isSilent = true
    let (error, path) = failure(script, configuration(timing: impatient))
    #expect(error == .silent(path: path, seconds: 0.4))
  }

  @Test func aPlantAtTheWrongBaudRate() throws {
    var script = Script()
    script.isSilent = true
    script.makesNoise = true
    var wanted = configuration()
    // All of it passes, since no heartbeat comes.
    wanted.timing.heartbeat = 2
    let (error, path) = failure(script, wanted)
    guard case .noise(path, 115_200, let bytes) = error else {
      Issue.record("\(error as Any)")
      return
    }
    #expect(bytes > 0)
  }

  @Test func wrongVersionsOfTheProtocol() {
    var script = Script()
    script.isSilent = true
    script.speaksVersion1 = true
    var wanted = configuration()
    wanted.timing.heartbeat = 2
    var (error, path) = failure(script, wanted)
    #expect(error == .firstVersion(path: path))
    script = Script()
    script.heartbeatVersion = 2
    (error, path) = failure(script)
    #expect(error == .wrongVersion(path: path, found: 2))
  }

  @Test func differentChannelCountsAreRefused() {
    let found = ChannelCounts(observations: 3, actions: 1)
    for wanted in [(4, 1), (3, 2)] {
      let (error, _) = failure(
        Script(), configuration(observations: wanted.0, actions: wanted.1))
      let counts = ChannelCounts(observations: wanted.0, actions: wanted.1)
      #expect(error == .channelMismatch(plant: "scripted", wanted: counts, found: found))
    }
  }

  @Test func aClockThePlantCannotKeep() {
    var script = Script()
    script.results[31011] = [.denied]
    var (error, path) = failure(script)
    #expect(error == .refused(path: path, what: "lockstep at 100.0 Hz", result: .denied))
    script = Script()
    script.keepsRate = true
    (error, path) = failure(script)
    #expect(error == .rateMismatch(plant: "scripted", wanted: 100, found: 200))
    #expect(failure(script, configuration(rate: 0)).0 == nil, "0 stands for the plant's own rate")
  }

  @Test func aPlantThatDoesNotKnowTheDialect() {
    var script = Script()
    script.results[512] = [.unsupported]
    let (error, path) = failure(script)
    #expect(error == .refused(path: path, what: "its description", result: .unsupported))
  }

  @Test func lostCommandsAreRepeatedAndDelayedOnesAwaited() throws {
    var script = Script()
    script.ignored = [512: 2, 31011: 1, 31010: 1, 400: 2]
    script.results = [31010: [.inProgress], 400: [.temporarilyRejected]]
    let plant = ScriptedPlant(script)
    defer { plant.stop() }
    var wanted = configuration()
    wanted.timing.tries = 4
    let session = try Session(path: plant.path, baud: 115_200, configuration: wanted)
    #expect(try session.reset(.rest).sequence == 0)
    try session.arm()
    let confirmations = plant.shared.withLock { shared in
      shared.commands.filter { $0.command == .armDisarm }.map(\.confirmation)
    }
    #expect(confirmations == [0, 1, 2, 3])
  }

  @Test func aPlantThatNeverAnswersACommand() {
    var script = Script()
    script.ignored = [31011: .max]
    let (error, path) = failure(script)
    #expect(error == .noReply(path: path, what: "lockstep at 100.0 Hz", tries: 3))
  }
}
