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

/// Whole episodes against a simulated plant that waits for each action.
@Suite struct LockstepLoopTests {
  @Test func theActionDecidedInATickGoesOutAtTheNext() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    let result = try rig.runner(host).run(rig.exploration(ticks: 40))
    #expect(result.end == .timeUp)
    let episode = try EpisodeReader.read(result.path)
    let decisions = Replayed(
      episode, host.configuration, index: result.index,
      mode: .explore(rig.robot.corePolicy())
    ).decisions
    #expect(episode.isComplete)
    #expect(episode.observations.map(\.sequence) == (0..<40).map { UInt32($0) })
    #expect(episode.ticks.map(\.tick) == (0..<40).map { UInt32($0) })
    // After the last observation nothing was sent any more.
    #expect(episode.actions.map(\.sequence) == (1..<40).map { UInt32($0) })
    #expect(episode.actions[0].values == [0])
    for k in 0..<38 {
      #expect(episode.actions[k + 1].tick == UInt32(k))
      #expect(episode.actions[k + 1].values == [decisions[k].action[0]])
    }
    for k in 1..<40 {
      #expect(episode.observations[k].actionSequence == episode.actions[k - 1].sequence)
    }
    #expect(result.latency.count == 38)
  }

  @Test func immediateOutputSendsItsOwn() throws {
    let rig = try EpisodeRig(lockstep: true, replacing: ["next-tick": "immediate"])
    let host = rig.host()
    let result = try rig.runner(host).run(rig.exploration(ticks: 40))
    let episode = try EpisodeReader.read(result.path)
    let decisions = Replayed(
      episode, host.configuration, index: result.index,
      mode: .explore(rig.robot.corePolicy())
    ).decisions
    for k in 0..<39 {
      #expect(episode.actions[k].tick == UInt32(k))
      #expect(episode.actions[k].values == [decisions[k].action[0]])
      #expect(episode.observations[k + 1].actionSequence == episode.actions[k].sequence)
    }
    #expect(result.latency.count == 39)
  }

  @Test func thePlantHasSeenWhatTheFileSays() throws {
    let rig = try EpisodeRig(lockstep: true)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 30))
    let episode = try EpisodeReader.read(result.path)
    let seen = rig.rig.seen
    #expect(!seen.isArmed)
    #expect(seen.actions.map(\.sequence) == episode.actions.map(\.sequence))
    #expect(seen.actions.map(\.tick) == episode.actions.map(\.tick))
    #expect(seen.actions.map { $0.values[0] } == episode.actions.map { $0.values[0] })
    #expect(seen.samples.map(\.sequence) == episode.observations.map(\.sequence))
    // The first sample is the reset's, from before arming.
    #expect(!seen.samples.dropFirst().contains { !$0.isArmed })
    #expect(result.seconds == 0.3)
    #expect(episode.outcome?.seconds == result.seconds)
    #expect(episode.outcome?.ticks == 30)
  }

  @Test func theTransitionsAreThoseOfTheFile() throws {
    let rig = try EpisodeRig(lockstep: true)
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 50))
    let episode = try EpisodeReader.read(result.path)
    #expect(result.transitions.count == 49)
    #expect(result.transitions == episode.transitions(latency: 0, safeAction: [0]))
  }

  @Test func numbersOfActionsAreNeverReused() throws {
    let rig = try EpisodeRig(lockstep: true)
    let runner = rig.runner(rig.host())
    var numbers: [UInt32] = []
    for _ in 0..<3 {
      let result = try runner.run(rig.exploration(ticks: 12))
      numbers += try EpisodeReader.read(result.path).actions.map(\.sequence)
    }
    #expect(numbers.count == 33)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func successEndsAnEpisodeOrMarksItsEnd() throws {
    // The pole hangs all the time.
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["within: 0.01}": "within: 3, of: 3.14}"])
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 1)))
    let runner = rig.runner(host)
    var options = EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 30)
    let first = try runner.run(options)
    #expect(first.end == .success)
    #expect(first.isSuccess)
    #expect(first.ticks == 11)
    options.stopsOnSuccess = false
    let second = try runner.run(options)
    #expect(second.end == .timeUp)
    #expect(second.ticks == 30)
    #expect(second.isSuccess)
    let third = try runner.run(rig.exploration(ticks: 30))
    #expect(!third.isSuccess)
  }

  @Test func aRequestToStopEndsAnEpisode() throws {
    let rig = try EpisodeRig(lockstep: true)
    let runner = rig.runner(rig.host())
    runner.progress = { [stop = rig.stop] progress in if progress.ticks >= 10 { stop.set() } }
    let result = try runner.run(rig.exploration(ticks: 1_000_000))
    #expect(result.end == .stopped)
    #expect(result.ticks >= 10)
    #expect(try EpisodeReader.read(result.path).outcome?.reason == "stopped")
    #expect(!rig.rig.seen.isArmed)
  }

  @Test func lostFramesLeaveNoTrace() throws {
    let clean = try EpisodeRig(lockstep: true)
    let lossy = try EpisodeRig(lockstep: true, faults: [5: .lose(1), 9: .lose(2)])
    let expected = try clean.runner(clean.host()).run(clean.exploration(ticks: 20))
    let result = try lossy.runner(lossy.host()).run(lossy.exploration(ticks: 20))
    #expect(lossy.session.link.counters.retransmissions >= 3)
    let essence = try EpisodeReader.read(result.path).essence
    let wanted = try EpisodeReader.read(expected.path).essence
    #expect(essence == wanted)
  }

  @Test(arguments: [
    (PlantFault.flag(.fault), LoopEnd.plantFault), (.flag(.episodeEnd), .plantEnded),
    (.disarm, .disarmed), (.hangUp, .vanished), (.silence, .silent),
  ])
  func aPlantThatIsLostEndsTheEpisode(fault: PlantFault, end: LoopEnd) throws {
    let rig = try EpisodeRig(lockstep: true, faults: [8: fault])
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 30))
    #expect(result.end == end)
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.isComplete)
    #expect(episode.outcome?.reason == end.rawValue)
    #expect(episode.ticks.count == result.ticks)
    #expect((8...10).contains(result.ticks))
    #expect(result.transitions == episode.transitions(latency: 0, safeAction: [0]))
    if case .hangUp = fault { return }
    #expect(!rig.rig.seen.isArmed)
  }
}
