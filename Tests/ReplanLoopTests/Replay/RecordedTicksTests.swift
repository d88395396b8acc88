import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// Where records are missing, what follows is not claimed to agree.
@Suite struct RecordedTicksTests {
  private let rig: EpisodeRig
  private let episode: Episode
  private let path: String

  init() throws {
    rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    (episode, path) = try rig.record(rig.runner(host), ticks: 30, refit: rig.refits())
  }

  @Test func anEpisodeIsWhole() {
    let recorded = RecordedTicks(episode)
    #expect(recorded.gap == nil && recorded.ticks.count == 30)
    #expect(recorded.ticks.allSatisfy { $0.arrived.count == 1 && $0.observation != nil })
    #expect(recorded.ticks.dropLast().allSatisfy { $0.sent != nil })
    #expect(recorded.ticks.last?.sent == nil)
  }

  /// What is missing of tick 12, or of the refit that is adopted at tick 14.
  enum Hole: String, CaseIterable, Sendable {
    case tick, state, decision, observation, action, refit

    func dig(_ episode: inout Episode) {
      switch self {
      case .tick: episode.ticks.remove(at: 12)
      case .state: episode.states.remove(at: 12)
      case .decision: episode.decisions.removeAll { $0.tick == 12 }
      case .observation: episode.observations.removeLast(18)
      case .action: episode.actions.remove(at: 12)
      case .refit: episode.models[1] = nil
      }
    }
  }

  @Test(arguments: Hole.allCases) func aHoleEndsWhatCanBeComputed(hole: Hole) throws {
    var holed = episode
    hole.dig(&holed)
    let replay = try Replay(holed, path: path)
    let report = replay.compare()
    let gap = try #require(report.gap)
    #expect(gap.reason.contains(hole.rawValue))
    #expect(gap.tick == (hole == .refit ? 14 : 12))
    #expect(report.first == nil && !report.isExact && report.ticks == gap.tick)
    // What comes before it can be verified by itself.
    #expect(replay.compare(until: 12).isExact)
  }

  @Test func recordsThatWereDroppedAtTheEndAreMissed() throws {
    var ending = episode
    ending.outcome?.droppedRecords = 3
    #expect(try Replay(ending, path: path).compare().gap?.reason.contains("3 records") == true)
    ending = episode
    ending.ticks.removeLast(2)
    let report = try Replay(ending, path: path).compare()
    #expect(report.gap == ReplayGap(tick: 28, reason: "2 ticks were not recorded"))
  }

  @Test func anEpisodeWithoutTicksIsNone() {
    var empty = episode
    empty.ticks = []
    empty.outcome?.ticks = 0
    #expect(throws: LoopError.self) { try Replay(empty, path: path) }
  }

  @Test func anOlderFileSaysWhatItLacks() {
    var older = episode
    older.header.control = nil
    let error = #expect(throws: LoopError.self) { try Replay(older, path: path) }
    #expect(error?.description.contains("format 1") == true)
    older.header.kind = EpisodeHeader.imported
    let imported = #expect(throws: LoopError.self) { try Replay(older, path: path) }
    #expect(imported?.description.contains("it was imported") == true)
  }
}
