import Foundation
public import ReplanLoop
public import ReplanRealtime

/// Runs scenarios one after another: one episode each, in a workspace of its own.
public final class ScenarioRunner: Sendable {
  /// Which plant they are run with.
  public enum Place: Sendable, Equatable {
    /// The simulated one that each robot file names.
    case robot
    case simulated(String)
    case device(String)
  }

  public struct Options: Sendable {
    public var place: Place
    public var loop: LoopOptions
    /// The folder below which the episodes of failures are kept.
    public var keepPath: String
    /// Written into episode files.
    public var build: String
    /// Polled in every tick and between scenarios; must not allocate, lock or wait.
    public var isStopRequested: @Sendable () -> Bool
    /// The same for the emergency stop.
    public var isEmergencyRequested: @Sendable () -> Bool

    public init(
      place: Place = .robot, loop: LoopOptions, keepPath: String, build: String,
      isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 },
      isEmergencyRequested: @escaping @Sendable () -> Bool = { StopSignal.isEmergency }
    ) {
      self.place = place
      self.loop = loop
      self.keepPath = keepPath
      self.build = build
      self.isStopRequested = isStopRequested
      self.isEmergencyRequested = isEmergencyRequested
    }
  }

  let options: Options
  let connect: PlantConnector
  /// Called from other threads, with the scenario's name, its armed time and what there is to be.
  let progress: @Sendable (_ name: String, _ seconds: Double, _ of: Double) -> Void

  public init(
    options: Options, connect: @escaping PlantConnector,
    progress: @escaping @Sendable (_ name: String, _ seconds: Double, _ of: Double) -> Void = {
      _, _, _ in
    }
  ) {
    self.options = options
    self.connect = connect
    self.progress = progress
  }

  /// Runs one scenario and judges it; whatever goes wrong is part of the result.
  public func run(_ scenario: Scenario) async -> ScenarioResult {
    var result = ScenarioResult(name: scenario.name, file: scenario.file, outcome: .passed)
    if let reason = obstacle(scenario) {
      result.outcome = .skipped(reason)
      return result
    }
    let start = MonotonicClock.nanoseconds
    do {
      let trial = try ScenarioTrial(scenario, options)
      defer { trial.clear() }
      let recording = try await trial.run(connect, progress)
      let judge = Judge(
        robot: scenario.robot, firstBegin: scenario.firstBegin, lastEnd: scenario.lastEnd)
      result.judgements = scenario.allExpectations.map { judge.judge($0, recording) }
      if !result.failures.isEmpty {
        result.outcome = .failed
        result.kept = try trial.keep(below: options.keepPath)
      }
    } catch {
      result.outcome = .error(ScenarioObstacle(error))
    }
    result.seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    return result
  }

  private func obstacle(_ scenario: Scenario) -> String? {
    if options.isStopRequested() { return "stopped before it began" }
    if options.loop.isLockstep, let reason = scenario.lockstepObstacle { return reason }
    if case .device = options.place, let reason = scenario.deviceObstacle { return reason }
    return nil
  }
}
