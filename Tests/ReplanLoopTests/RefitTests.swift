import Glibc
import PlantRig
import ReplanCore
import ReplanHIL
import ReplanRealtime
import ReplanRecord
import ReplanRobot
import ReplanWire
import Synchronization
import Testing

@testable import ReplanLoop

/// Refits inside lockstep episodes, where their hand-over is exact.
@Suite struct RefitTests {
  /// A refit that is a function of its data, and takes its time where it is told to.
  private func options(
    _ rig: EpisodeRig, every: Int = 10, adoptAfter: Int = 4, failing: Set<Int> = [],
    sleeping: UInt32 = 0, fitted: Fitted = Fitted()
  ) -> RefitOptions {
    let robot = rig.robot
    return RefitOptions(
      every: every, adoptAfter: adoptAfter,
      fit: { transitions, tick in
        fitted.starts.withLock { $0.append((tick, transitions.count)) }
        if sleeping > 0 { usleep(sleeping) }
        if failing.contains(tick) { return nil }
        let last = transitions.states.last ?? 0
        return ModelBlock(.random(robot, seed: UInt64(last.bitPattern) &+ UInt64(tick)))
      }, cancel: { fitted.cancellations.withLock { $0 += 1 } })
  }

  private final class Fitted: Sendable {
    let starts = Mutex<[(tick: Int, transitions: Int)]>([])
    let cancellations = Mutex(0)
  }

  private func run(
    _ rig: EpisodeRig, _ refit: RefitOptions?, ticks: Int = 45
  ) throws -> (result: EpisodeResult, episode: Episode) {
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 77)))
    let result = try rig.runner(host).run(
      EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: ticks, refit: refit))
    return (result, try EpisodeReader.read(result.path))
  }

  @Test func aRefitIsAdoptedAtItsTick() throws {
    let rig = try EpisodeRig(lockstep: true)
    let fitted = Fitted()
    let (result, episode) = try run(rig, options(rig, fitted: fitted))
    #expect(result.end == .timeUp)
    let expected = (0..<45).map { UInt32(max(0, ($0 - 4) / 10)) }
    #expect(episode.ticks.map(\.modelGeneration) == expected)
    let starts = fitted.starts.withLock { $0 }
    #expect(starts.map(\.tick) == [10, 20, 30, 40])
    // Data up to tick k is k transitions.
    #expect(starts.map(\.transitions) == [10, 20, 30, 40])
    #expect(fitted.cancellations.withLock { $0 } == 1)
  }

  @Test func adoptionMayWaitForTheNextStart() throws {
    let rig = try EpisodeRig(lockstep: true)
    let (_, episode) = try run(rig, options(rig, every: 7, adoptAfter: 7))
    let expected: [UInt32] = (0..<45).map { UInt32(max(0, $0 / 7 - 1)) }
    #expect(episode.ticks.map(\.modelGeneration) == expected)
  }

  @Test func aRefitThatFailsChangesNothing() throws {
    let rig = try EpisodeRig(lockstep: true)
    let (_, episode) = try run(rig, options(rig, failing: [20, 30]))
    let generations = episode.ticks.map(\.modelGeneration)
    let expected: [UInt32] = (0..<45).map { $0 < 14 ? 0 : $0 < 44 ? 1 : 2 }
    #expect(generations == expected)
  }

  @Test func theTimeThatFitsTakeDoesNotShow() throws {
    let essences = try [0, 3000, 20_000].map { sleeping in
      let rig = try EpisodeRig(lockstep: true)
      return try run(rig, options(rig, sleeping: UInt32(sleeping))).episode.essence
    }
    #expect(essences[0] == essences[1])
    #expect(essences[0] == essences[2])
    // A refit does make a difference.
    let rig = try EpisodeRig(lockstep: true)
    let plain = try run(rig, nil).episode.essence
    #expect(plain != essences[0])
  }

  @Test func theModelInUseOutlivesItsEpisode() throws {
    let rig = try EpisodeRig(lockstep: true)
    let host = rig.host()
    host.adopt(ModelBlock(.random(rig.robot, seed: 77), hash: "stored"))
    let runner = rig.runner(host)
    weak var refitted: ModelBlock?
    let latest = Mutex<ModelBlock?>(nil)
    let robot = rig.robot
    _ = try runner.run(
      EpisodeOptions(
        kind: .mpc, mode: .plan, maximumTicks: 16,
        refit: RefitOptions(every: 10, adoptAfter: 4) { _, _ in
          let block = ModelBlock(.random(robot, seed: 5))
          latest.withLock { $0 = block }
          return block
        }))
    latest.withLock { block in
      refitted = block
      block = nil
    }
    let block = try #require(refitted)
    #expect(host.modelHash == "")
    let second = try runner.run(EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 20))
    let episode = try EpisodeReader.read(second.path)
    let decisions = Replayed(
      episode, host.configuration, index: second.index, mode: .plan, parameters: block.parameters
    ).decisions
    for k in 0..<18 { #expect(episode.actions[k + 1].values == [decisions[k].action[0]]) }
  }

  @Test func aRefitIsSkippedWhileOneRuns() {
    let gate = Gate()
    let schedule = RefitSchedule(
      RefitOptions(every: 5, adoptAfter: 2) { _, _ in
        gate.wait()
        return nil
      })
    #expect(!schedule.isDue(at: 0))
    #expect(schedule.isDue(at: 5) && !schedule.isDue(at: 6) && schedule.isDue(at: 10))
    #expect(schedule.isIdle)
    let thread = schedule.start(TransitionSet(stateCount: 1, actionCount: 1), at: 5)
    #expect(!schedule.isIdle)
    #expect(schedule.mailbox.finishedStart == -1)
    gate.open()
    schedule.awaitAdoption(at: 7)
    #expect(schedule.isIdle)
    #expect(schedule.mailbox.finishedStart == 5)
    thread?.join()
  }

  /// Holds a thread until it is opened.
  private final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    func open() { isOpen.store(true, ordering: .releasing) }
    func wait() { while !isOpen.load(ordering: .acquiring) { sched_yield() } }
  }
}
