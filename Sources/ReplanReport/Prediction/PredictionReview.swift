import ReplanCore
import ReplanLearn
import ReplanRecord
import ReplanRobot

/// Predicts from samples of an episode over the planner's horizon, by the model in use at each.
struct PredictionReview {
  /// Starts times steps: more would take long and show no more.
  static let work = 50_000
  /// Numbers of steps that are told.
  static let mostHorizons = 50

  let content: PredictionContent
  let fans: [UInt8]
  let simulation: [UInt8]

  /// - Parameters:
  ///   - mostFans: predictions of which every step is told.
  ///   - mostSteps: those of the free simulation.
  /// - Returns: nil if no sample can be predicted from.
  init?(
    _ episode: Episode, robot: RobotDescription, models: ModelsInUse, mostFans: Int,
    mostSteps: Int = 2000
  ) {
    let limits = robot.limits()
    let safe = robot.action.indices.map { limits.safe[$0] }
    let trajectories = episode.trajectories(latency: robot.latency, safeAction: safe)
    let times = episode.trajectoryTimes(latency: robot.latency, safeAction: safe)
      .map(episode.seconds)
    let period = episode.header.tick
    let steps = max(1, min(robot.ticks(in: robot.planner.horizon), Self.work / 50))
    let windows = Forecasts.Start.windows(of: trajectories, steps: steps)
    guard !windows.isEmpty else { return nil }
    let count = min(windows.count, max(50, Self.work / steps))
    let starts = (0..<count).map { windows[windows.count * $0 / count] }

    var parts: [PredictionPart] = []
    let generations = Generations(episode)
    let groups = Dictionary(grouping: starts) { start in
      let time = times[start.trajectory] + Double(start.sample) * period
      // Half a period later, since sums of periods are not exact.
      return models.model(at: generations.generation(at: time + 0.5 * period))
    }
    for (generation, group) in groups.sorted(by: { ($0.key ?? 0) < ($1.key ?? 0) }) {
      guard let model = generation.flatMap({ models.models[$0] }) else { continue }
      guard let part = PredictionPart(model, trajectories, group, steps: steps) else { return nil }
      parts.append(part)
    }
    guard parts.contains(where: { !$0.starts.isEmpty }) else { return nil }
    let summary = PredictionSummary(
      parts, horizons: Self.horizons(steps), channels: robot.observation.count)
    let chosen = Self.fans(of: parts, most: mostFans)
    let whole = models.models.min { $0.key < $1.key }.flatMap {
      ResidualReview($0.value, trajectories, times: times, mostSteps: mostSteps)
    }
    simulation = whole?.simulation ?? []
    content = PredictionContent(
      channels: robot.observation.map(\.name), actions: robot.action.map(\.name),
      units: robot.observation.map(\.unit),
      period: period, starts: parts.reduce(0) { $0 + $1.starts.count },
      horizons: summary.horizons, rmse: summary.rmse, spread: summary.spread,
      calibration: summary.calibration,
      fans: chosen.map { part, start in
        let place = parts[part].starts[start]
        return times[place.trajectory] + Double(place.sample) * period
      }, whole: whole?.content)
    fans = PredictionFans.bytes(parts, chosen, horizons: summary.horizons)
  }

  /// Every number of steps, or evenly chosen ones with the first and the last among them.
  private static func horizons(_ steps: Int) -> [Int] {
    guard steps > mostHorizons else { return Array(1...steps) }
    return (0..<mostHorizons).map { 1 + (steps - 1) * $0 / (mostHorizons - 1) }
  }

  /// Evenly chosen among the predictions that reach furthest, in order of time.
  private static func fans(of parts: [PredictionPart], most: Int) -> [(part: Int, start: Int)] {
    let all = parts.indices.flatMap { part in
      parts[part].starts.indices.map { (part: part, start: $0) }
    }
    let longest = all.map { parts[$0.part].starts[$0.start].steps }.max() ?? 0
    let whole = all.filter { parts[$0.part].starts[$0.start].steps == longest }
      .sorted {
        let (a, b) = (parts[$0.part].starts[$0.start], parts[$1.part].starts[$1.start])
        return (a.trajectory, a.sample) < (b.trajectory, b.sample)
      }
    let count = min(most, whole.count)
    return (0..<count).map { whole[whole.count * $0 / count] }
  }
}

/// The predictions of one model.
struct PredictionPart {
  let starts: [Forecasts.Start]
  let trajectories: [Trajectory]
  /// The measured channels come first in each state.
  let errors: ForecastErrors

  /// - Returns: nil if the system has no thread for it.
  init?(
    _ model: FittedModel, _ trajectories: [Trajectory], _ starts: [Forecasts.Start], steps: Int
  ) {
    do throws(LearnError) {
      let found = try IdentifiedModel(model).forecasts(trajectories, from: starts, steps: steps)
      (self.starts, errors) = (found.starts, found.errors)
    } catch {
      return nil
    }
    self.trajectories = trajectories
  }
}

/// Which generation of the model was in use when.
private struct Generations {
  private let changes: [(time: Double, generation: UInt32)]

  init(_ episode: Episode) {
    var changes: [(time: Double, generation: UInt32)] = []
    for tick in episode.ticks where changes.last?.generation != tick.modelGeneration {
      changes.append((episode.seconds(tick.logTime), tick.modelGeneration))
    }
    self.changes = changes
  }

  func generation(at time: Double) -> UInt32 {
    changes.last { $0.time <= time }?.generation ?? 0
  }
}
