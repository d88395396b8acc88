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

  /// Ticks of the controller with each planner, and what the loop does around them while armed.
  static func runTicks(plantAllocation: Bool) {
    guard RealtimeContext.isChecked else {
      fail("tick-probe: built without RealtimeSanitizer; run `make rtsan`", code: 70)
    }
    let ticks = 2000
    for (name, planner, value, propagation, wait) in planners {
      let ring = SpscRing<ProbeRecord>(capacity: 4096)
      var lock = PhaseLock(nominalPeriod: 1e6, lead: 100_000)
      var controller = controller(planner, value, propagation, wait)
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
      print("\(name): ticks \(ticks) recorded \(recorded) verdicts \(seen)")
    }
  }

  static func controller(
    _ planner: PlannerConfiguration, _ value: Value, _ propagation: Propagation,
    _ wait: WorkerThreads.Wait?
  ) -> ControllerTicks {
    do {
      return try ControllerTicks(planner, value, propagation, sharedBy: wait)
    } catch {
      fail("tick-probe: \(error)", code: 70)
    }
  }

  /// Every planner, every value and way to carry uncertainty at least once, and the sampling ones
  /// shared by two threads.
  static var planners: [(String, PlannerConfiguration, Value, Propagation, WorkerThreads.Wait?)] {
    plain.map { ($0.0, $0.1, $0.2, $0.3, nil) }
      + plain.filter { ["icem", "mppi", "shooting", "polished"].contains($0.0) }.enumerated().map {
        ("\($1.0)-shared", $1.1, $1.2, $1.3, $0 % 2 == 0 ? .futex : .spin)
      }
  }

  private static var plain: [(String, PlannerConfiguration, Value, Propagation)] {
    let members = Propagation()
    let noisy = Propagation(.member, hasNoise: true, particles: 4)
    let resampled = Propagation(.resampled, hasNoise: true, particles: 4)
    let ofMean = Propagation(.mean)
    let knots = Knots(every: 3, .linear)
    return [
      ("ilqr", .ilqr(ILQRConfiguration(horizon: 20)), .expected, members),
      (
        "ilqr-members", .ilqr(ILQRConfiguration(horizon: 20, dynamics: .members)), .expected,
        members
      ),
      (
        "ilqr-real-time", .ilqr(ILQRConfiguration(horizon: 20, isRealTime: true)), .expected,
        members
      ),
      ("lqr", .lqr(LQRConfiguration()), .expected, members),
      (
        "cem", .crossEntropy(CrossEntropyConfiguration(horizon: 12, candidates: 40, elites: 6)),
        .expected, members
      ),
      ("icem", .crossEntropy(.improved(horizon: 12, candidates: 40)), .pessimistic(0.95), noisy),
      (
        "plain-cem", .crossEntropy(.plain(horizon: 12, candidates: 40, elites: 6)),
        .optimistic(0.7), resampled
      ),
      (
        "mppi",
        .pathIntegral(
          PathIntegralConfiguration(
            horizon: 12, candidates: 40, controlCost: 0.1, adaptation: 0.1, knots: knots)),
        .pessimistic(0.95), resampled
      ),
      (
        "shooting", .randomShooting(RandomShootingConfiguration(horizon: 12, candidates: 40)),
        .expected, ofMean
      ),
      (
        "polished",
        .polished(.improved(horizon: 12, candidates: 40), ILQRConfiguration(horizon: 12)),
        .expected, noisy
      ),
    ]
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
