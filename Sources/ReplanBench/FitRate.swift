import ReplanCore

/// The largest candidates × horizon that a rate leaves time for.
public struct FitRate: Sendable, Equatable {
  /// Share of the period that the p99 of a tick may take: the rest is for waking up, the line and
  /// the record.
  public static let share = 0.6

  public var rate: Double
  /// In ticks.
  public var horizon: Int
  /// The horizon that was wanted, in ticks.
  public var wantedHorizon: Int
  /// Nil for a planner that samples nothing.
  public var candidates: Int?
  public var iterations: Int?
  /// Units: µs.
  public var p50: Double
  public var p99: Double
  /// False if not even the least work is done in time; then the figures are those of the least.
  public var fits: Bool

  /// Share of the period that the p99 takes.
  public var periodShare: Double { p99 * rate / 1e6 }
  public var isShortened: Bool { horizon < wantedHorizon }
  /// True if at least a quarter of the horizon that the robot asks for is left: with less the task
  /// is out of sight.
  public var seesEnough: Bool { 4 * horizon >= wantedHorizon }
}

/// Finds what fits by timing ticks.
struct FitFinder {
  /// Ticks that the core plans at least and at most.
  static let horizons = 2...500

  /// Times a configuration; `isQuick` for an estimate.
  typealias Timer = (ControllerConfiguration, _ isQuick: Bool) -> TickTimes

  let configuration: ControllerConfiguration
  let rate: Double
  /// In seconds.
  let horizon: Double
  let timer: Timer

  /// The largest number of candidates at the whole horizon. Where not even the fewest fit, fewer
  /// iterations are tried, and where these do not help, a shorter horizon.
  func find() -> FitRate {
    let wanted = max(Self.horizons.lowerBound, Int((horizon * rate).rounded()))
    let ticks = min(wanted, Self.horizons.upperBound)
    let planner = configuration.planner
    var iterations = planner.iterations ?? 1
    while true {
      if let found = search(horizon: ticks, wanted: wanted, iterations: iterations) { return found }
      if iterations <= planner.leastIterations { break }
      iterations = max(planner.leastIterations, iterations / 2)
    }
    return shortened(wanted: wanted, from: ticks, iterations: iterations)
  }

  /// Nil if not even the fewest candidates fit.
  private func search(horizon: Int, wanted: Int, iterations: Int) -> FitRate? {
    guard let range = configuration.planner.candidateRange else {
      let planner = configuration.planner.with(horizon: horizon, iterations: iterations)
      let result = result(planner, wanted, time(planner, isQuick: false))
      return result.fits ? result : nil
    }
    func planner(_ candidates: Int) -> PlannerConfiguration {
      configuration.planner.with(
        horizon: horizon, candidates: candidates, iterations: iterations)
    }
    var best: TickTimes?
    let answer = FitSearch(budget: budget, range: range, step: 16).largest(
      probe: { time(planner($0), isQuick: true).p50 },
      verify: {
        let times = time(planner($0), isQuick: false)
        if times.p99 <= budget { best = times }
        return times.p99
      })
    guard let answer, let best else { return nil }
    return result(planner(answer.size), wanted, best)
  }

  /// The longest horizon that the fewest candidates and iterations leave time for.
  private func shortened(wanted: Int, from ticks: Int, iterations: Int) -> FitRate {
    func planner(_ horizon: Int) -> PlannerConfiguration {
      configuration.planner.with(
        horizon: horizon, candidates: configuration.planner.candidateRange?.lowerBound,
        iterations: iterations)
    }
    let least = Self.horizons.lowerBound
    var best: TickTimes?
    let answer = FitSearch(budget: budget, range: least...ticks, step: 1).largest(
      probe: { time(planner($0), isQuick: true).p50 },
      verify: {
        let times = time(planner($0), isQuick: false)
        if times.p99 <= budget { best = times }
        return times.p99
      })
    guard let answer, let best else {
      return result(planner(least), wanted, time(planner(least), isQuick: false))
    }
    return result(planner(answer.size), wanted, best)
  }

  /// Units: µs.
  private var budget: Double { FitRate.share * 1e6 / rate }

  private func time(_ planner: PlannerConfiguration, isQuick: Bool) -> TickTimes {
    var changed = configuration
    changed.planner = planner
    changed.structure.tick = Float(1 / rate)
    return timer(changed, isQuick)
  }

  private func result(
    _ planner: PlannerConfiguration, _ wanted: Int, _ times: TickTimes
  ) -> FitRate {
    FitRate(
      rate: rate, horizon: planner.horizon, wantedHorizon: wanted, candidates: planner.candidates,
      iterations: planner.iterations, p50: times.p50, p99: times.p99,
      fits: times.p99 <= budget)
  }
}
