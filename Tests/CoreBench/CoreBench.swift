import Glibc
import ReplanRealtime

/// Fixed work on the core, to be timed beside other programs or to have its instructions counted.
///
/// ```
/// core-bench list                      names of all work
/// core-bench peak [--clock cpu]        fused multiply-add peak of one core
/// core-bench time WORK --repeat N [--clock cpu]
///                                      every duration of N ticks, after a few that do not count
/// core-bench scale                     how time grows with candidates, horizon, members, threads
/// core-bench bits WORK --ticks N       the decisions of N ticks, bit by bit
/// core-bench trials                    names of all trials
/// core-bench trial TRIAL               a closed loop in which everything goes wrong, bit by bit
/// core-bench count WORK --ticks N      N ticks, of a part of the work, for a profiler
/// ```
/// The clock is the wall's, or with `--clock cpu` the thread's own, which stands still while others
/// have the core.
///
/// Everything is a JSON object on one line. Weights and observations are fixed by constant seeds,
/// so two builds do the same work.
@main
struct CoreBench {
  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.suffix(2) == ["--clock", "cpu"] {
      arguments.removeLast(2)
      clock = CLOCK_THREAD_CPUTIME_ID
    }
    switch arguments.first {
    case "list" where arguments.count == 1:
      for work in Work.allCases { print(work.rawValue) }
    case "peak" where arguments.count == 1:
      print("{\"gflops\":\(Peak.measure(rounds: 15))}")
    case "scale" where arguments.count == 1: scale()
    case "trials" where arguments.count == 1:
      for trial in Trial.allCases { print(trial.rawValue) }
    case "trial" where arguments.count == 2:
      guard let trial = Trial(rawValue: arguments[1]) else {
        fail("core-bench: no trial \(arguments[1])", code: 64)
      }
      var loop = ClosedLoop(trial)
      loop.run()
    case "bits":
      let (work, count) = options(arguments, "--ticks")
      var bench = Bench(work, .whole)
      for _ in 0..<count {
        tick(&bench, work)
        print(bench.decision.action.bitPattern, bench.decision.cost.bitPattern)
      }
    case "time":
      let (work, count) = options(arguments, "--repeat")
      time(work, count: count)
    case "count":
      let (work, count) = options(arguments, "--ticks")
      var bench = Bench(work, .part)
      for _ in 0..<count { tick(&bench, work) }
    default: fail(usage, code: 64)
    }
  }

  nonisolated(unsafe) private static var clock = CLOCK_MONOTONIC

  static var usage: String {
    """
    usage: core-bench list | scale | bits WORK --ticks N | peak [--clock cpu] | time WORK --repeat N [--clock cpu] \
    | count WORK --ticks N | trials | trial TRIAL
    """
  }

  /// Work and count of `COMMAND WORK OPTION N`.
  static func options(_ arguments: [String], _ option: String) -> (Work, Int) {
    guard arguments.count == 4, arguments[2] == option, let count = Int(arguments[3]), count > 0
    else { fail(usage, code: 64) }
    guard let work = Work(rawValue: arguments[1]) else {
      let names = Work.allCases.map(\.rawValue).joined(separator: " ")
      fail("core-bench: no work \(arguments[1]); there are \(names)", code: 64)
    }
    return (work, count)
  }

  /// Prints every duration, and what one tick is made of.
  static func time(_ work: Work, count: Int) {
    var bench = Bench(work, .whole)
    for _ in 0..<4 { tick(&bench, work) }
    var durations: [Double] = []
    durations.reserveCapacity(count)
    for _ in 0..<count {
      bench.prepareTick()
      let start = seconds()
      let verdict = bench.decide()
      durations.append((seconds() - start) * 1e6)
      check(verdict, work)
    }
    let list = durations.map { "\($0)" }.joined(separator: ",")
    print(
      "{\"work\":\"\(work.rawValue)\",\"us\":[\(list)],\"evaluations\":\(work.evaluations),"
        + "\"flop\":\(work.evaluations * work.flopPerEvaluation),\"arena_bytes\":\(bench.bytes),"
        + "\"resident_kib\":\(residentKibibytes()),\"state\":[\(bench.stateList)]}")
  }

  static func scale() {
    var parts: [String] = []
    for kind in Scaling.Kind.allCases {
      do throws(RealtimeError) {
        parts.append("\"\(kind.rawValue)\":\(try Scaling.ratio(of: kind, pairs: 21))")
      } catch {
        fail("core-bench: \(error)", code: 70)
      }
    }
    print("{\(parts.joined(separator: ","))}")
  }

  static func tick(_ bench: inout Bench, _ work: Work) {
    bench.prepareTick()
    check(bench.decide(), work)
  }

  /// A tick that did not plan did not do the work.
  static func check(_ verdict: String, _ work: Work) {
    guard verdict != "planned" else { return }
    fail("core-bench: \(work.rawValue): a tick ended as '\(verdict)', not 'planned'", code: 70)
  }

  static func seconds() -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The most memory that this program has had in use, by the kernel's account. `getrusage` would
  /// count the process that started it too.
  static func residentKibibytes() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let words = line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        .split(whereSeparator: \.isWhitespace)
      if words.first == "VmHWM:" { return Int(words[1]) ?? 0 }
    }
    return 0
  }

  static func fail(_ message: String, code: Int32) -> Never {
    let line = message + "\n"
    _ = line.withCString { write(STDERR_FILENO, $0, line.utf8.count) }
    exit(code)
  }
}
