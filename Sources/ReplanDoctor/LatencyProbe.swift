import Glibc
public import ReplanHIL
public import ReplanRealtime
import ReplanWire

/// Moves a plant at random for a short while and records how it follows.
///
/// The plant is reset, armed, moved and disarmed again, whatever happens in between. An observation
/// outside of the envelope ends it at once.
public struct LatencyProbe: Sendable {
  /// Why a probe ended.
  public enum End: Sendable, Equatable {
    case timeUp
    case leftEnvelope(channel: String)
    case plantFault
    case disarmed
    case silent
    case vanished
    case stopped

    var words: String {
      switch self {
      case .timeUp: "ended in time"
      case .leftEnvelope(let channel): "was ended as \(channel) left the envelope"
      case .plantFault: "was ended by a fault of the plant"
      case .disarmed: "was ended as the plant disarmed"
      case .silent: "was ended as observations ceased"
      case .vanished: "was ended as the plant's port vanished"
      case .stopped: "was stopped on request"
      }
    }
  }

  /// What was recorded.
  public struct Record: Sendable {
    public var samples: [ProbeSample] = []
    public var end = End.timeUp
    /// By number of samples between sending an action and the sample that names it, less one: how
    /// many were 0, 1, … late.
    public var transportTicks: [Int: Int] = [:]
    /// What the thread asked for and could not have.
    public var report = RealtimeReport()

    /// The most frequent number of ticks that the link takes.
    public var transport: Int {
      transportTicks.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    }
  }

  public let settings: ProbeSettings
  public let thread: ThreadOptions

  public init(_ settings: ProbeSettings, priority: Int?, cpu: Int?) {
    self.settings = settings
    thread = ThreadOptions(name: "doctor", priority: priority, cpu: cpu)
  }

  /// Runs the probe; blocks meanwhile.
  ///
  /// - Throws: `DoctorError.plant` if the plant cannot be reset or armed.
  public func run(
    _ session: Session,
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 }
  ) throws(DoctorError) -> Record {
    let hold = CPULatency.hold()
    let record = try runAwake(session, isStopRequested)
    hold.release()
    return record
  }

  private func runAwake(
    _ session: Session, _ isStopRequested: @escaping @Sendable () -> Bool
  ) throws(DoctorError) -> Record {
    defer { session.disarm() }
    let first: ObservationMessage
    do throws(HILError) {
      first = try session.reset(settings.initialState, isStopRequested: isStopRequested)
      try session.arm()
    } catch {
      throw Self.error(error)
    }
    return session.configuration.clock == .lockstep
      ? try lockstep(session, first, isStopRequested)
      : try streaming(session.link, isStopRequested)
  }

  private func lockstep(
    _ session: Session, _ first: ObservationMessage, _ isStopRequested: () -> Bool
  ) throws(DoctorError) -> Record {
    var run = ProbeRun(settings)
    var observation = first
    while !isStopRequested() {
      let now = MonotonicClock.nanoseconds
      guard run.take(observation) else { return run.record }
      let action = session.link.action(tick: 0, values: run.next(), now: now)
      run.noteSent(action.sequence)
      do throws(HILError) {
        observation = try session.exchange(action, isStopRequested: isStopRequested)
      } catch {
        throw Self.error(error)
      }
    }
    throw .stopped
  }

  private func streaming(
    _ link: Link, _ isStopRequested: @escaping @Sendable () -> Bool
  ) throws(DoctorError) -> Record {
    let settings = settings
    let running: RealtimeThread<Record>
    do throws(RealtimeError) {
      running = try RealtimeThread.start(thread) { report in
        var run = ProbeRun(settings)
        run.stream(link, isStopRequested)
        run.record.report = report
        return run.record
      }
    } catch {
      throw .realtime(error)
    }
    let record = running.join()
    if record.end == .stopped { throw .stopped }
    return record
  }

  private static func error(_ error: HILError) -> DoctorError {
    if case .stopped = error { return .stopped }
    return .plant(error)
  }
}
