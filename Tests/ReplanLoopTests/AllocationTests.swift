import CAllocationWatch
import Glibc
import PlantRig
import ReplanCore
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// The control thread keeps off the heap from its first tick to its last, waits and input included.
@Suite(.serialized) struct AllocationTests {
  /// Watches the control thread, which asks at the end of each tick; this thread asks as well.
  private func onControlThread(
    _ body: @escaping @Sendable () -> Bool
  ) -> @Sendable () -> Bool {
    let own = pthread_self()
    return {
      guard pthread_equal(own, pthread_self()) == 0 else { return false }
      allocation_watch_this_thread()
      return body()
    }
  }

  @Test(arguments: ["next-tick", "immediate"]) func theControlThreadKeepsOffTheHeap(
    output: String
  ) throws {
    let rig = try EpisodeRig(
      lockstep: false, replacing: ["next-tick": output],
      faults: [20: .stall(5), 40: .pause(5), 60: .lose(2)])
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 1)))
    let robot = rig.robot
    let before = allocation_watch_count()
    let runner = rig.runner(host, isStopRequested: onControlThread { false })
    let result = try runner.run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: 100,
        refit: RefitOptions(every: 25, adoptAfter: 10) { _, tick in
          ModelBlock(.random(robot, seed: UInt64(tick)))
        }))
    #expect(result.end == .timeUp)
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.ticks.last.map { $0.modelGeneration >= 2 } == true)
    // The thread's end, after its last tick, gives back what its body had captured.
    let uses = allocation_watch_count() - before
    #expect(uses <= 12)
  }

  @Test func anAllocationInATickIsSeen() throws {
    let rig = try EpisodeRig(lockstep: false)
    let before = allocation_watch_count()
    let runner = rig.runner(
      rig.host(),
      isStopRequested: onControlThread {
        withExtendedLifetime([Int](repeating: 1, count: allocation_watch_count() + 100)) {
          $0.isEmpty
        }
      })
    let result = try runner.run(rig.exploration(ticks: 60))
    // A busy host makes the loop skip ticks: one allocation in each that ran.
    let ticks = try EpisodeReader.read(result.path).ticks.count
    #expect(ticks > 10 && allocation_watch_count() - before >= ticks)
  }
}
