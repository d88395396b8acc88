import PlantRig
import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot
import ReplanWire
import Synchronization
import Testing

@testable import ReplanLearn

/// What a run told, in its order.
private final class Events: Sendable {
  let all = Mutex<[LearnEvent]>([])
  /// Without the judgements of the models, one after each fit.
  var kinds: [String] {
    all.withLock {
      $0.compactMap {
        switch $0 {
        case .promotion: nil
        case .start: "start"
        case .fit: "fit"
        case .episode(let episode): episode.kind
        case .end: "end"
        }
      }
    }
  }

  var episodes: [LearnEvent.Episode] {
    all.withLock { $0.compactMap { if case .episode(let episode) = $0 { episode } else { nil } } }
  }

  var end: LearnEvent.End? {
    all.withLock { if case .end(let end)? = $0.last { end } else { nil } }
  }
}

extension EpisodeRig {
  fileprivate func series(
    _ events: Events, seed: UInt64 = 1,
    progress: @escaping @Sendable (LearnProgress) -> Void = { _ in }
  ) throws -> EpisodeSeries {
    try EpisodeSeries(
      robot: robot, session: session, workspace: workspace,
      options: .init(
        loop: loopOptions, seed: seed, build: "test", isStopRequested: stopRequest,
        isEmergencyRequested: { false }),
      emit: { event in events.all.withLock { $0.append(event) } }, progress: progress)
  }
}

/// The learning loop against a simulated plant in lockstep, with small models and few steps.
@Suite struct LearningLoopTests {
  @Test func itExploresThenFitsAndRunsUntilTheBudgetIsSpent() throws {
    let rig = try EpisodeRig(lockstep: true)
    let events = Events()
    let series = try rig.series(events)
    let isLearned = try LearningLoop(series, maximumExperience: 2.05).run()
    #expect(!isLearned)
    #expect(events.kinds == ["start", "base", "fit", "mpc", "fit", "mpc", "end"])
    #expect(events.episodes.map(\.ticks) == [40, 100, 65])
    #expect(events.episodes.last?.experience == 2.05)
    #expect(events.end?.experience == 2.05)
    #expect(series.ownExperience == 2.05)
    let recorded = try rig.workspace.episodes().map {
      try EpisodeReader.read($0.path).observations.count
    }
    #expect(recorded == [40, 100, 65])
    // A transition fewer than samples for each episode.
    #expect(series.dataset.count == 205 - 3)
  }

