import ReplanCore
import ReplanRecord
import ReplanRobot

extension ModelFitter {
  /// Parts that are held out in turn. A model of too small a part of the data is worse than the one that
  /// is judged, so there are many; a part of fewer transitions would hold no forecast of many ticks.
  private static func folds(_ count: Int) -> Int { min(8, max(3, count / 25)) }
  /// With fewer transitions the errors of a part tell nothing of the whole.
  private static let fewest = 90
  /// Steps that are calibrated at most, and windows that the factors come from.
  private static let steps = 100
  private static let windows = 2000

  /// By how much the spread of a model of `dataset` is to be widened, over one tick and over many.
  ///
  /// Each unbroken run is cut into three to eight parts. A model of all but one of them is judged on
  /// that one, in turn, so that the whole of an episode is judged by models that have not seen that part
  /// of it; the errors of all count together.
  ///
  /// - Parameter poll: called between the fits, which may be cancelled there.
  /// - Returns: nil with too few transitions.
  /// - Source: cross-conformal prediction: Vovk 2015, doi 10.1007/s10472-013-9368-4.
  func spread(
    _ dataset: Dataset, round: UInt64, cancellation: TrainingCancellation, poll: () -> Void
  ) throws(LearnError) -> SpreadCalibration? {
    guard dataset.count >= Self.fewest else { return nil }
    var calibrating = self
    calibrating.calibratesDisagreement = false
    let runs = dataset.runs
    var errors: [ForecastErrors] = []
    let folds = Self.folds(dataset.count)
    for fold in 0..<folds {
      poll()
      guard !cancellation.isCancelled else { throw .cancelled }
      // Another part of each run: the same of all, such as their beginnings, would leave nothing to know
      // it by.
      let heldOut = runs.enumerated().map { Self.part((fold + $0) % folds, of: folds, $1) }
        .filter { !$0.isEmpty }
      let judging = Set(heldOut.joined())
      let fitting = dataset.keeping((0..<dataset.count).filter { !judging.contains($0) })
      let model = try calibrating.fit(
        fitting, round: round, place: .betweenEpisodes, cancellation: cancellation)
      errors.append(try self.errors(of: model, on: heldOut.map { dataset.trajectory($0) }))
    }
    return SpreadCalibration(
      errors, stateCount: robot.observation.count, raisesLevel: false)
  }

  private static func part(_ fold: Int, of folds: Int, _ run: Range<Int>) -> Range<Int> {
    run.lowerBound + run.count * fold / folds..<run.lowerBound + run.count * (fold + 1) / folds
  }

  private func errors(
    of model: EnsembleModel, on trajectories: [Trajectory]
  ) throws(LearnError) -> ForecastErrors {
    let isAngle = robot.observation.map { $0.kind == .angle }
    var openLoop = OpenLoop(isAngle: isAngle)
    openLoop.seed = seed
    openLoop.threads = settings(round: 0, place: .betweenEpisodes).threads
    let all = Forecasts.Start.windows(of: trajectories, steps: Self.steps)
    let stride = max(1, all.count / Self.windows)
    let starts = Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
    let forecasts = try openLoop.forecast(
      trajectories, from: starts, steps: Self.steps, makePredictor: { CorePredictor(model) })
    return ForecastErrors(forecasts, of: trajectories, isAngle: isAngle)
  }
}
