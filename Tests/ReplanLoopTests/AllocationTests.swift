import Glibc
import PlantRig
import ReplanCore
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import Testing

@testable import ReplanLoop

/// The control thread keeps off the heap from its first tick to its last, waits and input included,
/// as the thread itself has counted it.
@Suite(.serialized) struct AllocationTests {
  @Test(arguments: ["next-tick", "immediate"]) func theControlThreadKeepsOffTheHeap(
    output: String
  ) throws {
    let rig = try EpisodeRig(
      lockstep: false, replacing: ["next-tick": output],
      faults: [20: .stall(5), 40: .pause(5), 60: .lose(2)])
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 1)))
    let robot = rig.robot
    let runner = rig.runner(host)
    let result = try runner.run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: 100,
        refit: RefitOptions(every: 25, adoptAfter: 10) { _, tick in
          ModelBlock(.random(robot, seed: UInt64(tick)))
        }))
    #expect(result.end == .timeUp)
    let episode = try EpisodeReader.read(result.path)
    #expect(episode.ticks.last.map { $0.modelGeneration >= 1 } == true)
    #expect(result.usage.heapUses == 0)
  }

  @Test(arguments: ["difference", "{kind: lowpass, cutoff: 10}", "{kind: kalman, cutoff: 10}"])
  func estimatorsKeepOffTheHeap(estimator: String) throws {
    let rig = try EpisodeRig(
      lockstep: false, replacing: EpisodeRig.positionsOnly(estimator),
      faults: [20: .stall(5), 40: .pause(5), 60: .lose(2)])
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 1)))
    let result = try rig.runner(host).run(
      EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 100))
    #expect(result.end == .timeUp)
    #expect(result.usage.heapUses == 0)
  }

  @Test func anAllocationInATickIsSeen() throws {
    let rig = try EpisodeRig(lockstep: false)
    let own = pthread_self()
    let runner = rig.runner(
      rig.host(),
      isStopRequested: {
        // This thread asks too, while the plant resets.
        guard pthread_equal(own, pthread_self()) == 0 else { return false }
        return withExtendedLifetime([Int](repeating: 1, count: Int(getpid()))) { $0.isEmpty }
      })
    let result = try runner.run(rig.exploration(ticks: 60))
    // A busy host makes the loop skip ticks: an allocation and its release in each that ran.
    let ticks = try EpisodeReader.read(result.path).ticks.count
    #expect(ticks > 0 && result.usage.heapUses.map { $0 >= 2 * (ticks - 1) } == true)
  }
}
