import ReplanCore
public import ReplanHIL
import ReplanLoop
public import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Runs the control loop at 1 kHz in slices that alternate: with pages open that look on, and without.
///
/// The page's server runs all the time; what is compared is how late the control thread wakes.
public struct WatchBench {
  public let schedule: SliceSchedule
  public let priority: Int
  public let cpu: Int
  /// Pages in the slices that are watched.
  public let clients: Int
  private let emit: (WatchSlice) -> Void
  private let progress: (String) -> Void
  private let isStopRequested: @Sendable () -> Bool

  public static let usualClients = 3

  /// - Parameter emit: takes each pair as soon as it is measured.
  public init(
    schedule: SliceSchedule, priority: Int, cpu: Int, clients: Int = WatchBench.usualClients,
    emit: @escaping (WatchSlice) -> Void, progress: @escaping (String) -> Void = { _ in },
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 }
  ) {
    self.schedule = schedule
    self.priority = priority
    self.cpu = cpu
    self.clients = clients
    self.emit = emit
    self.progress = progress
    self.isStopRequested = isStopRequested
  }

  /// Measures; blocks meanwhile.
  ///
  /// - Parameters:
  ///   - robot: `LoopRobot.description()`.
  ///   - workspace: where the episodes go; the page shows it.
  ///   - url: of the page.
  /// - Throws: `loop` where an episode cannot be run, `ended` where one ended early, `page` where the
  ///   page cannot be reached or sends nothing.
  public func run(
    _ robot: RobotDescription, session: Session, workspace: Workspace, url: String, build: String
  ) throws(BenchError) -> WatchSummary {
    let runner = EpisodeRunner(
      robot: robot, session: session, host: LoopRobot.host(robot), workspace: workspace,
      options: LoopOptions(priority: priority, cpu: cpu), seed: 1, build: build,
      isStopRequested: isStopRequested)
    var total = WatchSummary(self, robot)
    for index in 1...schedule.pairs {
      var watched: Slice?
      var alone: Slice?
      for side in schedule.order(ofPair: index - 1) {
        switch side {
        case .ours:
          progress("slice \(index) of \(schedule.pairs): \(clients) pages look on")
          let pages = try PageClients(url, count: clients, cpu: otherProcessor)
          let attempt = Result { () throws(BenchError) in
            try Slice.run(runner, robot, seconds: schedule.seconds)
          }
          let bytes = pages.end()
          watched = try attempt.get()
          guard bytes > 0 else { throw .page("the page at \(url) sent nothing") }
          total.bytes += bytes
        case .theirs:
          progress("slice \(index) of \(schedule.pairs): nobody looks on")
          alone = try Slice.run(runner, robot, seconds: schedule.seconds)
        }
      }
      guard let watched, let alone else { continue }
      emit(total.add(watched, alone, index: index, seconds: schedule.seconds))
    }
    return total
  }

  /// Where a browser would run as well: not on the control thread's processor.
  private var otherProcessor: Int? { Processors.allowed.last { $0 != cpu } }
}