  /// Resets by the controller are episodes too: told, booked, learned from.
  @Test func aControllerThatResetsRunsBeforeEachEpisode() throws {
    let episode = """
        reset: rest
        reset_by: [controller]
        reset_feedback: [{action: force, channel: x, gain: -20}, {action: force, channel: v, gain: -10}]
        at_rest: [{channel: x, within: 0.05}, {channel: v, within: 0.1}]
        rest_hold: 0.1
      """
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["  reset: rest": episode], resets: false)
    let events = Events()
    let series = try rig.series(events)
    _ = try LearningLoop(series, maximumExperience: 0.9).run()
    #expect(events.kinds == ["start", "reset", "base", "fit", "reset", "mpc", "end"])
    let resets = events.episodes.filter { $0.kind == "reset" }
    #expect(resets.allSatisfy { $0.end == "at rest" && !$0.success && $0.verdicts["settled"]! > 9 })
    let ticks = events.episodes.map(\.ticks)
    #expect(series.dataset.count == ticks.reduce(0, +) - ticks.count)
    #expect(events.end?.experience == Double(ticks.reduce(0, +)) / 100)
  }

  @Test func aControllerThatFailsIsFollowedByTheNextWay() throws {
    let episode = """
        reset: rest
        reset_by: [controller, plant]
        reset_timeout: 1
        reset_feedback: [{action: force, channel: x, gain: -1}]
        at_rest: [{channel: x, within: 0.01, of: 5}]
      """
    let rig = try EpisodeRig(lockstep: true, replacing: ["  reset: rest": episode])
    let events = Events()
    _ = try LearningLoop(rig.series(events), maximumExperience: 1.2).run()
    #expect(events.kinds.prefix(3) == ["start", "reset", "base"])
    #expect(events.episodes[0].end == "time up" && rig.rig.seen.resets.count == 1)
  }

  @Test func resetsCountAgainstTheBudget() throws {
    let episode = """
        reset: rest
        reset_by: [controller, plant]
        reset_feedback: [{action: force, channel: x, gain: -1}]
        at_rest: [{channel: x, within: 0.01, of: 5}]
      """
    let rig = try EpisodeRig(lockstep: true, replacing: ["  reset: rest": episode])
    let events = Events()
    #expect(try !LearningLoop(rig.series(events), maximumExperience: 0.5).run())
    #expect(events.kinds == ["start", "reset", "end"])
    #expect(events.episodes[0].ticks == 50 && events.end?.experience == 0.5)
  }

  @Test func onceFitsOnceAndExecutesPlansAsAWhole() throws {
    let (kinds, verdicts) = try run("once")
    #expect(kinds == ["start", "base", "fit", "mpc", "mpc", "end"])
    try expectWholePlans(verdicts)
  }

  @Test func onceIsFittedToTheBasePolicyAlsoWhereItIsContinued() throws {
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["rate: 100": "rate: 100\nlearning: {loop: once}"])
    for _ in 0..<2 {
      let events = Events()
      _ = try LearningLoop(rig.series(events), maximumExperience: 1.4).run()
      let fits = events.all.withLock {
        $0.compactMap { if case .fit(let fit) = $0 { fit.transitions } else { nil } }
      }
      #expect(fits == [39])
    }
  }

  @Test func aggregateRefitsBetweenEpisodes() throws {
    let (kinds, verdicts) = try run("aggregate")
    #expect(kinds == ["start", "base", "fit", "mpc", "fit", "mpc", "end"])
    try expectWholePlans(verdicts)
  }

  @Test func replanPlansAtEveryTick() throws {
    let (kinds, verdicts) = try run("replan")
    #expect(kinds == ["start", "base", "fit", "mpc", "fit", "mpc", "end"])
    #expect(verdicts.allSatisfy { $0["followed"] == nil && $0["planned"]! > 60 })
  }

  /// What a learning loop tells, and the verdicts of its planning episodes.
  private func run(_ loop: String) throws -> (kinds: [String], verdicts: [[String: Int]]) {
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["rate: 100": "rate: 100\nlearning: {loop: \(loop)}"])
    let events = Events()
    _ = try LearningLoop(rig.series(events), maximumExperience: 2.05).run()
    return (events.kinds, events.episodes.filter { $0.kind == "mpc" }.map(\.verdicts))
  }

  private func expectWholePlans(_ verdicts: [[String: Int]]) throws {
    for found in verdicts {
      let planned = try #require(found["planned"])
      let followed = try #require(found["followed"])
      #expect(planned >= 1 && followed > 5 * planned, "\(found)")
    }
  }

  @Test func tooLittleDataIsFollowedByMoreExploration() throws {
    let rig = try EpisodeRig(lockstep: true, replacing: ["seconds: 0.4": "seconds: 0.1"])
    let events = Events()
    // Ten samples are nine transitions, enough; five are four.
    _ = try LearningLoop(rig.series(events), maximumExperience: 0.05).run()
    #expect(events.kinds == ["start", "base", "end"])
    #expect(events.episodes.map(\.ticks) == [5])
    let more = Events()
    _ = try LearningLoop(rig.series(more), maximumExperience: 0.2).run()
    #expect(more.kinds == ["start", "base", "fit", "mpc", "end"])
    #expect(more.episodes.map(\.ticks) == [10, 10])
    #expect(more.episodes.map(\.index) == [2, 3])
    #expect(more.end?.experience == 0.25)
  }

  @Test func aWorkspaceIsContinued() throws {
    let rig = try EpisodeRig(lockstep: true)
    _ = try rig.series(Events()).collect(episodes: 1, reset: nil, seconds: nil)
    let events = Events()
    let series = try rig.series(events)
    #expect(series.dataset.count == 39)
    #expect(series.experience == 0.4)
    #expect(series.ownExperience == 0)
    _ = try LearningLoop(series, maximumExperience: 0.5).run()
    #expect(events.kinds == ["start", "fit", "mpc", "end"])
    #expect(events.episodes.map(\.index) == [2])
    #expect(events.end?.experience == 0.9)
  }

  @Test func randomResetsDiffer() throws {
    let rig = try EpisodeRig(lockstep: true)
    for _ in 0..<2 {
      _ = try rig.series(Events()).collect(episodes: 2, reset: .random, seconds: 0.05)
    }
    let seeds = rig.rig.seen.resets.map { $0.parameters[1] }
    #expect(rig.rig.seen.resets.map { $0.parameters[0] } == [1, 1, 1, 1])
    #expect(Set(seeds).count == 4)
    #expect(!seeds.contains { $0 < 1 || $0 > 16_777_215 })
    let starts = try rig.workspace.episodes().map {
      try EpisodeReader.read($0.path).observations[0].values
    }
    #expect(Set(starts).count == 4)
  }

  @Test func aRequestToStopEndsTheRunWhereverItIs() throws {
    let fitting = try EpisodeRig(lockstep: true)
    let events = Events()
    let series = try fitting.series(events) { [stop = fitting.stop] progress in
      if case .fitting = progress { stop.set() }
    }
    #expect(try !LearningLoop(series, maximumExperience: 60).run())
    #expect(events.end?.reason == "interrupted")
    #expect(events.episodes.map(\.kind) == ["base"])

    let running = try EpisodeRig(lockstep: true)
    let others = Events()
    let second = try running.series(others) { [stop = running.stop] progress in
      if case .running(.mpc, _, _, _, _) = progress { stop.set() }
    }
    #expect(try !LearningLoop(second, maximumExperience: 60).run())
    #expect(others.end?.reason == "interrupted")
    #expect(others.episodes.map(\.kind) == ["base", "mpc"])
    #expect(!running.rig.seen.isArmed)
  }

  @Test func successEndsTheRun() throws {
    let rig = try EpisodeRig(
      lockstep: true, replacing: ["within: 0.01}": "within: 3, of: 3.14}"])
    let events = Events()
    #expect(try LearningLoop(rig.series(events), maximumExperience: 60).run())
    #expect(events.end?.success == true)
    // The base policy's episode is not what is to be learned.
    #expect(events.episodes.map(\.success) == [false, true])
    #expect(events.episodes.last?.ticks == 11)
  }

  @Test func theSameSeedGivesTheSameEpisodesAndModels() throws {
    let runs = try (0..<2).map { _ in
      let rig = try EpisodeRig(lockstep: true)
      let series = try rig.series(Events(), seed: 9)
      _ = try LearningLoop(series, maximumExperience: 1.5).run()
      let hashes = try rig.workspace.models().map { try ModelFile.read($0.path).hash }
      return (series.dataset.transitions, hashes)
    }
    #expect(runs[0].0 == runs[1].0)
    #expect(runs[0].1 == runs[1].1)
    #expect(runs[0].1.count == 2)
  }

  @Test func aLostPlantIsBookedBeforeItIsAnError() throws {
    let rig = try EpisodeRig(lockstep: true, faults: [8: .flag(.fault)])
    let events = Events()
    let series = try rig.series(events)
    let loop = LearningLoop(series, maximumExperience: 60)
    #expect(throws: LearningError.self) { try loop.run() }
    #expect(events.kinds == ["start", "base", "end"])
    #expect(events.episodes.map(\.ticks) == [9])
    #expect(series.experience == 0.09)
    let past = try PastEpisodes(of: rig.workspace, robot: rig.robot)
    #expect(past.seconds == 0.09)
    #expect(past.dataset.transitions == series.dataset.transitions)
  }
}
