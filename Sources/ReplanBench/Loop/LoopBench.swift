import ReplanCore
public import ReplanHIL
import ReplanLoop
public import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Runs the control loop at 1 kHz with the linear planner, in slices that alternate with such of
/// cyclictest on the same processor, at the same interval and priority.
///
/// What is compared is the same on both sides: how late a thread is after a sleep until an absolute
/// time. The plant goes on sampling during cyclictest's slices, and is listened to.
public struct LoopBench {
  public let schedule: SliceSchedule
  public let priority: Int
  public let cpu: Int
  public let cyclicTest: CyclicTest?
  private let emit: (LoopSlice) -> Void
  private let progress: (String) -> Void
  private let isStopRequested: @Sendable () -> Bool

  /// - Parameters:
  ///   - cyclicTest: nil to measure the loop alone.
  ///   - emit: takes each pair as soon as it is measured.
  public init(
    schedule: SliceSchedule, priority: Int, cpu: Int, cyclicTest: CyclicTest?,
    emit: @escaping (LoopSlice) -> Void, progress: @escaping (String) -> Void = { _ in },
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 }
  ) {
    self.schedule = schedule
    self.priority = priority
    self.cpu = cpu
    self.cyclicTest = cyclicTest
    self.emit = emit
    self.progress = progress
    self.isStopRequested = isStopRequested
  }

  /// Measures; blocks meanwhile.
  ///
  /// - Parameters:
  ///   - robot: `LoopRobot.description()`.
  ///   - workspace: where the episodes go.
  /// - Throws: `loop` where an episode cannot be run, `ended` where one ended early, `cyclicTest` where
  ///   it fails.
  public func run(
    _ robot: RobotDescription, session: Session, workspace: Workspace, build: String
  ) throws(BenchError) -> LoopSummary {
    let runner = EpisodeRunner(
      robot: robot, session: session, host: LoopRobot.host(robot), workspace: workspace,
      options: LoopOptions(priority: priority, cpu: cpu), seed: 1, build: build,
      isStopRequested: isStopRequested)
    var total = Total()
    for index in 1...schedule.pairs {
      var ours: Slice?
      var theirs: LatencyHistogram?
      for side in schedule.order(ofPair: index - 1) {
        switch side {
        case .ours:
          progress("slice \(index) of \(schedule.pairs): the loop")
          ours = try Slice.run(runner, robot, seconds: schedule.seconds)
        case .theirs: theirs = try theirSlice(index, session, robot)
        }
      }
      guard let ours else { continue }
      emit(total.add(ours, theirs, index: index, seconds: schedule.seconds))
    }
    return total.summary(self, robot)
  }

  /// nil where there is no cyclictest.
  private func theirSlice(
    _ index: Int, _ session: Session, _ robot: RobotDescription
  ) throws(BenchError) -> LatencyHistogram? {
    guard let cyclicTest else { return nil }
    progress("slice \(index) of \(schedule.pairs): cyclictest")
    let result = try cyclicTest.run(
      seconds: schedule.seconds, rate: robot.rate, priority: priority, cpu: cpu
    ) {
      let now = MonotonicClock.nanoseconds
      _ = session.link.drain(now: now)
      session.link.service(now: now)
    } isStopRequested: {
      isStopRequested()
    }
    if isStopRequested() { throw .ended(LoopEnd.stopped.rawValue) }
    return result
  }
}

/// What the slices so far came to.
private struct Total {
  var wake = LatencyHistogram()
  var tick = LatencyHistogram()
  var theirs = LatencyHistogram()
  var ratios: [Double] = []
  var counts = LoopCounts()
  var report = RealtimeReport()

  mutating func add(
    _ ours: Slice, _ cyclicTest: LatencyHistogram?, index: Int, seconds: Double
  ) -> LoopSlice {
    wake.add(ours.wake)
    tick.add(ours.tick)
    counts.add(ours.counts)
    report = ours.report
    var slice = LoopSlice(
      index: index, seconds: seconds, loop: Latencies(ours.wake), counts: ours.counts)
    if let cyclicTest {
      theirs.add(cyclicTest)
      let other = Latencies(cyclicTest)
      let ratio = slice.loop.ratio(to: other)
      ratios.append(ratio)
      (slice.cyclictest, slice.ratio) = (other, ratio)
    }
    return slice
  }

  func summary(_ bench: LoopBench, _ robot: RobotDescription) -> LoopSummary {
    var remarks = report.shortfalls.map(\.description)
    if bench.cyclicTest == nil {
      remarks.append("cyclictest is not installed, nothing was compared; try: \(CyclicTest.remedy)")
    }
    return LoopSummary(
      rate: robot.rate, seconds: bench.schedule.seconds * Double(bench.schedule.pairs),
      slices: bench.schedule.pairs, cpu: bench.cpu, priority: bench.priority,
      loop: Latencies(wake), tick: Latencies(tick),
      cyclictest: theirs.count > 0 ? Latencies(theirs) : nil, ratio: Spread(ratios),
      counts: counts, isRealtime: report.isComplete, remarks: remarks)
  }
}
