import ReplanCore
import ReplanLearn
import ReplanRecord

extension SpreadCalibration {
  /// Steps over which the spread is widened to what was seen.
  private static let longest = 50
  /// Starts of forecasts; more tell nothing new.
  private static let mostStarts = 4000

  /// The factors for a model of few parameters, from the very records that it was fitted to; nil where
  /// they hold too little or not all states.
  static func fitted(
    to model: FittedModel, _ trajectories: [Trajectory], seed: UInt64, threads: Int
  ) throws(LearnError) -> SpreadCalibration? {
    let structure = model.structure
    let isAngle = (0..<structure.stateCount).map { structure.states[$0].isAngle }
    let all = Forecasts.Start.windows(of: trajectories, steps: longest)
    let stride = max(1, all.count / mostStarts)
    let starts = all.indices.filter { $0 % stride == 0 }.map { all[$0] }
    var openLoop = OpenLoop(isAngle: isAngle)
    openLoop.seed = seed
    openLoop.threads = threads
    let forecasts = try openLoop.forecast(trajectories, from: starts, steps: longest) {
      CorePredictor(model)
    }
    return SpreadCalibration(
      ForecastErrors(forecasts, of: trajectories, isAngle: isAngle),
      stateCount: structure.stateCount)
  }
}
