import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// Robots of which the plant sends positions only: what is recorded, learned from and replayed.
@Suite(.serialized) struct EstimatorLoopTests {
  private static let estimators = ["difference", "lowpass", "{kind: kalman, cutoff: 10}"]

  @Test(arguments: [true, false], estimators)
  func theEpisodeHoldsWhatWasEstimated(lockstep: Bool, estimator: String) throws {
    let rig = try EpisodeRig(lockstep: lockstep, replacing: EpisodeRig.positionsOnly(estimator))
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 3)))
    let result = try rig.runner(host).run(
      EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 60))
    #expect(result.end == .timeUp)
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.header.observationChannels == ["x", "v", "angle", "w"])
    let states = Dictionary(episode.states.map { ($0.tick, $0.values) }) { first, _ in first }
    var fresh = 0
    for tick in episode.ticks where tick.isFresh {
      let observed = episode.observations[Int(tick.observations) - 1].values
      let estimate = try #require(states[tick.tick])
      #expect([observed[1], observed[3]] == [estimate[1], estimate[3]])
      // What was measured is recorded as it was measured.
      if estimator != Self.estimators[2] { #expect(observed == estimate) }
      fresh += 1
    }
    #expect(fresh > 30)
    // The differences are those of what was measured.
    if lockstep && estimator == "difference" {
      for (a, b) in zip(episode.observations, episode.observations.dropFirst()) {
        #expect(abs(b.values[1] - (b.values[0] - a.values[0]) * 100) < 1e-3)
      }
    }
    #expect(result.transitions.count >= fresh - 10)
    #expect(result.transitions.states.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [true, false], estimators)
  func replayAgreesBitForBit(lockstep: Bool, estimator: String) throws {
    let rig = try EpisodeRig(
      lockstep: lockstep, replacing: EpisodeRig.positionsOnly(estimator),
      faults: lockstep ? [:] : [20: .pause(4), 40: .lose(2)])
    let host = rig.host()
    let runner = rig.runner(host)
    host.adopt(ModelBlock(.random(rig.robot, seed: 3)))
    let result = try runner.run(EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 60))
    let episode = try EpisodeReader.read(result.path)
    let replay = try Replay(episode, path: result.path)
    let report = replay.compare(from: 0, until: replay.tickCount)
    #expect(report.isExact, "\(report)")
  }

  @Test func preparedActionsArePlayedRecordedAndReplayed() throws {
    let rig = try EpisodeRig(lockstep: true)
    var random = TestRandom(4)
    let values = random.array(50, -5, 5)
    let prepared = PreparedActions(
      PreparedTable(channels: ["force"], values: values), design: "random, seed 4")
    let result = try rig.runner(rig.host()).run(EpisodeOptions(playing: prepared))
    #expect(result.end == .timeUp && result.ticks == 50)
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.header.control?.excitation == "random, seed 4")
    #expect(episode.header.prepared == prepared.table)
    #expect(episode.decisions.map { $0.values[0] } == values)
    let replay = try Replay(episode, path: result.path)
    let report = replay.compare(from: 0, until: replay.tickCount)
    #expect(report.isExact, "\(report)")
    var without = episode
    without.header.prepared = nil
    #expect(throws: LoopError.self) { try Replay(without, path: result.path) }
  }

  @Test func anExcitationEndsWhereTheStateLeavesTheEnvelope() throws {
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["planner: {kind": "envelope: {x: [-0.2, 0.2]}\nplanner: {kind"])
    let prepared = PreparedActions(
      PreparedTable(channels: ["force"], values: [Float](repeating: 8, count: 200)), design: "")
    let runner = rig.runner(rig.host())
    let result = try runner.run(EpisodeOptions(playing: prepared))
    #expect(result.end == .guardStopped && result.ticks < 100)
    #expect(result.ladder.lastFallback == [.outsideEnvelope])
    let episode = try EpisodeReader.read(result.path)
    let last = try #require(episode.decisions.last)
    // The last word is the fallback.
    #expect(last.values == [0])
    #expect(episode.outcome?.reason == LoopEnd.guardStopped.rawValue)
  }

  @Test func theModelsLatencyIsUsedWhereTheFileSaysNothing() throws {
    let rig = try EpisodeRig(lockstep: true)
    let robot = rig.robot
    #expect(robot.controllerConfiguration(seed: 1, latency: 3).plantLatency == 3)
    let declared = try EpisodeRig(
      lockstep: true, replacing: ["rate: 100": "rate: 100\nlatency: 1"]
    ).robot
    #expect(declared.controllerConfiguration(seed: 1, latency: 3).plantLatency == 1)
    let model = FittedModel.ensemble(.random(robot, seed: 1))
    for (latency, refused) in [("1", false), ("3", true), ("99", true)] {
      let path = rig.workspace.path + "/latency-\(latency).safetensors"
      try ModelFile.write(model, metadata: [ModelFile.latencyText: latency], to: path)
      let stored = try ModelFile.read(path)
      #expect(stored.latency == Int(latency))
      if refused {
        let error = #expect(throws: RecordError.self) {
          try stored.check(fits: declared, path: "m")
        }
        #expect(error?.description.contains("latency") == true)
      } else {
        try stored.check(fits: declared, path: "m")
      }
    }
  }
}
