import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// Lockstep episodes come out again as they were recorded, and nothing else does.
@Suite struct ReplayTests {
  static let planners = [
    "{kind: ilqr, horizon: 0.1, iterations: 2, candidates: 8}",
    "{kind: ilqr, horizon: 0.1, dynamics: members}",
    "{kind: ilqr, horizon: 0.1, real_time: true}",
    "{kind: cem, horizon: 0.1, candidates: 24, threads: 2}",
    "{kind: mppi, horizon: 0.1, candidates: 32, adaptation: 0.2}",
    "{kind: shooting, horizon: 0.1, iterations: 2, candidates: 24}",
    "{kind: cem-ilqr, horizon: 0.1, candidates: 24}",
    "{kind: lqr}",
  ]

  /// The second episode meets whatever a planner keeps, and begins with a refit of the first.
  @Test(arguments: planners) func everyPlannerIsExactInEveryEpisode(planner: String) throws {
    let rig = try EpisodeRig.planning(planner, more: "guard: {fallback: lqr}")
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 77)))
    let isFallbackReady = host.controller.pointee.isFallbackReady
    #expect(isFallbackReady)
    let runner = rig.runner(host)
    for episode in 1...3 {
      let recorded = try rig.record(runner, refit: rig.refits())
      let report = try Replay.report(recorded)
      #expect(report.isExact, "episode \(episode): \(String(describing: report.first))")
      #expect(report.ticks == 45 && report.refits == 4)
      // 4 states, 5 figures, 1 decision, 3 of what was sent, 1 checksum; the last sends nothing.
      #expect(report.fields == 45 * 14 - 3)
      #expect(recorded.episode.header.control?.model == .attached)
    }
  }

  @Test(arguments: ["expected", "{pessimistic: 0.95}", "{optimistic: 0.7}"], planners[3...6])
  func everyValueIsExact(value: String, planner: String) throws {
    let rig = try EpisodeRig.planning(
      planner,
      more: "value: \(value)\npropagation: {dynamics: resampled, particles: 4, noise: true}")
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    let recorded = try rig.record(rig.runner(host), ticks: 12)
    #expect(try Replay.report(recorded).isExact)
    #expect(recorded.episode.ticks.contains { $0.planCost.isFinite })
  }

  @Test(
    arguments: [
      "{kind: ou, seconds: 0.4}", "{kind: uniform}", "{kind: hold, period: 0.05}",
    ], [false, true])
  func explorationIsExact(policy: String, hasModel: Bool) throws {
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["{kind: ou, seconds: 0.4}": policy])
    let host = rig.host()
    if hasModel { host.adopt(ModelBlock(.random(rig.robot, seed: 1))) }
    let result = try rig.runner(host).run(rig.exploration(ticks: 40))
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.header.control?.basePolicy == rig.robot.corePolicy())
    #expect(try Replay.report((episode, result.path)).isExact)
  }

  @Test func aPolicyThatTheRobotFileDoesNotNameIsExactToo() throws {
    let rig = try EpisodeRig(lockstep: true)
    let policy = BasePolicy.uniform(amplitude: 1 / 3, ticks: 3)
    let result = try rig.runner(rig.host()).run(
      EpisodeOptions(
        kind: .base, mode: .explore(policy), maximumTicks: 20, stopsOnSuccess: false))
    #expect(try Replay.report((EpisodeReader.read(result.path), result.path)).isExact)
  }

  @Test func outputAtOnceIsExact() throws {
    let rig = try EpisodeRig(
      lockstep: true,
      replacing: ["next-tick": "immediate", "rate: 100": "rate: 100\nlatency: 2"])
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    #expect(try Replay.report(rig.record(rig.runner(host))).isExact)
  }

  /// A gate that refuses plans, an envelope that restrains them, a fallback with gains.
  @Test func theGuardIsExact() throws {
    let rig = try EpisodeRig.planning(
      "{kind: cem, horizon: 0.1, candidates: 24}",
      more: "envelope: {x: [-0.02, 0.02]}\nguard: {stop_after: 10, fallback: feedback, gate: 1, "
        + "feedback: [{action: force, channel: w, gain: -0.5}]}")
    let host = rig.host()
    var model = EnsembleModel.random(rig.robot, seed: 7)
    model.training.disagreement = DisagreementQuantile(quantile: 0.99, value: 0.3, transitions: 10)
    host.adopt(ModelBlock(model))
    let result = try rig.runner(host).run(
      EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 60, keepsToKnown: true))
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.header.control?.gate == 0.3)
    #expect(result.fallbacks > 0)
    let report = try Replay.report((episode, result.path))
    #expect(report.isExact, "\(String(describing: report.first))")
  }

  @Test func aStretchIsComparedByItself() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    let recorded = try rig.record(rig.runner(host), ticks: 30)
    let altered = try recorded.episode.altered(at: recorded.path) { $0.decisions[10].values[0] = 1 }
    let replay = try Replay(altered.episode, path: altered.path)
    #expect(!replay.compare().isExact)
    #expect(replay.compare(until: 10).isExact)
    let rest = replay.compare(from: 11, until: 30)
    #expect(rest.isExact && rest.ticks == 19)
    let first = try #require(replay.compare(from: 5, until: 20).first)
    #expect(first.tick == 10 && first.field == "decision.force" && first.recorded == .real(1))
  }

  @Test func oneThatWasCutOffIsExactAsFarAsItGoes() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    let (episode, path) = try rig.record(rig.runner(host))
    try episode.write(to: path + ".cut", isClosed: false)
    let cut = try EpisodeReader.read(path + ".cut")
    #expect(!cut.isComplete)
    let report = try Replay.report((cut, path))
    #expect(report.isExact && report.ticks == 45)
  }
}
