import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

@Suite struct WhatIfTests {
  private let rig: EpisodeRig
  private let episode: Episode
  private let path: String

  init() throws {
    rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 7)))
    (episode, path) = try rig.record(
      rig.runner(host), ticks: 40, refit: rig.refits(), withoutPlanning: 20..<23)
  }

  private func whatIf(
    _ changes: [String], from start: Int = 0
  ) throws -> (rows: [WhatIfTick], summary: WhatIfSummary) {
    var edit = RobotFileEdit(text: episode.header.robotText, file: "robot.yaml")
    for change in changes {
      try edit.apply(try #require(RobotFileChange(change)), rate: episode.header.rate)
    }
    let replay = try Replay(episode, path: path, changed: try edit.checked())
    var rows: [WhatIfTick] = []
    let summary = replay.whatIf(from: start) { rows.append($0) }
    return (rows, summary)
  }

  @Test func aChangeThatChangesNothingIsNone() throws {
    let (rows, summary) = try whatIf(["planner.iterations=1", "episode.seconds=3"])
    #expect(rows.count == 40 && summary.ticks == 40)
    #expect(summary.differentActions == 0 && summary.differentVerdicts == 0)
    #expect(summary.largestChange == 0 && summary.meanCost == summary.changedMeanCost)
  }

  @Test func anotherHorizonPlansOtherwiseFromTheSamePlace() throws {
    let (rows, summary) = try whatIf(["planner.horizon=20"])
    #expect(summary.differentActions > 20 && summary.largestChange > 0)
    #expect(summary.changedMeanCost > summary.meanCost)
    for (row, decision) in zip(rows, episode.decisions) {
      #expect(row.recorded.action == decision.values)
    }
    // Late ticks are late with the change as well.
    #expect((20..<23).allSatisfy { rows[$0].changed.cost.isInfinite })
    let seconds = try whatIf(["planner.horizon=0.2"])
    #expect(seconds.rows.map(\.changed.cost) == rows.map(\.changed.cost))
    let later = try whatIf(["planner.horizon=20"], from: 30)
    #expect(later.rows.map(\.tick) == Array(30..<40))
    #expect(later.rows.map(\.changed.cost) == rows[30...].map(\.changed.cost))
  }

  @Test func whatWasMeasuredCannotBeChanged() throws {
    let error = #expect(throws: LoopError.self) { try whatIf(["rate=50"]) }
    guard case .otherSignals("rate")? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aModelThatNoLongerFitsIsRefused() throws {
    let error = #expect(throws: LoopError.self) { try whatIf(["model.members=3"]) }
    #expect(error?.description.contains("network") == true)
  }

  @Test func anUnknownKeyGetsItsFault() throws {
    let error = #expect(throws: RobotError.self) { try whatIf(["planner.iteration=4"]) }
    #expect(error?.description.contains("did you mean iterations?") == true)
  }

  @Test func theBasePolicyCanBeChanged() throws {
    let result = try rig.runner(rig.host()).run(rig.exploration(ticks: 20))
    let recorded = try EpisodeReader.read(result.path)
    var edit = RobotFileEdit(text: recorded.header.robotText, file: "robot.yaml")
    try edit.apply(try #require(RobotFileChange("base_policy.kind=uniform")), rate: 100)
    let replay = try Replay(recorded, path: result.path, changed: try edit.checked())
    #expect(replay.whatIf { _ in }.differentActions == 20)
  }
}
