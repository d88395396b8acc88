import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Synchronization
import Testing

@testable import ReplanLoop

/// Whole episodes, looked at from outside while they run.
@Suite(.serialized) struct LiveEpisodeTests {
  @Test(arguments: [true, false]) func anEpisodeIsSeenWhileItRuns(isLockstep: Bool) throws {
    let rig = try EpisodeRig(lockstep: isLockstep)
    let host = rig.host()
    let model = ModelBlock(.random(rig.robot, seed: 1))
    host.adopt(model)
    let reader = LiveReader(workspace: rig.workspace.path)
    let runner = rig.runner(host)
    // The recorder's own thread looks, so that what is seen is what it has just told of.
    let seen = Mutex<[LiveView]>([])
    let readers = Mutex(Sender(reader))
    runner.progress = { _ in
      let view = readers.withLock { try? $0.reader.view() }
      if let view { seen.withLock { $0.append(view) } }
    }
    let result = try runner.run(
      EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 40, stopsOnSuccess: false))
    let views = seen.withLock { $0 }
    #expect(!views.isEmpty)
    let planned = views.filter(\.head.hasPlan)
    #expect(!planned.isEmpty)
    for view in views {
      #expect(view.head.phase == .running && view.head.arming.isActive)
      #expect(view.head.episode == 1 && view.head.isLockstep == isLockstep)
      #expect(view.samples.last?.tick == view.head.ticks - 1)
      let total = (0..<TickTimeCounts.count).map { Int(view.head.tickTimes[$0]) }.reduce(0, +)
      #expect(total == Int(view.head.ticks))
    }
    let limits = rig.robot.action[0].limits
    for view in planned {
      #expect(view.plan.count == host.configuration.planner.horizon)
      #expect(view.plan.allSatisfy { limits.contains(Double($0)) })
      #expect(view.planStart.allSatisfy { $0.isFinite } && view.planStart.contains { $0 != 0 })
    }
    let after = try #require(try reader.view())
    #expect(after.head.phase == .idle && after.head.arming == .disarmed && after.head.isDisarmed)
    #expect(Int(after.head.ticks) == result.ticks)
    let parameters = try #require(reader.parameters(after: 0)).values
    #expect((0..<parameters.count).allSatisfy { parameters[$0] == model.parameters[$0] })
  }

  /// What the control thread decided is what the file says was planned.
  @Test func thePlansFirstActionIsTheOneSentNext() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 2)))
    let runner = rig.runner(host)
    let seen = Mutex<[LiveView]>([])
    let readers = Mutex(Sender(LiveReader(workspace: rig.workspace.path)))
    runner.progress = { _ in
      if let view = readers.withLock({ try? $0.reader.view() }) {
        seen.withLock { $0.append(view) }
      }
    }
    let result = try runner.run(
      EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 60, stopsOnSuccess: false))
    let actions = try EpisodeReader.read(result.path).actions
    var compared = 0
    for view in seen.withLock({ $0 }) where view.head.hasPlan {
      guard let sent = actions.first(where: { $0.tick == view.head.planTick }) else { continue }
      #expect(sent.values[0] == view.plan[0])
      compared += 1
    }
    #expect(compared > 0)
  }

  @Test func aRefitInsideShowsItsParameters() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 1)))
    let robot = rig.robot
    let refitted = ModelBlock(.random(robot, seed: 7))
    _ = try rig.runner(host).run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: 30, stopsOnSuccess: false,
        refit: RefitOptions(every: 10, adoptAfter: 5) { _, _ in refitted }))
    let reader = LiveReader(workspace: rig.workspace.path)
    let view = try #require(try reader.view())
    #expect(view.samples.last?.generation == 1)
    let parameters = try #require(reader.parameters(after: 0)).values
    #expect((0..<parameters.count).allSatisfy { parameters[$0] == refitted.parameters[$0] })
  }

  @Test func anEmergencyStopIsSeen() throws {
    let rig = try EpisodeRig(lockstep: true)
    let runner = rig.runner(rig.host(), isEmergencyRequested: { true })
    _ = try runner.run(rig.exploration(ticks: 10))
    let view = try #require(try LiveReader(workspace: rig.workspace.path).view())
    #expect(view.head.arming == .stopped && view.head.phase == .idle)
  }

  /// Hands the reader to the recorder's thread.
  private struct Sender: @unchecked Sendable {
    // SAFETY: unchecked, because a mutex lets one thread at a time use it.
    let reader: LiveReader
    init(_ reader: LiveReader) { self.reader = reader }
  }
}
