import Glibc

/// A thread prepared for punctual work: stack in memory, own scheduling, own processor.
///
/// ```swift
/// let thread = try RealtimeThread.start(ThreadOptions(name: "control")) { report in
///   required && !report.isComplete ? .refused(report) : control()
/// }
/// let outcome = thread.join()
/// ```
///
/// Locking memory concerns the whole process: see `MemoryLock`.
///
/// The thread takes no signals; another thread of the process must be open to them. There is no
/// way to cancel: a body that is to end early polls for it. A thread that nobody joins
/// is joined when its value goes away.
public struct RealtimeThread<Output: Sendable>: ~Copyable, Sendable {
  /// What the thread asked for and could not have.
  public let report: RealtimeReport
  private let running: RunningThread<Output>

  /// Starts a thread and returns when it has set itself up, as its body begins.
  ///
  /// - Parameter body: gets the report, to end at once if it must have what is missing.
  /// - Throws: `RealtimeError` if there is no memory for the stack or no thread to be had.
  public static func start(
    _ options: ThreadOptions, body: @escaping @Sendable (RealtimeReport) -> Output
  ) throws(RealtimeError) -> RealtimeThread {
    let running = RunningThread(options: options, body: body)
    try running.start()
    return RealtimeThread(report: running.report, running: running)
  }

  private init(report: RealtimeReport, running: RunningThread<Output>) {
    self.report = report
    self.running = running
  }

  /// The thread, to send it a signal.
  var handle: pthread_t { running.started!.thread }

  deinit { running.join() }

  /// Waits until the body has returned and hands over its result.
  public consuming func join() -> Output {
    running.join()
    return running.output!
  }
}

/// What a thread's entry function can be handed: it knows of no generic type.
private class ThreadEntry {
  func run() { fatalError("a thread's entry runs in a subclass") }
}

/// The state that the starting and the started thread share.
///
/// Unchecked, because two waits order all accesses: the starter reads `report` after `ready`, and
/// `output` after the join; before that, they belong to the started thread.
private final class RunningThread<Output: Sendable>: ThreadEntry, @unchecked Sendable {
  private(set) var report = RealtimeReport()
  private(set) var output: Output?
  private let options: ThreadOptions
  private let body: @Sendable (RealtimeReport) -> Output
  private let ready: UnsafeMutablePointer<sem_t>
  private(set) var started: (thread: pthread_t, stack: ThreadStack)?

  init(options: ThreadOptions, body: @escaping @Sendable (RealtimeReport) -> Output) {
    self.options = options
    self.body = body
    // A semaphore is known by its address, so it cannot be a stored value.
    ready = .allocate(capacity: 1)
    sem_init(ready, 0, 0)
  }

  deinit {
    sem_destroy(ready)
    ready.deallocate()
  }

  func start() throws(RealtimeError) {
    let stack = try ThreadStack(atLeast: options.stackBytes)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstack(&attributes, stack.base, stack.bytes)
    var thread = pthread_t()
    let context = Unmanaged<ThreadEntry>.passRetained(self)
    let code = pthread_create(
      &thread, &attributes,
      { context in
        // SAFETY: the pointer is the retained entry above, released here and only here.
        Unmanaged<ThreadEntry>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      stack.unmap()
      throw .thread(name: options.name, code: code)
    }
    started = (thread, stack)
    while sem_wait(ready) != 0 && errno == EINTR {}
  }

  override func run() {
    report = options.applyToCallingThread()
    sem_post(ready)
    output = body(report)
  }

  func join() {
    guard let (thread, stack) = started else { return }
    started = nil
    pthread_join(thread, nil)
    stack.unmap()
  }
}
