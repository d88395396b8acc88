import Glibc
import ReplanCore
import ReplanRealtime

/// Runs ticks inside the context that RealtimeSanitizer watches, for TickProbeTests to judge.
///
/// The sanitizer ends a program at the first violation, so each question needs a process of its
/// own. `make rtsan` builds this one with the sanitizer linked in.
///
/// ```
/// tick-probe                      runs ticks, ends with 0
/// tick-probe --plant-allocation   allocates in one of them, for the sanitizer to catch
/// tick-probe --report             says what real-time operation could not have
/// ```
@main
struct TickProbe {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    switch arguments.first {
    case nil where arguments.isEmpty: runTicks(plantAllocation: false)
    case "--plant-allocation": runTicks(plantAllocation: true)
    case "--report": report()
    default:
      fail("usage: tick-probe [--plant-allocation | --report]", code: 64)
    }
  }

  /// Ticks of every planner with every model and value, and what the loop does around them while
  /// armed.
  static func runTicks(plantAllocation: Bool) {
    guard RealtimeContext.isChecked else {
      fail("tick-probe: built without RealtimeSanitizer; run `make rtsan`", code: 70)
    }
    for setup in ProbeSetup.all { run(setup, ticks: 10_000, plantAllocation: plantAllocation) }
  }

  static func run(_ setup: ProbeSetup, ticks: Int, plantAllocation: Bool) {
    let ring = SpscRing<ProbeRecord>(capacity: 16_384)
    var lock = PhaseLock(nominalPeriod: 1e6, lead: 100_000)
    var controller = controller(setup)
    let verdicts = controller.run(ticks: ticks) { tick in
      let now = MonotonicClock.nanoseconds
      lock.observe(sequence: UInt32(tick), arrival: now)
      let wake = lock.nextWake(after: now)
      if plantAllocation && tick == ticks / 2 { allocate(tick) }
      ring.push(
        ProbeRecord(
          tick: tick, wake: wake.nanoseconds, faults: ThreadUsage.current.minorFaults,
          stopRequests: StopSignal.requests))
    }
    var recorded = 0
    while let record = ring.pop(), record.tick == recorded { recorded += 1 }
    let seen = verdicts.keys.map { "\($0)" }.sorted().joined(separator: ",")
    print("\(setup.name): ticks \(ticks) recorded \(recorded) verdicts \(seen)")
  }

  static func controller(_ setup: ProbeSetup) -> ControllerTicks {
    do {
      return try ControllerTicks(setup)
    } catch {
      fail("tick-probe: \(error)", code: 70)
    }
  }

  /// The planted fault: an array that the optimiser may not remove.
  @inline(never) @_optimize(none)
  static func allocate(_ count: Int) {
    withExtendedLifetime([Int](repeating: 1, count: count)) {}
  }

  /// Prints the report of a thread that asked for everything, and what the kernel says it runs as.
  static func report() {
    let memory = MemoryLock.lockProcess()
    let options = ThreadOptions(name: "probe", priority: 42, cpu: 0, stackBytes: 1 << 18)
    do {
      let thread = try RealtimeThread.start(options) { _ in
        sched_getscheduler(0)
      }
      let complete = memory + thread.report
      for shortfall in complete.shortfalls {
        print("missing|\(shortfall.what)|\(shortfall.why)|\(shortfall.remedy)")
      }
      print("policy|\(thread.join())")
      print("locked|\(lockedKibibytes())")
    } catch {
      fail("tick-probe: \(error)", code: 70)
    }
  }
}

/// Ends the probe with a message on standard error.
func fail(_ message: String, code: Int32) -> Never {
  let line = message + "\n"
  _ = line.withCString { write(STDERR_FILENO, $0, line.utf8.count) }
  exit(code)
}

/// How much memory of this process is locked, by the kernel's account.
func lockedKibibytes() -> Int {
  guard let file = fopen("/proc/self/status", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, Int32(line.count), file) != nil {
    let words = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      .split(whereSeparator: \.isWhitespace)
    if words.first == "VmLck:" { return Int(words[1]) ?? 0 }
  }
  return 0
}

/// What a tick leaves behind.
struct ProbeRecord: BitwiseCopyable, Sendable {
  var tick: Int
  var wake: Int64
  var faults: Int64
  var stopRequests: Int
}
