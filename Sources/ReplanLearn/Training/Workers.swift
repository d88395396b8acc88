import Glibc
import Synchronization

/// Runs jobs on threads of their own, of which there are no more than asked.
///
/// The caller's thread only waits: it keeps its scheduling, and a real-time caller hands none of
/// it on where `niceness` is above 0.
enum Workers {
  private final class Shared: Sendable {
    let next = Atomic<Int>(0)
    let count: Int
    let niceness: Int
    let prepare: @Sendable () -> Void
    let job: @Sendable (Int) -> Void

    init(
      count: Int, niceness: Int, prepare: @escaping @Sendable () -> Void,
      job: @escaping @Sendable (Int) -> Void
    ) {
      self.count = count
      self.niceness = niceness
      self.prepare = prepare
      self.job = job
    }

    func work() {
      if niceness > 0 { Workers.giveWay(niceness) }
      prepare()
      while true {
        let i = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard i < count else { return }
        job(i)
      }
    }
  }

  /// - Parameters:
  ///   - prepare: runs first on each thread, for instance to choose its processor.
  ///   - job: runs once for each of 0..<jobs, on any of the threads.
  /// - Throws: `LearnError.threadRefused` if not even one thread could be started.
  static func run(
    jobs: Int, threads: Int, niceness: Int, prepare: @escaping @Sendable () -> Void,
    job: @escaping @Sendable (Int) -> Void
  ) throws(LearnError) {
    let shared = Shared(count: jobs, niceness: niceness, prepare: prepare, job: job)
    // Initialised by the call: which module owns the Swift initialiser depends on who else is
    // imported in the program.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    pthread_attr_init(attributes)
    defer {
      pthread_attr_destroy(attributes)
      attributes.deallocate()
    }
    // Under mlockall every byte of a stack is resident: the default of 8 MB would be too.
    pthread_attr_setstacksize(attributes, 1 << 20)
    var started: [pthread_t] = []
    var refusal: Int32 = 0
    for _ in 0..<min(threads, jobs) {
      var thread = pthread_t()
      let retained = Unmanaged.passRetained(shared)
      // SAFETY: the thread takes over the reference; if none starts, it is released here.
      let code = pthread_create(
        &thread, attributes,
        { argument in
          Unmanaged<Shared>.fromOpaque(argument!).takeRetainedValue().work()
          return nil
        }, retained.toOpaque())
      if code == 0 {
        started.append(thread)
      } else {
        retained.release()
        refusal = code
      }
    }
    for thread in started { pthread_join(thread, nil) }
    if started.isEmpty { throw .threadRefused(code: refusal) }
  }

  /// SCHED_BATCH of Linux' sched.h, which the system's Swift overlay leaves out.
  private static let batchScheduling: Int32 = 3

  /// Lowers the calling thread; on Linux both calls concern one thread only.
  private static func giveWay(_ niceness: Int) {
    var parameters = sched_param()
    parameters.sched_priority = 0
    // Lowering is always permitted, so that there is no failure to report.
    _ = sched_setscheduler(0, batchScheduling, &parameters)
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(niceness))
  }
}
