import Glibc
public import ReplanHIL
public import ReplanRealtime
import ReplanWire

/// Watches the line to a plant that streams: how long a question takes, and how evenly samples come.
///
/// The plant stays disarmed. Questions are TIMESYNC, one at a time, so that each answer is of the
/// one before; they take no more of the line than a few frames a period.
public struct LinkMeasurement: Sendable {
  public var seconds: Double
  public var rate: Double
  public var thread: ThreadOptions

  /// - Parameter rate: samples a second that the plant was set to.
  /// - Precondition: rate and seconds are positive.
  public init(rate: Double, seconds: Double, priority: Int, cpu: Int?) {
    precondition(rate > 0 && seconds > 0)
    self.rate = rate
    self.seconds = seconds
    thread = ThreadOptions(name: "doctor", priority: priority, cpu: cpu)
  }

  /// Measures; blocks meanwhile.
  ///
  /// - Precondition: the session streams, and the plant is disarmed.
  /// - Throws: `DoctorError` if the plant is lost or says nothing.
  public func run(
    _ session: Session, progress: (Double) -> Void = { _ in },
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 }
  ) throws(DoctorError) -> LinkFigures {
    let link = session.link
    let done = Progress()
    let hold = CPULatency.hold()
    let watch = LinkWatch(
      link: link, total: Int64(seconds * 1e9), spacing: Int64(Swift.min(0.02, 1 / rate) * 1e9))
    let running: RealtimeThread<LinkWatch>
    do throws(RealtimeError) {
      running = try RealtimeThread.start(thread) { _ in
        var watch = watch
        watch.run(done, isStopRequested)
        return watch
      }
    } catch {
      throw .realtime(error)
    }
    done.watch(1000, progress)
    let result = running.join()
    hold.release()
    if let code = link.endedBy {
      throw .plant(.vanished(path: link.path, reason: String(cString: strerror(code))))
    }
    if isStopRequested() { throw .stopped }
    guard result.arrivals.count > 1 else { throw .silent(path: link.path, seconds: seconds) }
    return LinkFigures(result, rate: rate, path: link.path)
  }
}

/// What the measuring thread does and brings back.
struct LinkWatch: Sendable {
  struct Arrival: Sendable {
    /// ns on our clock.
    var nanoseconds: Int64
    /// Of the sample, on the plant's clock.
    var plantNanoseconds: Int64
    var sequence: UInt32
  }

  let link: Link
  let total: Int64
  /// ns from an answer to the next question.
  let spacing: Int64
  var arrivals: [Arrival] = []
  var roundTrips: [ClockOffset.RoundTrip] = []
  var unanswered = 0
  private var asked: Int64?
  private var nextQuestion: Int64 = 0

  /// ns after which a question counts as lost.
  private static let patience: Int64 = 500_000_000

  init(link: Link, total: Int64, spacing: Int64) {
    self.link = link
    self.total = total
    self.spacing = spacing
  }

  mutating func run(_ done: Progress, _ isStopRequested: () -> Bool) {
    defer { done.end() }
    // What waits in the buffers since before has an arrival time that means nothing.
    _ = link.drain(now: MonotonicClock.nanoseconds)
    let start = MonotonicClock.nanoseconds
    var now = start
    while now - start < total && !isStopRequested() {
      ask(now)
      _ = link.wait(nanoseconds: Swift.max(100_000, Swift.min(spacing, 20_000_000)))
      now = MonotonicClock.nanoseconds
      link.service(now: now)
      guard takeIn(now) else { return }
      done.set(Int((now - start) / Swift.max(1, total / 1000)))
    }
  }

  private mutating func ask(_ now: Int64) {
    if let asked, now - asked > Self.patience {
      unanswered += 1
      self.asked = nil
    }
    guard asked == nil, now >= nextQuestion, let peer = link.peer else { return }
    if link.send(.timesync(Timesync(tc1: 0, ts1: now, target: peer))) == .sent { asked = now }
  }

  /// - Returns: false if the device is gone.
  private mutating func takeIn(_ now: Int64) -> Bool {
    // Samples that are read at once share an arrival; the distances then tell the delay.
    var older: [ObservationMessage] = []
    let drained = link.drain(now: now) { older.append($0) }
    for observation in older + (drained.newest.map { [$0] } ?? []) {
      arrivals.append(
        Arrival(
          nanoseconds: now,
          plantNanoseconds: Int64(truncatingIfNeeded: observation.timeMicroseconds) &* 1000,
          sequence: observation.sequence))
    }
    if let last = link.clockOffset.last,
      roundTrips.last.map({ $0.sentNanoseconds != last.sentNanoseconds }) ?? true,
      last.sentNanoseconds == asked
    {
      roundTrips.append(last)
      asked = nil
      nextQuestion = now + spacing
    }
    return !drained.isGone
  }
}
