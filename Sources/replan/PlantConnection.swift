import Foundation
import ReplanHIL
import ReplanRealtime
import ReplanRobot
import Synchronization

/// Brings a command and its plant together.
enum PlantConnection {
  /// Connects and runs `body` on a thread of its own, since it blocks; disarms when it ends.
  static func use<Output: Sendable>(
    _ robot: RobotDescription, _ options: PlantOptions,
    _ body: @escaping @Sendable (Session) throws -> Output
  ) async throws -> Output {
    try await use(
      robot, at: try options.place(robot), isLockstep: options.lockstep, timing: lockstepTiming,
      signing: try options.signing(), body)
  }

  /// The same with a plant that is not named by a command's options.
  static func use<Output: Sendable>(
    _ robot: RobotDescription, at place: PlantPlace, isLockstep: Bool, timing: SessionTiming,
    signing: LineSigning? = nil,
    _ body: @escaping @Sendable (Session) throws -> Output
  ) async throws -> Output {
    try StopSignal.install()
    let configuration = SessionConfiguration(
      channels: ChannelCounts(
        observations: robot.observation.count, actions: robot.action.count),
      clock: isLockstep ? .lockstep : .streaming, rate: robot.rate, timing: timing,
      signing: signing)
    let baud = robot.link.baud
    switch place {
    case .device(let path):
      return try await onThread { try session(configuration, path, baud: baud, body) }
    case .simulator(let simulator):
      return try await simulator.run { path in
        try await onThread { try session(configuration, path, baud: baud, body) }
      }
    }
  }

  /// Lockstep is not about time: a host that is busy with other work must not look like silence.
  private static var lockstepTiming: SessionTiming {
    var timing = SessionTiming()
    timing.exchange = 0.3
    timing.exchangeTries = 40
    return timing
  }

  private static func session<Output>(
    _ configuration: SessionConfiguration, _ path: String, baud: Int,
    _ body: (Session) throws -> Output
  ) throws -> Output {
    let watch = StopWatch()
    defer { watch.end() }
    let session = try Session(path: path, baud: baud, configuration: configuration)
    watch.guard(session.link)
    defer { session.disarm() }
    return try body(session)
  }

  private static func onThread<Output: Sendable>(
    _ body: @escaping @Sendable () throws -> Output
  ) async throws -> Output {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result { try body() }) }
      thread.stackSize = 1 << 20
      thread.start()
    }
  }
}

/// Ends the program when asking has not: on a second request to stop, or when the first has not
/// been followed for a while. The plant is told to disarm first. Before there is a session nothing
/// is armed and nobody else listens, so the first request does.
final class StopWatch: Sendable {
  private let link = Mutex<Link?>(nil)
  private let isOver = Atomic<Bool>(false)
  private static let patience: Int64 = 10_000_000_000

  init() {
    let thread = Thread { [self] in run() }
    thread.stackSize = 1 << 18
    thread.start()
  }

  /// Names the line to be used.
  func `guard`(_ link: Link) { self.link.withLock { $0 = link } }

  func end() { isOver.store(true, ordering: .releasing) }

  private func run() {
    var asked: Int64?
    while !isOver.load(ordering: .acquiring) {
      usleep(50_000)
      let now = MonotonicClock.nanoseconds
      if StopSignal.requests > 0 && asked == nil { asked = now }
      let isTired = asked.map { now - $0 > Self.patience } ?? false
      let line = link.withLock { $0 }
      guard StopSignal.requests > (line == nil ? 0 : 1) || isTired else { continue }
      line?.disarmFromAnywhere()
      FileHandle.standardError.write(Data("\nreplan: stopped at once\n".utf8))
      _exit(Code.notAchieved.rawValue)
    }
  }
}
