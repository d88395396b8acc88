import FirmwareSession
import PlantRig
import ReplanCore
import ReplanHIL
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import ReplanWire
import Testing

@testable import ReplanLoop

/// Whole episodes against a simulated plant that runs on its own clock.
///
/// One after another, and judged by what must hold however late a busy machine wakes its threads.
@Suite(.serialized) struct StreamingLoopTests {
  private func run(
    _ rig: EpisodeRig, ticks: Int
  ) throws -> (result: EpisodeResult, episode: Episode) {
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: ticks))
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.isComplete)
    #expect(episode.outcome?.reason == result.end.rawValue)
    #expect(episode.ticks.count == result.ticks)
    #expect(result.transitions == episode.transitions(latency: 0, safeAction: [0]))
    #expect(result.droppedRecords == 0)
    return (result, episode)
  }

  private typealias Run = (rig: EpisodeRig, result: EpisodeResult, episode: Episode)

  /// Runs episodes, each with a plant of its own, until the host has left one alone.
  private func run(
    ticks: Int, _ rig: () throws -> EpisodeRig, isSound: (Run) -> Bool
  ) throws -> Run {
    try undisturbed { () throws -> Run in
      let rig = try rig()
      let (result, episode) = try run(rig, ticks: ticks)
      return (rig, result, episode)
    } isSound: {
      isSound($0)
    }
  }

  /// What holds in every episode in which no sample was lost.
  private func checkWhole(_ rig: EpisodeRig, _ result: EpisodeResult, _ episode: Episode) {
    let armed = rig.rig.armedSamples.map(\.sequence)
    let recorded = episode.observations.map(\.sequence)
    #expect(!recorded.isEmpty)
    // A sample may come with the reply to arming, and another before the request to disarm.
    let early = armed.prefix { $0 != recorded.first }.count
    #expect(recorded == Array(armed.dropFirst(early).prefix(recorded.count)))
    // Until the plant has heard that it is to disarm, which takes longer on a busy host.
    #expect(armed.count - recorded.count <= 50)
    #expect(result.lostSamples == 0)
    #expect(result.seconds == Double(recorded.count) / rig.robot.rate)
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func theActionDecidedInATickGoesOutAtTheNext() throws {
    let (rig, result, episode) = try run(ticks: 60) {
      try EpisodeRig(lockstep: false)
    } isSound: {
      Self.actionsInForce($0.episode) > 30
    }
    #expect(result.end == .timeUp)
    checkWhole(rig, result, episode)
    let actions = episode.actions
    #expect(actions.count == result.ticks)
    #expect(actions.map(\.sequence) == (1...actions.count).map { UInt32($0) })
    #expect(actions[0].values == [0])
    #expect(actions.map(\.tick) == [0] + (0..<actions.count - 1).map { UInt32($0) })
    #expect(rig.rig.seen.actions.map(\.sequence) == actions.map(\.sequence))
    #expect(rig.rig.seen.actions.map { $0.values[0] } == actions.map { $0.values[0] })
    // An action is in force at the next sample, unless a thread woke a period late.
    #expect(Self.actionsInForce(episode) > 30)
  }

  /// Actions that were in force at the sample after the one that they were sent with.
  private static func actionsInForce(_ episode: Episode) -> Int {
    let sent = Dictionary(
      uniqueKeysWithValues: episode.actions.map { ($0.logTime, $0.sequence) })
    let pairs = zip(episode.observations, episode.observations.dropFirst())
    return pairs.filter { sent[$0.logTime] == $1.actionSequence }.count
  }

  @Test func latencyIsThatOfTheActionThatWasSent() throws {
    let (_, result, episode) = try run(ticks: 30) {
      try EpisodeRig(lockstep: false, rate: 50)
    } isSound: {
      (18_000...40_000).contains($0.result.latency.p50)
    }
    #expect(result.latency.count == result.ticks - 1)
    #expect(episode.ticks[0].latencyMicroseconds.isNaN)
    // A period, and the lead.
    #expect((18_000...40_000).contains(result.latency.p50))
    let (_, second, other) = try run(ticks: 30) {
      try EpisodeRig(lockstep: false, rate: 50, replacing: ["next-tick": "immediate"])
    } isSound: {
      $0.result.latency.p50 < 18_000
    }
    #expect(second.latency.count == second.ticks)
    #expect(second.latency.p50 < 18_000)
    #expect(other.actions.map(\.tick) == other.ticks.map(\.tick))
  }

  @Test func immediateOutputDoesNotWaitOutTheLead() throws {
    func age(_ output: String) throws -> Double {
      let (_, episode) = try run(
        EpisodeRig(
          lockstep: false, rate: 50,
          replacing: ["output: next-tick": "output: \(output), lead: 5"]), ticks: 40)
      return medianAge(episode)
    }
    // With the same lead, the tick of one follows its sample at once, that of the other after it.
    let (waiting, prompt) = try undisturbed {
      (try age("next-tick"), try age("immediate"))
    } isSound: {
      $1 < $0
    }
    #expect(prompt < waiting)
  }

  private func medianAge(_ episode: Episode) -> Double {
    let ages = episode.ticks.map(\.ageMicroseconds).sorted()
    return ages.isEmpty ? .nan : ages[ages.count / 2]
  }

  @Test func samplesInPiecesServeTheirOwnTick() throws {
    /// Samples that a tick saw.
    func seen(_ episode: Episode) -> Int {
      let ticks = Set(episode.ticks.map(\.logTime))
      return episode.observations.filter { ticks.contains($0.logTime) }.count
    }
    let (rig, result, episode) = try run(ticks: 50) {
      try EpisodeRig(lockstep: false, rate: 50, isSplit: true)
    } isSound: {
      seen($0.episode) >= 45 && $0.result.fallbacks <= 2
    }
    checkWhole(rig, result, episode)
    #expect(seen(episode) >= 45)
    #expect(result.fallbacks <= 2)
  }

  @Test(arguments: [3, 10]) func aStallOfTheLineLosesNothing(periods: Int) throws {
    let counts = 60 - periods...62 + periods
    let (rig, result, episode) = try run(ticks: 60) {
      try EpisodeRig(lockstep: false, faults: [20: .stall(periods)])
    } isSound: {
      counts.contains($0.episode.observations.count)
    }
    #expect(result.end == .timeUp)
    checkWhole(rig, result, episode)
    // Time runs for the episode, whether a tick saw its samples or not.
    #expect(counts.contains(episode.observations.count))
  }

  @Test(arguments: [3, 10]) func aPlantThatStandsStillIsBridgedThenFallback(
    periods: Int
  ) throws {
    func stale(_ episode: Episode) -> Int {
      episode.ticks.filter { $0.verdict == Verdict.stale.rawValue }.count
    }
    let (rig, result, episode) = try run(ticks: 60) {
      try EpisodeRig(lockstep: false, faults: [20: .pause(periods)])
    } isSound: {
      periods < 10 || stale($0.episode) >= 4
    }
    #expect(result.end == .timeUp)
    checkWhole(rig, result, episode)
    #expect(result.ticks <= 60)
    if periods == 10 {
      #expect(stale(episode) >= 4)
      #expect(rig.rig.seen.actions.filter { $0.flags.contains(.fallback) }.count >= 3)
    }
  }

  @Test func aStandstillBeyondTheTimeOutEndsTheEpisode() throws {
    let rig = try EpisodeRig(lockstep: false, faults: [20: .pause(200)])
    let (result, episode) = try run(rig, ticks: 400)
    #expect(result.end == .silent)
    #expect(result.ticks < 200)
    #expect(episode.observations.count <= 22)
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func lostSamplesAreCountedAsTime() throws {
    // The last tick may take in several samples where it comes late.
    let (rig, result, episode) = try run(ticks: 60) {
      try EpisodeRig(lockstep: false, faults: [20: .lose(1), 30: .lose(3)])
    } isSound: {
      $0.result.seconds <= 0.62
    }
    #expect(result.end == .timeUp)
    #expect(result.lostSamples == 4)
    let recorded = episode.observations.map(\.sequence)
    let armed = rig.rig.armedSamples.map(\.sequence).filter { ![20, 30, 31, 32].contains($0) }
    #expect(recorded == Array(armed.drop { $0 != recorded.first }.prefix(recorded.count)))
    #expect(result.seconds == Double(recorded.count + 4) / 100)
    #expect(result.seconds <= 0.62)
  }

  @Test func aJumpOfTheNumbersIsLostTime() throws {
    let (_, result, episode) = try run(ticks: 60) {
      try EpisodeRig(lockstep: false, faults: [20: .jump(25)])
    } isSound: {
      (0.6...0.63).contains($0.result.seconds)
    }
    #expect(result.end == .timeUp)
    #expect(result.lostSamples == 25)
    let first = try #require(episode.observations.first)
    let last = try #require(episode.observations.last)
    #expect(Double(last.sequence - first.sequence + 1) / 100 == result.seconds)
    #expect((0.6...0.63).contains(result.seconds))
  }

  @Test(arguments: [
    (PlantFault.disarm, LoopEnd.disarmed), (.flag(.fault), .plantFault),
    (.flag(.episodeEnd), .plantEnded), (.silence, .silent), (.hangUp, .vanished),
  ])
  func aPlantThatIsLostEndsTheEpisode(fault: PlantFault, end: LoopEnd) throws {
    // A busy machine sees the fault a few samples early (those on the line are lost) or late.
    let samples: ClosedRange<UInt32> = 12...30
    let (rig, result, episode) = try run(ticks: 400) {
      try EpisodeRig(lockstep: false, faults: [20: fault])
    } isSound: {
      $0.episode.observations.last.map { samples.contains($0.sequence) } == true
    }
    #expect(result.end == end)
    #expect(!result.isSuccess)
    #expect(samples.contains(try #require(episode.observations.last).sequence))
    if case .hangUp = fault { return }
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func aRequestToStopEndsTheEpisode() throws {
    let rig = try EpisodeRig(lockstep: false)
    let runner = rig.runner(rig.host())
    runner.progress = { [stop = rig.stop] progress in if progress.ticks >= 10 { stop.set() } }
    let result = try runner.run(rig.exploration(ticks: 3000))
    #expect(result.end == .stopped)
    #expect(result.ticks >= 10)
    #expect(try EpisodeReader.read(result.path).isComplete)
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func aPlantThatCannotBeArmedEndsNothingButTheEpisode() throws {
    let rig = try EpisodeRig(lockstep: false)
    rig.rig.stop()
    let runner = rig.runner(rig.host())
    #expect(throws: LoopError.self) { try runner.run(rig.exploration(ticks: 10)) }
    let items = try rig.workspace.episodes()
    let episode = try EpisodeReader.read(try #require(items.first).path)
    #expect(episode.outcome?.reason == "not started")
    #expect(episode.observations.isEmpty)
  }

  @Test func refitsAreAdoptedWhenTheyAreReady() throws {
    let rig = try EpisodeRig(lockstep: false)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 1)))
    let robot = rig.robot
    // Two of them are due by tick 45, ready when the host has had time for them.
    let result = try rig.runner(host).run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: 250,
        refit: RefitOptions(every: 20, adoptAfter: 5) { _, tick in
          ModelBlock(.random(robot, seed: UInt64(tick)))
        }))
    let episode = try EpisodeReader.read(result.path)
    let generations = episode.ticks.map(\.modelGeneration)
    #expect(generations.prefix(25).allSatisfy { $0 == 0 })
    #expect(generations.prefix(45).allSatisfy { $0 <= 1 })
    #expect(zip(generations, generations.dropFirst()).allSatisfy { $0 <= $1 && $1 - $0 <= 1 })
    #expect(generations.last.map { $0 >= 2 } == true)
  }
}
