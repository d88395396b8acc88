import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// Real-time episodes come out again, whatever happened in them.
@Suite(.serialized) struct StreamingReplayTests {
  private func record(
    _ rig: EpisodeRig, ticks: Int, withoutPlanning: Range<Int> = 0..<0
  ) throws -> Episode {
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    let recorded = try rig.record(
      rig.runner(host), ticks: ticks, refit: rig.refits(every: 20, adoptAfter: 5),
      withoutPlanning: withoutPlanning)
    let report = try Replay.report(recorded)
    #expect(report.isExact, "\(String(describing: report.first)) \(String(describing: report.gap))")
    #expect(report.ticks == recorded.episode.ticks.count)
    return recorded.episode
  }

  @Test(arguments: ["next-tick", "immediate"]) func faultsOfTheLineAreExact(
    output: String
  ) throws {
    let rig = try EpisodeRig(
      lockstep: false, replacing: ["next-tick": output],
      faults: [15: .lose(1), 25: .pause(6), 40: .stall(5), 60: .lose(4), 80: .jump(30)])
    let episode = try record(rig, ticks: 160)
    let verdicts = Set(episode.ticks.compactMap { Verdict(rawValue: $0.verdict) })
    #expect(verdicts.isSuperset(of: [.planned, .bridged, .stale]))
    #expect(episode.ticks.contains { !$0.isFresh })
    // Samples that no tick saw are there, and count.
    #expect(episode.observations.count > episode.ticks.count { $0.isFresh })
    #expect(episode.ticks.contains { $0.elapsedSamples > 1 })
    #expect((episode.ticks.last?.modelGeneration ?? 0) > 0)
  }

  @Test func ticksWithoutPlanningAreExact() throws {
    let rig = try EpisodeRig.planning(
      "{kind: cem, horizon: 0.1, candidates: 24}",
      more: "guard: {shifted_ticks: 2, fallback: hold}", lockstep: false)
    let episode = try record(rig, ticks: 80, withoutPlanning: 30..<45)
    let late = episode.ticks[30..<45]
    #expect(late.allSatisfy { $0.iterations == 0 && ($0.isCut || !$0.isFresh) })
    // A busy host makes ticks late before, so that there may be nothing to follow.
    let verdicts = Set(late.compactMap { Verdict(rawValue: $0.verdict) })
    #expect(!verdicts.isDisjoint(with: [.late, .shifted]))
  }

  /// More work than a tick has time for: each plans as far as its deadline let it.
  @Test(arguments: [
    "{kind: cem, horizon: 0.5, iterations: 100, candidates: 1024}",
    "{kind: mppi, horizon: 0.5, iterations: 100, candidates: 1024, adaptation: 0.2}",
    "{kind: cem-ilqr, horizon: 0.5, iterations: 2, candidates: 512, finish: {iterations: 100}}",
  ]) func deadlineCutsAreExact(planner: String) throws {
    let rig = try EpisodeRig.planning(planner, lockstep: false)
    let episode = try record(rig, ticks: 60)
    if planner.contains("iterations: 100, candidates") {
      #expect(episode.ticks.contains { $0.isCut && $0.iterations > 0 })
    }
  }
}
