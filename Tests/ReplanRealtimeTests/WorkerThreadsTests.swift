import CRealtime
import Glibc
import Synchronization
import Testing

@testable import ReplanRealtime

@Suite struct WorkerThreadsTests {
  static let waits: [WorkerThreads.Wait] = [.futex, .spin]

  /// Numbers that parts write to, a cache line each, without any order of their own.
  private final class Tally {
    let counts: UnsafeMutablePointer<Int>
    init() {
      counts = .allocate(capacity: 16 * 16)
      counts.initialize(repeating: 0, count: 16 * 16)
    }
    deinit { counts.deallocate() }
    subscript(part: Int) -> Int { counts[16 * part] }
  }

  private static let count: WorkerThreads.Body = { argument, part in
    argument!.assumingMemoryBound(to: Int.self)[16 * part] += 1
  }

  @Test(arguments: waits, [1, 2, 3, 5])
  func everyPartRunsExactlyOnceAFork(wait: WorkerThreads.Wait, threads: Int) throws {
    let workers = try WorkerThreads(count: threads, wait: wait, priority: nil)
    let tally = Tally()
    var expected = [Int](repeating: 0, count: 16)
    for fork in 0..<3000 {
      let parts = [2, 1, 16, 0, 7, threads][fork % 6]
      WorkerThreads.run(workers.context, Self.count, tally.counts, parts)
      for part in 0..<parts { expected[part] += 1 }
      // The join makes the parts' plain writes visible.
      let seen = (0..<16).map { tally[$0] }
      guard seen == expected else {
        Issue.record("fork \(fork) of \(parts) parts: \(seen), expected \(expected)")
        return
      }
    }
  }

  @Test func threadsThatSleepAreWoken() throws {
    let workers = try WorkerThreads(count: 3, priority: nil)
    let tally = Tally()
    for fork in 1...50 {
      while workers.memory.meeting.sleeperCount < 2 { sched_yield() }
      WorkerThreads.run(workers.context, Self.count, tally.counts, 3)
      #expect((0..<3).allSatisfy { tally[$0] == fork })
    }
  }

  @Test(arguments: waits)
  func aCallerThatSleepsIsWoken(wait: WorkerThreads.Wait) throws {
    let workers = try WorkerThreads(count: 2, wait: wait, priority: nil)
    for _ in 0..<20 {
      WorkerThreads.run(
        workers.context,
        { context, part in
          // The second part ends only when the caller has fallen asleep.
          guard part == 1, let context else { return }
          while !WorkerMeeting(address: context).isCallerSleeping { crealtime_pause() }
        }, workers.context, 2)
      #expect(!workers.memory.meeting.isCallerSleeping)
    }
  }

  @Test func partsRunOnThreadsOfTheirOwn() throws {
    let workers = try WorkerThreads(count: 3, priority: nil)
    let tally = Tally()
    WorkerThreads.run(
      workers.context,
      { argument, part in
        argument!.assumingMemoryBound(to: Int.self)[16 * part] = Int(pthread_self())
      }, tally.counts, 6)
    #expect(tally[0] == Int(pthread_self()))
    #expect(Set((0..<3).map { tally[$0] }).count == 3)
    for part in 0..<3 { #expect(tally[part] == tally[part + 3]) }
  }

  @Test(arguments: waits)
  func theThreadsEndWithTheirOwner(wait: WorkerThreads.Wait) throws {
    let tally = Tally()
    for _ in 0..<20 {
      let workers = try WorkerThreads(count: 3, wait: wait, priority: nil)
      WorkerThreads.run(
        workers.context,
        { argument, part in
          argument!.assumingMemoryBound(to: Int.self)[16 * part] = ownTask()
        }, tally.counts, 3)
    }
    // The owner has gone, and its threads were joined; the kernel takes a moment to forget them.
    let deadline = MonotonicClock.nanoseconds + 10_000_000_000
    func exists(_ part: Int) -> Bool { access("/proc/self/task/\(tally[part])", F_OK) == 0 }
    while exists(1) || exists(2), MonotonicClock.nanoseconds < deadline { sched_yield() }
    #expect(!exists(1) && !exists(2))
    #expect(access("/proc/self/task/\(tally[0])", F_OK) == 0)
  }

  @Test func whatAThreadCannotHaveIsReported() throws {
    let workers = try WorkerThreads(count: 3, priority: nil, processors: [1000])
    #expect(workers.report.shortfalls.map(\.what) == ["processor 1000"])
    let tally = Tally()
    WorkerThreads.run(workers.context, Self.count, tally.counts, 3)
    #expect((0..<3).allSatisfy { tally[$0] == 1 })
    #expect(try WorkerThreads(count: 2, priority: nil).report.isComplete)
  }

  @Test func theThreadsRunOnTheirProcessors() throws {
    let processor = try #require(Int(allowedProcessors().prefix { $0.isNumber }))
    let workers = try WorkerThreads(count: 2, priority: nil, processors: [processor])
    let tally = Tally()
    WorkerThreads.run(
      workers.context,
      { argument, part in
        guard part == 1 else { return }
        let words = argument!.assumingMemoryBound(to: Int32.self)
        words[1] = crealtime_allowed_cpus(words, 1)
      }, tally.counts, 2)
    let words = UnsafeRawPointer(tally.counts).assumingMemoryBound(to: Int32.self)
    #expect(words[0] == Int32(processor) && words[1] == 1)
  }

  @Test func processorsAreTheOthersOfTheProcess() {
    #expect(WorkerThreads.processors(beside: nil, count: 4).isEmpty)
    var list = [Int32](repeating: 0, count: 1024)
    let count = Int(crealtime_allowed_cpus(&list, 1024))
    let allowed = list.prefix(count).map(Int.init)
    for processor in allowed {
      let others = WorkerThreads.processors(beside: processor, count: 16)
      #expect(others.count == min(allowed.count - 1, 15))
      #expect(!others.contains(processor) && Set(others).isSubset(of: allowed))
      #expect(Set(others).count == others.count)
      #expect(WorkerThreads.processors(beside: processor, count: 1).isEmpty)
    }
  }
}

/// The kernel's number of the calling thread.
private func ownTask() -> Int {
  var link = [UInt8](repeating: 0, count: 64)
  let count = link.withUnsafeMutableBytes { readlink("/proc/thread-self", $0.baseAddress!, 64) }
  let path = String(decoding: link.prefix(max(count, 0)), as: UTF8.self)
  return path.split(separator: "/").last.flatMap { Int($0) } ?? 0
}
