import ReplanCore
import ReplanHIL
public import ReplanLoop
import ReplanRecord
import ReplanRobot

/// Learns a task: excite, then fit, run, append, and again until it succeeds.
///
/// By default it is version 1.5 of model-based reinforcement learning: execute the first action of a
/// plan, replan at every tick, refit on everything seen. The robot file's `learning.loop` says
/// otherwise: what a plan is executed for is then the controller's configuration, how often the model
/// is refitted is decided here.
///
/// - Source: Levine, CS 285, lecture 11; Nagabandi et al. 2017, arXiv:1708.02596; Chua et al.
///   2018, arXiv:1805.12114.
public final class LearningLoop {
  private let series: EpisodeSeries
  private let fitter: ModelFitter
  /// Armed time after which this run gives up, s.
  private let maximumExperience: Double
  /// Numbers the fits, so that each has random numbers of its own.
  private var rounds: UInt64 = 0
  /// Transitions that the last fit of this run was given; 0 before it.
  private var fittedCount = 0

  public init(_ series: EpisodeSeries, maximumExperience: Double) {
    self.series = series
    self.maximumExperience = maximumExperience
    fitter = ModelFitter(robot: series.robot, seed: series.options.seed)
  }

  /// Runs until the first success, the end of the budget, or a request to stop.
  ///
  /// - Returns: whether an episode succeeded.
  /// - Throws: `loop` if the plant is lost, `record` for what the disk refuses, `learn` if the data
  ///   cannot be fitted, or if the cost is to be learned and the plant tells none. What was recorded
  ///   until then is kept.
  public func run() throws(LearningError) -> Bool {
    // Before anything moves: what such a plant records would never be fitted.
    if series.robot.learnsCost && !series.session.tellsCost {
      throw .learn(.plantWithoutCost)
    }
    try series.prepareExploration()
    try series.begin("learn")
    return try series.concluding { () throws(LearningError) in try learn() }
  }

  private func learn() throws(LearningError) -> Bool {
    let robot = series.robot
    while true {
      if series.options.isStopRequested() { return try series.finish(false, series.interruption) }
      let ticksLeft = Int(
        ((maximumExperience - series.ownExperience) * robot.rate + 1e-6).rounded(.down))
      guard ticksLeft > 0 else {
        return try series.finish(
          false, "the budget of --max-experience is used up; run again to continue")
      }
      series.ticksLeft = ticksLeft
      let result =
        dataset.count < Trainer.fewestTransitions
        ? try explore(ticksLeft)
        : series.isExploring ? try seek(ticksLeft) : try improve(ticksLeft)
      guard let result else { return try series.finish(false, series.interruption) }
      if result.isSuccess {
        // The refits inside the episode are not stored: the workspace's newest model shall know
        // what this success was learned from.
        if robot.learning.refits { _ = try refit(isLast: true) }
        return try series.finish(true, "success")
      }
      if let reason = series.halt(after: result) { return try series.finish(false, reason) }
    }
  }

  /// What models are fitted to between episodes.
  private var dataset: Dataset {
    series.robot.learning.refits ? series.dataset : series.dataset.ofBasePolicy
  }

  /// An episode of the base policy.
  private func explore(_ ticksLeft: Int) throws(LearningError) -> EpisodeResult? {
    let robot = series.robot
    return try series.baseEpisode(
      maximumTicks: min(ticksLeft, robot.ticks(in: robot.basePolicy.seconds)))
  }

  /// An episode that seeks what the model does not know; nil if interrupted.
  private func seek(_ ticksLeft: Int) throws(LearningError) -> EpisodeResult? {
    guard try refit() else { return nil }
    return try series.seek(maximumTicks: ticksLeft)
  }

  /// Fits on everything so far, then runs an episode with refits inside; nil if interrupted.
  private func improve(_ ticksLeft: Int) throws(LearningError) -> EpisodeResult? {
    let robot = series.robot
    if robot.learning.refits || dataset.count != fittedCount {
      guard try refit() else { return nil }
    }
    return try series.perform(
      EpisodeOptions(
        kind: .mpc, mode: .plan,
        maximumTicks: min(ticksLeft, robot.ticks(in: robot.episode.seconds)),
        initialState: series.initialState(), refit: insideRefit()),
      isOptimistic: series.isOptimistic)
  }

  /// Fits, stores and adopts a model; false if a request to stop came meanwhile.
  ///
  /// - Parameter isLast: whether somebody may ask the model how sure it is; a model that is fitted anew
  ///   after the next episode need not take the time to know.
  private func refit(isLast: Bool = false) throws(LearningError) -> Bool {
    rounds += 1
    let fit = ModelFit(
      fitter: fitter, workspace: series.workspace, build: series.options.build,
      isStopRequested: series.options.isStopRequested, progress: series.progress)
    let dataset = dataset
    guard let fitted = try fit.run(dataset, round: rounds << 32, calibrates: isLast)
    else { return false }
    fittedCount = dataset.count
    series.judge = fitted.model
    try series.note(.fit(fitted.event))
    try series.consider(fitted)
    return true
  }

  /// Refits beside the running loop, on everything before the episode and the episode so far.
  private func insideRefit() -> RefitOptions? {
    let refit = series.robot.model.refit
    guard series.robot.learning.replansEveryTick, refit.every > 0 else { return nil }
    let before = series.dataset
    let (judge, index) = (series.judge, series.nextEpisode)
    let round = rounds << 32
    let cancellation = TrainingCancellation()
    return RefitOptions(
      every: refit.every, adoptAfter: refit.adoptAfter,
      fit: { [fitter] episode, tick in
        var dataset = before
        dataset.append(
          episode, episode: index, isBase: false, surprise: Dataset.surprise(by: judge))
        // Without a new model the loop goes on with the one it has.
        let model = try? fitter.fit(
          dataset, round: round &+ UInt64(tick), place: .insideEpisode,
          cancellation: cancellation)
        return model.map { ModelBlock($0) }
      }, cancel: { cancellation.cancel() })
  }
}
