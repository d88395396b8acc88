internal import CRealtime
internal import Synchronization

/// Where the threads of a `WorkerThreads` meet: one block of memory that all of them see.
///
/// A fork writes the work down and then moves the generation on, by a releasing addition that the
/// threads' acquiring loads pair with. Each thread that is done takes one off the count of busy
/// ones, again releasing; the caller's acquiring load of zero is the join. Whoever is going to sleep
/// says so first and looks again afterwards, both sequentially consistent, as the other side changes
/// the word first and then looks for sleepers: so no wake-up is lost, and none is paid for when
/// nobody sleeps.
struct WorkerMeeting: @unchecked Sendable {
  // SAFETY: unchecked for the plain fields of `Work`, which the caller writes between a join and
  // the next fork only, when no thread reads them.
  private struct Work {
    var body: WorkerThreads.Body?
    var argument: UnsafeMutableRawPointer?
    var parts: Int
    var isOver: Bool
    var count: Int
    var spins: Bool
  }

  /// Two cache lines: neighbouring lines are fetched in pairs.
  private static var line: Int { 128 }
  /// How long a thread spins before it sleeps; the pauses inside a tick are shorter.
  private static var patience: Int64 { 100_000 }

  let address: UnsafeMutableRawPointer
  private var work: UnsafeMutablePointer<Work> { at(0) }
  /// Rises by one with each fork; the word that threads sleep on.
  private var generation: UnsafeMutablePointer<Atomic<UInt32>> { at(1) }
  private var sleepers: UnsafeMutablePointer<Atomic<UInt32>> { at(2) }
  /// Threads that have not finished their parts; the word that the caller sleeps on.
  private var busy: UnsafeMutablePointer<Atomic<UInt32>> { at(3) }
  private var isCallerAsleep: UnsafeMutablePointer<Atomic<UInt32>> { at(4) }

  /// The meeting at an address from `address`.
  init(address: UnsafeMutableRawPointer) { self.address = address }

  init(count: Int, spins: Bool) {
    address = .allocate(byteCount: 5 * Self.line, alignment: Self.line)
    address.initializeMemory(as: UInt8.self, repeating: 0, count: 5 * Self.line)
    work.initialize(
      to: Work(body: nil, argument: nil, parts: 0, isOver: false, count: count, spins: spins))
    generation.initialize(to: Atomic(0))
    sleepers.initialize(to: Atomic(0))
    busy.initialize(to: Atomic(0))
    isCallerAsleep.initialize(to: Atomic(0))
  }

  /// - Precondition: no thread attends any more.
  func deallocate() { address.deallocate() }

  /// Carries out all parts, those of the calling thread itself.
  func run(_ parts: Int, _ argument: UnsafeMutableRawPointer?, _ body: WorkerThreads.Body) {
    work.pointee.body = body
    work.pointee.argument = argument
    work.pointee.parts = parts
    fork()
    carryOut(as: 0)
    join()
  }

  /// Sends all threads home; they have left when they are joined.
  func end() {
    work.pointee.isOver = true
    fork()
  }

  /// What a thread does until the end: wait, carry out its parts, say so.
  func attend(as thread: Int) {
    var seen: UInt32 = 0
    while true {
      seen = nextGeneration(after: seen)
      guard !work.pointee.isOver else { return }
      RealtimeContext.enter()
      carryOut(as: thread)
      RealtimeContext.exit()
      let left = busy.pointee.subtract(1, ordering: .sequentiallyConsistent).newValue
      if left == 0, isCallerAsleep.pointee.load(ordering: .sequentiallyConsistent) == 1 {
        crealtime_futex_wake_all(word(busy))
      }
    }
  }

  /// Threads that wait asleep.
  var sleeperCount: Int { Int(sleepers.pointee.load(ordering: .sequentiallyConsistent)) }
  /// Whether the caller waits asleep for the others.
  var isCallerSleeping: Bool { isCallerAsleep.pointee.load(ordering: .sequentiallyConsistent) == 1 }

  private func fork() {
    let others = UInt32(work.pointee.count - 1)
    busy.pointee.store(others, ordering: .relaxed)
    generation.pointee.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if sleepers.pointee.load(ordering: .sequentiallyConsistent) > 0 {
      crealtime_futex_wake_all(word(generation))
    }
  }

  private func carryOut(as thread: Int) {
    guard let body = work.pointee.body else { return }
    let (argument, parts, count) = (
      work.pointee.argument, work.pointee.parts, work.pointee.count
    )
    var part = thread
    while part < parts {
      body(argument, part)
      part += count
    }
  }

  private func join() {
    if spin(forever: false, until: { busy.pointee.load(ordering: .acquiring) == 0 }) { return }
    isCallerAsleep.pointee.store(1, ordering: .sequentiallyConsistent)
    while true {
      let left = busy.pointee.load(ordering: .sequentiallyConsistent)
      guard left > 0 else { break }
      crealtime_futex_wait(word(busy), left)
    }
    isCallerAsleep.pointee.store(0, ordering: .relaxed)
  }

  /// Waits for a generation other than `seen` and returns it.
  private func nextGeneration(after seen: UInt32) -> UInt32 {
    if spin(
      forever: work.pointee.spins,
      until: { generation.pointee.load(ordering: .acquiring) != seen })
    {
      return generation.pointee.load(ordering: .acquiring)
    }
    sleepers.pointee.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.pointee.subtract(1, ordering: .relaxed) }
    while true {
      let now = generation.pointee.load(ordering: .sequentiallyConsistent)
      if now != seen { return now }
      crealtime_futex_wait(word(generation), seen)
    }
  }

  /// Spins until a condition holds or patience ends; true if it holds.
  ///
  /// A thread that spins for good lets others of its priority run now and then, lest two of them
  /// on one processor wait for each other.
  private func spin(forever: Bool, until condition: () -> Bool) -> Bool {
    let start = MonotonicClock.nanoseconds
    while true {
      for _ in 0..<32 {
        if condition() { return true }
        crealtime_pause()
      }
      guard MonotonicClock.nanoseconds - start > Self.patience else { continue }
      guard forever else { return false }
      crealtime_yield()
    }
  }

  private func at<T: ~Copyable>(_ line: Int) -> UnsafeMutablePointer<T> {
    // SAFETY: each field has its type and its own lines of the block throughout.
    (address + line * Self.line).assumingMemoryBound(to: T.self)
  }

  /// The word that the kernel looks at.
  private func word(_ atomic: UnsafeMutablePointer<Atomic<UInt32>>) -> UnsafePointer<UInt32> {
    // SAFETY: an atomic has the layout of its value.
    UnsafeRawPointer(atomic).assumingMemoryBound(to: UInt32.self)
  }
}
