internal import CRealtime

/// Threads that share the work of a tick: the calling one and some that wait for it.
///
/// The threads exist while the value lives, and wait between ticks. A fork hands every thread its
/// parts of the work; the join returns when all have been carried out. Neither takes a lock or
/// allocates. Which thread carries out a part is fixed: part p belongs to thread p mod count.
///
/// ```swift
/// let threads = try WorkerThreads(count: 2, priority: 80, processors: [3])
/// controller.employ(Crew(context: threads.context, run: WorkerThreads.run))
/// ```
///
/// Left out on purpose: stealing parts from a slow thread. It would take an atomic operation a part
/// and make each tick's division of the caches another one.
public final class WorkerThreads: Sendable {
  /// How the threads wait for the next fork.
  public enum Wait: Sendable {
    /// They spin for a moment, which bridges the pauses inside a tick, then sleep.
    case futex
    /// They spin all the time: the shortest wait, for threads with a processor of their own each.
    case spin
  }

  /// A part of the work: its argument, its number.
  public typealias Body = @convention(c) (UnsafeMutableRawPointer?, Int) -> Void

  /// Threads, the calling one included.
  public let count: Int
  /// What the threads asked for and could not have.
  public let report: RealtimeReport
  let memory: WorkerMemory
  /// Joined as they go.
  private let threads: [WorkerThread]

  /// Starts all threads but the calling one.
  ///
  /// - Parameters:
  ///   - count: threads, the calling one included. 1 to 16.
  ///   - priority: SCHED_FIFO priority, that of the calling thread; nil for ordinary scheduling.
  ///   - processors: one for each started thread, the only one to run on; threads past the end of
  ///     the list run anywhere.
  /// - Throws: `RealtimeError` if there is no memory for a stack or no thread to be had.
  public init(
    count: Int, wait: Wait = .futex, priority: Int? = 80, processors: [Int] = []
  ) throws(RealtimeError) {
    precondition(count >= 1 && count <= 16, "1 to 16 threads are supported")
    let limit = wait == .spin && priority != nil && count > 1 ? SpinLimit.shortfall : nil
    let spins = wait == .spin && limit == nil
    let memory = WorkerMemory(WorkerMeeting(count: count, spins: spins))
    var started: [WorkerThread] = []
    var report = RealtimeReport(limit.map { [$0] } ?? [])
    do throws(RealtimeError) {
      for i in 1..<max(count, 1) {
        let options = ThreadOptions(
          name: "worker-\(i)", priority: priority,
          cpu: i <= processors.count ? processors[i - 1] : nil)
        let thread = WorkerThread(try .start(options) { _ in memory.meeting.attend(as: i) })
        report = report + thread.thread.report
        started.append(thread)
      }
    } catch {
      memory.meeting.end()
      throw error
    }
    self.count = count
    self.memory = memory
    self.report = report
    threads = started
  }

  deinit { memory.meeting.end() }

  /// What `run` takes as its context; valid while the value lives.
  public var context: UnsafeMutableRawPointer { memory.meeting.address }

  /// Calls `body(argument, part)` once for each part in `0..<parts` and returns when all are done.
  ///
  /// Part 0 runs on the calling thread. What the caller wrote before is visible to every part, what
  /// a part wrote to the caller afterwards.
  ///
  /// - Timing: no allocation, no lock. Where threads sleep they are woken by a system call; the
  ///   caller spins for those that are late for a moment, then sleeps.
  /// - Precondition: one caller at a time; `body` does not fork itself.
  public static var run:
    @convention(c) (UnsafeMutableRawPointer?, Body, UnsafeMutableRawPointer?, Int) -> Void
  {
    { context, body, argument, parts in
      guard let context else { return }
      WorkerMeeting(address: context).run(parts, argument, body)
    }
  }

  /// The processors that `count` - 1 threads are bound to beside a calling thread that is bound to
  /// one itself: those that follow it, around in a circle.
  ///
  /// It looks at the processors that the thread that asks may use, so that must not be the one that
  /// is bound already: ask, and start the threads, before.
  ///
  /// - Returns: fewer where there are not enough; none where the calling thread is not bound.
  public static func processors(beside processor: Int?, count: Int) -> [Int] {
    guard let processor else { return [] }
    let others = Processors.allowed.filter { $0 != processor }
    let following = others.filter { $0 > processor } + others.filter { $0 < processor }
    return Array(following.prefix(count - 1))
  }
}

/// Holds a thread, which an array cannot.
private final class WorkerThread: Sendable {
  let thread: RealtimeThread<Void>

  init(_ thread: consuming RealtimeThread<Void>) { self.thread = thread }
}

/// The threads' memory, which goes when the last of them has.
final class WorkerMemory: Sendable {
  let meeting: WorkerMeeting

  init(_ meeting: WorkerMeeting) { self.meeting = meeting }

  deinit { meeting.deallocate() }
}
