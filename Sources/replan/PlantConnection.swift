import Foundation
import ReplanHIL
import ReplanRealtime
import ReplanRobot

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
    signing: LineSigning?, _ body: @escaping @Sendable (Session) throws -> Output
  ) async throws -> Output {
    try StopSignal.install()
    let configuration = SessionConfiguration(
      channels: ChannelCounts(
        observations: robot.measuredIndices.count, actions: robot.action.count),
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
