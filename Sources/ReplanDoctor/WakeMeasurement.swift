import Glibc
public import ReplanRealtime
import Synchronization

/// How late a thread wakes that sleeps until the start of each tick, as the control thread does.
public struct WakeLatency: Sendable, Encodable {
  public let event = "wake"
  public var rate: Double
  /// Measured; less than asked for if the user stopped it.
  public var seconds: Double
  public var count: Int
  /// Ticks given up because the one before was late by a whole period.
  public var missed: Int
  public var p50: Int64
  public var p99: Int64
  public var p999: Int64
  public var max: Int64
  /// `p99` as a share of the period.
  public var p99Share: Double
  /// Whether priority, processor, locked memory and wakefulness were granted.
  public var isRealtime: Bool
  /// What was not granted.
  public var report: RealtimeReport

  private enum CodingKeys: String, CodingKey {
    case event, seconds, count, missed
    case rate = "rate_hz"
    case p50 = "p50_us"
    case p99 = "p99_us"
    case p999 = "p999_us"
    case max = "max_us"
    case p99Share = "p99_share"
    case isRealtime = "realtime"
  }

  /// A latency in µs as a share of the period.
  public func share(_ microseconds: Int64) -> Double { Double(microseconds) * 1e-6 * rate }

  /// What the figures say about the host.
  public var check: Check {
    let subject = Subject(
      name: "wake-up latency",
      why: "what the wake-up takes is missing from the tick's time, and the plant waits for it",
      remedy: "mend what the checks found, then measure again; a PREEMPT_RT kernel helps most",
      command: "replan doctor --rate \(Int(rate.rounded()))")
    let text =
      "p99 \(p99) us, max \(max) us of a period of \(Int((1e6 / rate).rounded())) us"
    guard count > 0 else { return subject.unknown("nothing was measured") }
    if share(p99) > 0.25 { return subject.problem(text) }
    if share(p99) > 0.1 || share(max) > 0.5 { return subject.warning(text) }
    return subject.ok(text)
  }
}

/// Sleeps until the start of each of many ticks, on a thread like the control thread.
public struct WakeMeasurement: Sendable {
  public var rate: Double
  public var seconds: Double
  public var thread: ThreadOptions

  /// - Precondition: rate and seconds are positive.
  public init(rate: Double, seconds: Double, priority: Int, cpu: Int?) {
    precondition(rate > 0 && seconds > 0)
    self.rate = rate
    self.seconds = seconds
    thread = ThreadOptions(name: "doctor", priority: priority, cpu: cpu)
  }

  /// Measures; blocks meanwhile.
  ///
  /// - Parameter progress: called with the share that is done, a few times a second.
  public func run(
    progress: (Double) -> Void = { _ in },
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 }
  ) throws(DoctorError) -> WakeLatency {
    let memory = MemoryLock.lockProcess()
    let hold = CPULatency.hold()
    defer { MemoryLock.unlockProcess() }
    let total = Swift.max(1, Int((seconds * rate).rounded()))
    let period = Int64((1e9 / rate).rounded())
    let done = Progress()
    let running: RealtimeThread<(latencies: [Int64], missed: Int)>
    do throws(RealtimeError) {
      running = try RealtimeThread.start(thread) { _ in
        Self.sleep(total, period: period, done, isStopRequested)
      }
    } catch {
      throw .realtime(error)
    }
    done.watch(total, progress)
    let report = memory + hold.report + running.report
    let (latencies, missed) = running.join()
    hold.release()
    var histogram = LatencyHistogram()
    for latency in latencies { histogram.record(nanoseconds: latency) }
    return WakeLatency(
      rate: rate, seconds: Double(latencies.count + missed) / rate, count: latencies.count,
      missed: missed, p50: histogram.p50, p99: histogram.p99, p999: histogram.p999,
      max: histogram.max, p99Share: Double(histogram.p99) * 1e-6 * rate,
      isRealtime: report.isComplete, report: report)
  }

  private static func sleep(
    _ total: Int, period: Int64, _ done: Progress, _ isStopRequested: () -> Bool
  ) -> (latencies: [Int64], missed: Int) {
    defer { done.end() }
    // Written once, so that no page is missing later.
    var latencies = [Int64](repeating: 0, count: total)
    var (count, missed) = (0, 0)
    var due = MonotonicClock.nanoseconds + period
    while count + missed < total && !isStopRequested() {
      MonotonicClock.sleepUntil(nanoseconds: due)
      let late = MonotonicClock.nanoseconds - due
      latencies[count] = late
      count += 1
      let lost = late / period
      missed += Int(lost)
      due += (1 + lost) * period
      done.set(count + missed)
    }
    return (Array(latencies[..<count]), missed)
  }
}

/// How far a measuring thread has come, for the thread that waits for it.
final class Progress: Sendable {
  private let count = Atomic<Int>(0)
  private let isOver = Atomic<Bool>(false)

  func set(_ count: Int) { self.count.store(count, ordering: .relaxed) }
  func end() { isOver.store(true, ordering: .releasing) }

  /// Returns when the measuring is over.
  func watch(_ total: Int, _ show: (Double) -> Void) {
    while !isOver.load(ordering: .acquiring) {
      usleep(50_000)
      show(min(1, Double(count.load(ordering: .relaxed)) / Double(total)))
    }
  }
}
