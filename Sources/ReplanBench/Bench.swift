import Foundation
import ReplanCore
public import ReplanRealtime
public import ReplanRobot

/// Measures what this machine can do for a robot.
///
/// All but the training runs on a thread that is prepared like the control thread of a run, as far
/// as the host permits.
public struct Bench: Sendable {
  /// How much time is spent.
  public struct Effort: Sendable {
    var slices: Int
    var ticks: Int
    var tickLimit: Int64
    var probeTicks: Int
    var verifyTicks: Int
    var refitSeconds: Double

    /// About a minute for everything.
    public static let full = Effort(
      slices: 40, ticks: 1000, tickLimit: 1_500_000_000, probeTicks: 40, verifyTicks: 200,
      refitSeconds: 1)
    /// A few seconds, for a first look; percentiles are rough.
    public static let quick = Effort(
      slices: 8, ticks: 100, tickLimit: 150_000_000, probeTicks: 8, verifyTicks: 30,
      refitSeconds: 0.1)
  }

  /// The rates that are tried for what fits.
  public static let rates: [Double] = [50, 100, 200, 250, 400, 500, 1000]

  private let robot: RobotDescription
  private let effort: Effort
  private let thread: ThreadOptions
  private let emit: @Sendable (BenchEvent) -> Void
  private let progress: @Sendable (String) -> Void

  /// - Parameters:
  ///   - cpu: the processor to measure on, nil for any.
  ///   - emit: takes each figure as soon as there is one, on other threads too.
  ///   - progress: what is being measured.
  public init(
    robot: RobotDescription, effort: Effort = .full, priority: Int = 80, cpu: Int? = nil,
    emit: @escaping @Sendable (BenchEvent) -> Void,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.robot = robot
    self.effort = effort
    thread = ThreadOptions(name: "bench", priority: priority, cpu: cpu)
    self.emit = emit
    self.progress = progress
  }

  /// Measures everything.
  ///
  /// - Returns: what the host did not grant.
  @discardableResult
  public func run() throws(BenchError) -> RealtimeReport {
    let workers = try workers()
    let report = try onThread { report in
      emit(.start(start(report)))
      let peak = measurePeak()
      measureNetworks(peak)
      measureTicks(peak, workers)
      return report
    }
    progress("training")
    let refit = try RefitBench.run(robot, seconds: effort.refitSeconds)
    let shape = robot.ensembleShape()
    emit(
      .refit(
        BenchEvent.Refit(
          shape: shape.words, members: shape.memberCount, batch: refit.batch,
          threads: refit.threads, examplesMembers: refit.examplesMembersPerSecond)))
    for rate in Self.rates { _ = try fit(rate: rate) }
    return report
  }

  /// Finds what fits at one rate.
  ///
  /// - Units: Hz.
  /// - Precondition: 1 <= rate <= 1000.
  public func fit(rate: Double) throws(BenchError) -> FitRate {
    precondition((1...1000).contains(rate), "a rate is 1 to 1000 Hz")
    let workers = try workers()
    let result = try onThread { _ in
      FitFinder(
        configuration: configuration, rate: rate, horizon: robot.planner.horizon
      ) { configuration, isQuick in
        let setting = configuration.planner.words
        progress("what fits at \(Int(rate)) Hz: trying \(setting)")
        var bench = TickBench(configuration, crew: crew(workers))
        let ticks = isQuick ? effort.probeTicks : effort.verifyTicks
        // A tick far beyond the period need not be repeated that often.
        return bench.measure(
          ticks: ticks, least: min(ticks, 20), limit: Int64(4 * Double(ticks) * 1e9 / rate),
          pace: .period(Int64(1e9 / rate)))
      }.find()
    }
    emit(.fitRate(BenchEvent.Fit(planner: configuration.planner.kind, result: result)))
    return result
  }

  /// The robot's controller, its model an ensemble.
  private var configuration: ControllerConfiguration {
    var result = robot.controllerConfiguration(seed: 1)
    result.model = .ensemble(robot.ensembleShape())
    return result
  }

  /// The threads that share the robot's rollouts; nil for one.
  private func workers() throws(BenchError) -> WorkerThreads? {
    let count = configuration.workers
    guard count > 1 else { return nil }
    do throws(RealtimeError) {
      return try WorkerThreads(
        count: count, wait: robot.planner.wait == .spin ? .spin : .futex,
        priority: thread.priority,
        processors: WorkerThreads.processors(beside: thread.cpu, count: count))
    } catch {
      throw .realtime(error)
    }
  }

  private func crew(_ workers: WorkerThreads?) -> Crew {
    guard let workers else { return Crew() }
    return Crew(context: workers.context, run: WorkerThreads.run)
  }

  private func onThread<Output: Sendable>(
    _ body: @escaping @Sendable (RealtimeReport) -> Output
  ) throws(BenchError) -> Output {
    do throws(RealtimeError) {
      return try RealtimeThread.start(thread, body: body).join()
    } catch {
      throw .realtime(error)
    }
  }

  private func start(_ report: RealtimeReport) -> BenchEvent.Start {
    let model = KernelFile.lines("/proc/cpuinfo")?.first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return BenchEvent.Start(
      robot: robot.name, rate: robot.rate, processor: name ?? "unknown",
      processors: ProcessInfo.processInfo.activeProcessorCount, realtime: report.isComplete)
  }

  private func measurePeak() -> Double {
    progress("the peak of one core")
    let peak = PeakBench.gigaflops(slices: effort.slices)
    emit(.peak(BenchEvent.Peak(gflops: peak)))
    return peak
  }

  private func measureNetworks(_ peak: Double) {
    let standard = EnsembleShape.standard
    let shapes = [(robot.structure(), robot.ensembleShape()), (standard.structure, standard.shape)]
    for (structure, shape) in shapes {
      progress("network \(shape.words)")
      let rate = NetworkBench.evaluationsPerSecond(structure, shape, slices: effort.slices)
      emit(
        .network(
          BenchEvent.Network(
            shape: shape.words, members: shape.memberCount, evaluations: rate,
            peakShare: rate * shape.flops / (peak * 1e9))))
    }
  }

  /// The robot's own planner first, then every other kind over the same horizon.
  private func measureTicks(_ peak: Double, _ workers: WorkerThreads?) {
    let own = configuration.planner
    let horizon = robot.ticks(in: robot.planner.horizon)
    let others = PlannerConfiguration.every(horizon: horizon).filter { $0.kind != own.kind }
    for planner in [own] + others {
      progress("ticks of \(planner.kind), \(planner.words)")
      var configuration = configuration
      configuration.planner = planner
      var bench = TickBench(configuration, crew: crew(workers))
      let times = bench.measure(ticks: effort.ticks, least: 30, limit: effort.tickLimit)
      let evaluations = configuration.evaluations
      let work = Double(evaluations) * robot.ensembleShape().flops
      emit(
        .tick(
          BenchEvent.Tick(
            planner: planner.kind, isOwn: planner.kind == own.kind, setting: planner.words,
            evaluations: evaluations, ticks: times.count, fallbacks: times.fallbacks,
            p50: times.p50, p90: times.p90, p99: times.p99, max: times.max,
            periodShare: times.p99 * robot.rate / 1e6,
            peakShare: work / (times.p50 * 1e-6) / (peak * 1e9), arenaBytes: bench.arenaBytes)))
    }
  }
}
