import ReplanCore
public import ReplanLoop
public import ReplanRealtime
public import ReplanRecord
import ReplanRobot

/// A fit between two episodes: trains, stores the model, and tells how it went.
public struct ModelFit: Sendable {
  public struct Fitted: Sendable {
    public var block: ModelBlock
    public var event: LearnEvent.Fit
    /// Number of the model in its workspace.
    public var index: Int
    /// What models are judged on.
    public var judged: JudgedEpisodes
    /// How it predicts these; nil where there are none.
    public var errors: ModelProvenance.Errors?
    /// The model file.
    public var path: String
    public var model: EnsembleModel
  }

  let fitter: ModelFitter
  let workspace: Workspace
  /// Written into the model's file.
  let build: String
  let isStopRequested: @Sendable () -> Bool
  let progress: @Sendable (LearnProgress) -> Void

  public init(
    fitter: ModelFitter, workspace: Workspace, build: String = "",
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 },
    progress: @escaping @Sendable (LearnProgress) -> Void
  ) {
    self.fitter = fitter
    self.workspace = workspace
    self.build = build
    self.isStopRequested = isStopRequested
    self.progress = progress
  }

  /// - Parameters:
  ///   - round: tells the fits of a run apart.
  ///   - calibrates: whether the spread is calibrated, which takes several times as long as the fit.
  /// - Returns: nil if a request to stop came meanwhile.
  public func run(
    _ dataset: Dataset, round: UInt64, calibrates: Bool = true
  ) throws(LearningError) -> Fitted? {
    let start = MonotonicClock.nanoseconds
    let cancellation = TrainingCancellation()
    let count = dataset.count
    let episodes = dataset.episodes
    var model: EnsembleModel
    let trained: Int64
    do throws(LearnError) {
      model = try fitter.fit(
        dataset, round: round, place: .betweenEpisodes, cancellation: cancellation
      ) { [progress, isStopRequested] step, steps in
        if isStopRequested() { cancellation.cancel() }
        progress(.fitting(transitions: count, step: step, of: steps))
      }
      trained = MonotonicClock.nanoseconds
      if calibrates {
        model.training.spread = try fitter.spread(
          dataset, round: round, cancellation: cancellation
        ) { [isStopRequested] in if isStopRequested() { cancellation.cancel() } }
      }
    } catch {
      if case .cancelled = error { return nil }
      throw .learn(error)
    }
    let stored: (item: Workspace.Item, hash: String)
    let judged = try judgedEpisodes()
    let errors = try judge(model, on: judged)
    var metadata = ModelProvenance(
      .ensemble(model), robot: fitter.robot, transitions: dataset.transitions, episodes: episodes,
      heldOut: try heldOut(), errors: errors, build: build
    ).metadata
    if !episodes.isEmpty {
      metadata[ModelOverview.episodesKey] = ModelOverview.text(ofEpisodes: episodes)
    }
    do throws(RecordError) {
      stored = try workspace.store(.ensemble(model), metadata: metadata)
    } catch {
      throw .record(error)
    }
    let path = stored.item.path
    return Fitted(
      block: ModelBlock(model, hash: stored.hash),
      event: LearnEvent.Fit(
        members: model.shape.memberCount, transitions: model.training.transitions,
        seen: dataset.seen > model.training.transitions ? dataset.seen : nil,
        posterior: model.training.posterior,
        seconds: Double(MonotonicClock.nanoseconds - start) / 1e9,
        trainingSeconds: Double(trained - start) / 1e9, rmse: model.training.rmse,
        file: path.hasPrefix(workspace.path + "/")
          ? String(path.dropFirst(workspace.path.count + 1)) : path,
        hash: stored.hash), index: stored.item.index, judged: judged, errors: errors, path: path,
      model: model)
  }

  private func judgedEpisodes() throws(LearningError) -> JudgedEpisodes {
    do throws(RecordError) {
      return try JudgedEpisodes(of: workspace, robot: fitter.robot)
    } catch {
      throw .record(error)
    }
  }

  private func judge(
    _ model: EnsembleModel, on judged: JudgedEpisodes
  ) throws(LearningError) -> ModelProvenance.Errors? {
    do throws(LearnError) {
      return try ModelJudge(robot: fitter.robot).errors(of: .ensemble(model), on: judged)
    } catch {
      throw .learn(error)
    }
  }

  private func heldOut() throws(LearningError) -> [Int] {
    do throws(RecordError) {
      return try workspace.episodes().map(\.index)
        .filter { fitter.robot.promotion.holdsOut(episode: $0) }
    } catch {
      throw .record(error)
    }
  }
}
