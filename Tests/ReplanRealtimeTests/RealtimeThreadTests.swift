import CRealtime
import Glibc
import Testing

@testable import ReplanRealtime

@Suite struct RealtimeThreadTests {
  @Test func theResultComesBackByJoin() throws {
    let thread = try RealtimeThread.start(ThreadOptions(name: "sum", priority: nil)) { _ in
      (1...100).reduce(0, +)
    }
    #expect(thread.report.isComplete)
    let result = thread.join()
    #expect(result == 5050)
  }

  @Test func theThreadBearsItsName() throws {
    let name = "a-name-too-long-for-the-kernel"
    let thread = try RealtimeThread.start(ThreadOptions(name: name, priority: nil)) { _ in
      contents(ofFile: "/proc/thread-self/comm")
    }
    let result = thread.join()
    #expect(result == "a-name-too-long\n")
  }

  @Test func theThreadRunsOnItsProcessorOnly() throws {
    let cpu = String(allowedProcessors().prefix { $0.isNumber })
    let options = ThreadOptions(name: "pinned", priority: nil, cpu: Int(cpu))
    let thread = try RealtimeThread.start(options) { _ in allowedProcessors() }
    #expect(thread.report.isComplete)
    let allowed = thread.join()
    #expect(allowed == cpu)
  }

  @Test func aProcessorThatDoesNotExistIsReported() throws {
    let options = ThreadOptions(name: "nowhere", priority: nil, cpu: 1000)
    let thread = try RealtimeThread.start(options) { $0 }
    let shortfall = try #require(thread.report.shortfalls.first)
    #expect(shortfall.what == "processor 1000")
    #expect(shortfall.why.contains("no such processor"))
    let report = thread.report
    let result = thread.join()
    #expect(result == report)
  }

  @Test func thePriorityIsInForceOrReported() throws {
    let thread = try RealtimeThread.start(ThreadOptions(name: "fifo", priority: 7)) { _ in
      crealtime_fifo_priority()
    }
    let granted = thread.report.isComplete
    let result = thread.join()
    #expect(result == (granted ? 7 : 0))
  }

  @Test func theStackIsInMemoryBeforeTheFirstTick() throws {
    let (bytes, pages) = (1 << 20, 50)
    #expect(try faultsOfAThread(stackBytes: bytes, pages: pages) <= 5)
    #expect(try faultsOnAnUntouchedStack(bytes: bytes, pages: pages) >= Int64(pages))
  }

  /// Then the kernel leaves it to the thread's touch even where it is told to bring the pages in.
  @Test func theStackIsInMemoryWherePagesAreLockedAsTheyAreTouched() throws {
    _ = MemoryLock.lockProcess()
    defer { MemoryLock.unlockProcess() }
    #expect(try faultsOfAThread(stackBytes: 1 << 20, pages: 50) <= 5)
  }

  /// The fewest of some threads: a fault or two may come from the first use of code, and other tests
  /// give the code's pages back.
  private func faultsOfAThread(stackBytes: Int, pages: Int) throws -> Int64 {
    let options = ThreadOptions(name: "stack", priority: nil, stackBytes: stackBytes)
    let faults = try (0..<10).map { _ in
      try RealtimeThread.start(options) { _ in faultsOfDescent(pages: pages) }.join()
    }
    return faults.min() ?? .max
  }

  @Test func aThreadThatNobodyJoinsIsWaitedFor() throws {
    let ring = SpscRing<Int>(capacity: 2)
    do {
      _ = try RealtimeThread.start(ThreadOptions(name: "left", priority: nil)) { _ in
        MonotonicClock.sleepUntil(nanoseconds: MonotonicClock.nanoseconds + 20_000_000)
        ring.push(1)
      }
    }
    #expect(ring.pop() == 1)
  }

  @Test func aStackLargerThanMemoryIsAnError() {
    #expect(throws: RealtimeError.stack(bytes: 1 << 50, code: ENOMEM)) {
      _ = try RealtimeThread.start(
        ThreadOptions(name: "huge", priority: nil, stackBytes: 1 << 50)
      ) { _ in 0 }
    }
    let text = RealtimeError.stack(bytes: 5, code: ENOMEM).description
    #expect(text.contains("5 bytes") && text.contains("smaller stack"))
  }
}

/// The processors that the calling thread may use, as the kernel writes them: "0-3,7".
func allowedProcessors() -> String {
  contents(ofFile: "/proc/thread-self/status").split(separator: "\n")
    .first { $0.hasPrefix("Cpus_allowed_list:") }
    .map { String($0.split(separator: "\t")[1]) } ?? ""
}

/// Descends through frames of a page each and returns the faults it took.
func faultsOfDescent(pages: Int) -> Int64 {
  let before = ThreadUsage.current
  _ = descend(pages: pages)
  return (ThreadUsage.current - before).minorFaults
}

/// Not optimised, so that each frame keeps the page it declares (and a copy or two of it).
@inline(never) @_optimize(none)
func descend(pages: Int) -> Int {
  let page = InlineArray<4096, UInt8>(repeating: 1)
  let below = pages == 0 ? 0 : descend(pages: pages - 1)
  return below + Int(page[pages % 4096])
}

/// The same on a stack whose pages nobody has touched, which shows what prefaulting is for.
func faultsOnAnUntouchedStack(bytes: Int, pages: Int) throws -> Int64 {
  let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE
  let base = try #require(mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0))
  defer { munmap(base, bytes) }
  let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
  defer { attributes.deallocate() }
  pthread_attr_init(attributes)
  pthread_attr_setstack(attributes, base, bytes)
  var thread = pthread_t()
  let code = pthread_create(
    &thread, attributes,
    { pages in
      UnsafeMutableRawPointer(bitPattern: Int(faultsOfDescent(pages: Int(bitPattern: pages))))
    },
    UnsafeMutableRawPointer(bitPattern: pages))
  try #require(code == 0)
  var faults: UnsafeMutableRawPointer?
  pthread_join(thread, &faults)
  return Int64(Int(bitPattern: faults))
}
