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

  /// What holds in every episode in which no sample was lost.
  private func checkWhole(_ rig: EpisodeRig, _ result: EpisodeResult, _ episode: Episode) {
    let armed = rig.rig.armedSamples.map(\.sequence)
    let recorded = episode.observations.map(\.sequence)
    #expect(!recorded.isEmpty)
    // A sample may come with the reply to arming, and another before the request to disarm.
    let early = armed.prefix { $0 != recorded.first }.count
    #expect(recorded == Array(armed.dropFirst(early).prefix(recorded.count)))
    #expect(armed.count - recorded.count <= 6)
    #expect(result.lostSamples == 0)
    #expect(result.seconds == Double(recorded.count) / rig.robot.rate)
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func theActionDecidedInATickGoesOutAtTheNext() throws {
    let rig = try EpisodeRig(lockstep: false)
    let (result, episode) = try run(rig, ticks: 60)
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
    let sent = Dictionary(uniqueKeysWithValues: actions.map { ($0.logTime, $0.sequence) })
    let pairs = zip(episode.observations, episode.observations.dropFirst())
    let inForce = pairs.filter { sent[$0.logTime] == $1.actionSequence }.count
    #expect(inForce > 30)
  }

  @Test func latencyIsThatOfTheActionThatWasSent() throws {
    // On a thread of its own priority, so that a period is one.
    let rig = try EpisodeRig(lockstep: false, rate: 50)
    let (result, episode) = try run(rig, ticks: 30)
    #expect(result.latency.count == result.ticks - 1)
    #expect(episode.ticks[0].latencyMicroseconds.isNaN)
    // A period, and the lead.
    #expect((18_000...40_000).contains(result.latency.p50))
    let immediate = try EpisodeRig(
      lockstep: false, rate: 50, replacing: ["next-tick": "immediate"])
    let (second, other) = try run(immediate, ticks: 30)
    #expect(second.latency.count == second.ticks)
    #expect(second.latency.p50 < 18_000)
    #expect(other.actions.map(\.tick) == other.ticks.map(\.tick))
  }

  @Test func immediateOutputDoesNotWaitOutTheLead() throws {
    let lead = ["output: next-tick": "output: next-tick, lead: 5"]
    let (_, waiting) = try run(
      EpisodeRig(lockstep: false, rate: 50, replacing: lead), ticks: 40)
    let (_, prompt) = try run(
      EpisodeRig(
        lockstep: false, rate: 50,
        replacing: ["output: next-tick": "output: immediate, lead: 5"]),
      ticks: 40)
    // With the same lead, the tick of one follows its sample at once, that of the other after it.
    #expect(medianAge(prompt) < medianAge(waiting))
  }

  private func medianAge(_ episode: Episode) -> Double {
    let ages = episode.ticks.map(\.ageMicroseconds).sorted()
    return ages.isEmpty ? .nan : ages[ages.count / 2]
  }

  @Test func samplesInPiecesServeTheirOwnTick() throws {
    let rig = try EpisodeRig(lockstep: false, rate: 50, isSplit: true)
    let (result, episode) = try run(rig, ticks: 50)
    checkWhole(rig, result, episode)
    let ticks = Set(episode.ticks.map(\.logTime))
    let seen = episode.observations.filter { ticks.contains($0.logTime) }.count
    #expect(seen >= 45)
    #expect(result.fallbacks <= 2)
  }

  @Test(arguments: [3, 10]) func aStallOfTheLineLosesNothing(periods: Int) throws {
    let rig = try EpisodeRig(lockstep: false, faults: [20: .stall(periods)])
    let (result, episode) = try run(rig, ticks: 60)
    #expect(result.end == .timeUp)
    checkWhole(rig, result, episode)
    // Time runs for the episode, whether a tick saw its samples or not.
    #expect(episode.observations.count >= 60 - periods)
    #expect(episode.observations.count <= 62 + periods)
  }

  @Test(arguments: [3, 10]) func aPlantThatStandsStillIsBridgedThenFallback(
    periods: Int
  ) throws {
    let rig = try EpisodeRig(lockstep: false, faults: [20: .pause(periods)])
    let (result, episode) = try run(rig, ticks: 60)
    #expect(result.end == .timeUp)
    checkWhole(rig, result, episode)
    #expect(result.ticks <= 60)
    if periods == 10 {
      let stale = episode.ticks.filter { $0.verdict == Verdict.stale.rawValue }.count
      #expect(stale >= 4)
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
    let rig = try EpisodeRig(lockstep: false, faults: [20: .lose(1), 30: .lose(3)])
    let (result, episode) = try run(rig, ticks: 60)
    #expect(result.end == .timeUp)
    #expect(result.lostSamples == 4)
    let recorded = episode.observations.map(\.sequence)
    let armed = rig.rig.armedSamples.map(\.sequence).filter { ![20, 30, 31, 32].contains($0) }
    #expect(recorded == Array(armed.drop { $0 != recorded.first }.prefix(recorded.count)))
    #expect(result.seconds == Double(recorded.count + 4) / 100)
    #expect(result.seconds <= 0.62)
  }

  @Test func aJumpOfTheNumbersIsLostTime() throws {
    let rig = try EpisodeRig(lockstep: false, faults: [20: .jump(25)])
    let (result, episode) = try run(rig, ticks: 60)
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
    let rig = try EpisodeRig(lockstep: false, faults: [20: fault])
    let (result, episode) = try run(rig, ticks: 400)
    #expect(result.end == end)
    #expect(!result.isSuccess)
    let last = try #require(episode.observations.last)
    // A busy machine sees the fault a few samples early (those on the line are lost) or late.
    #expect((12...30).contains(last.sequence))
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
    let result = try rig.runner(host).run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: 60,
        refit: RefitOptions(every: 20, adoptAfter: 5) { _, tick in
          ModelBlock(.random(robot, seed: UInt64(tick)))
        }))
    let episode = try EpisodeReader.read(result.path)
    let generations = episode.ticks.map(\.modelGeneration)
    #expect(generations.prefix(25).allSatisfy { $0 == 0 })
    #expect(generations.prefix(45).allSatisfy { $0 <= 1 })
    #expect(zip(generations, generations.dropFirst()).allSatisfy { $0 <= $1 && $1 - $0 <= 1 })
    #expect(generations.last == 2)
  }
}
