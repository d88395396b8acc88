import ReplanCore
import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Judges models by how well they predict recorded episodes, open loop.
public struct ModelJudge: Sendable {
  /// Steps ahead.
  public static let horizons = [1, 10, 25]
  /// Of longer records every n-th start is taken.
  static let mostStarts = 1000

  let robot: RobotDescription

  public init(robot: RobotDescription) { self.robot = robot }

  /// Errors and calibration of a model on some episodes.
  ///
  /// - Returns: nil if there is nothing to judge it on.
  /// - Throws: `mismatch` if the model reaches back over ticks, which records of single states do not
  ///   tell; `threadRefused`.
  public func errors(
    of model: FittedModel, on episodes: JudgedEpisodes
  ) throws(LearnError) -> ModelProvenance.Errors? {
    guard model.structure.memoryTicks == 0 else {
      throw .mismatch("a model with a history is judged by `replan identify`")
    }
    let all = Forecasts.Start.windows(of: episodes.trajectories, steps: 1).count
    guard all > 0, let longest = Self.horizons.last else { return nil }
    var openLoop = OpenLoop(isAngle: robot.observation.map { $0.kind == .angle })
    openLoop.threads = max(1, Processors.allowed.count)
    openLoop.calibration = model.ensemble?.training.spread
    let starts = Forecasts.Start.windows(
      of: episodes.trajectories, steps: longest,
      stride: (all + Self.mostStarts - 1) / Self.mostStarts)
    let forecasts = try openLoop.forecast(
      episodes.trajectories, from: starts, steps: longest
    ) { CorePredictor(model) }
    let errors = ForecastErrors(
      forecasts, of: episodes.trajectories, isAngle: openLoop.isAngle)
    // A short record reaches only so far.
    let reached = Self.horizons.filter { steps in starts.contains { $0.steps >= steps } }
    return Self.summary(errors, reached, channels: robot.observation.count, episodes)
  }

  private static func summary(
    _ errors: ForecastErrors, _ horizons: [Int], channels: Int, _ episodes: JudgedEpisodes
  ) -> ModelProvenance.Errors {
    let figures = horizons.map { steps in
      (0..<channels).map {
        errors.figures(channel: $0, horizon: .steps(steps), steps: steps...steps)
      }
    }
    let coverage = figures.map { row in row.compactMap(\.coverage90) }
    return ModelProvenance.Errors(
      steps: horizons, rmse: figures.map { $0.map(\.rmse) },
      fit: figures.map { row in mean(row.map { max($0.nrmseFit, -10) }) },
      coverage90: coverage.allSatisfy { $0.count == channels } ? coverage.map(mean) : nil,
      episodes: ModelOverview.text(ofEpisodes: episodes.numbers), isHeldOut: episodes.isHeldOut)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(values.count, 1))
  }
}
