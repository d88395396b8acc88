public import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Reads recordings, fits a model to them and judges models, telling each finding as an event.
public struct IdentificationRun: Sendable {
  public var robot: RobotDescription
  public var map: ColumnMap
  public var table: SeriesSettings
  public var validation = ValidationSettings()
  /// Observation channels may be missing in tables: for methods that estimate what was not measured.
  public var admitsUnmeasured = false
  /// What stands in the header of a model's file beside what the model says itself.
  public var texts: [String: String] = [:]
  public var emit: @Sendable (IdentificationEvent) -> Void
  public var progress: @Sendable (IdentificationProgress) -> Void

  public init(
    robot: RobotDescription, map: ColumnMap, table: SeriesSettings,
    emit: @escaping @Sendable (IdentificationEvent) -> Void,
    progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) {
    self.robot = robot
    self.map = map
    self.table = table
    self.emit = emit
    self.progress = progress
  }

  /// Reads files and leaves out their spikes.
  ///
  /// - Parameter role: what they are for, `data` or `validate`.
  public func read(_ paths: [String], role: String) throws(RecordError) -> IdentificationData {
    var recordings: [Recording] = []
    for path in try RecordingFiles.expand(paths) {
      progress(IdentificationProgress("reading \(path)"))
      recordings.append(
        try Recording.read(
          path, for: robot, map: map, settings: table, admitsUnmeasured: admitsUnmeasured))
    }
    recordings = withoutSpikes(recordings)
    for recording in recordings {
      emit(
        .data(
          IdentificationEvent.DataRead(
            role: role, file: recording.path, transitions: recording.transitions,
            runs: recording.trajectories.count, spikes: recording.spikes.count,
            table: recording.report)))
    }
    let set = TransitionSet(
      stateCount: robot.observation.count, actionCount: robot.action.count,
      recordings.flatMap(\.trajectories))
    return IdentificationData(robot: robot, recordings: recordings, hash: set.dataHash)
  }

  /// What is usual is judged over all files together.
  private func withoutSpikes(_ recordings: [Recording]) -> [Recording] {
    let filter = SpikeFilter(isAngle: robot.observation.map { $0.kind == .angle })
    let limits = filter.limits(recordings.flatMap(\.trajectories))
    return recordings.map { recording in
      var result = recording
      (result.trajectories, result.spikes) = filter.apply(
        recording.trajectories, limits: limits)
      return result
    }
  }

  /// Fits a model and stores it.
  ///
  /// - Parameter path: the model's file; nil to leave it.
  public func identify(
    _ data: IdentificationData, by method: some IdentificationMethod, to path: String?
  ) throws -> IdentifiedModel {
    let start = MonotonicClock.nanoseconds
    let model = try method.fit(data, progress: progress)
    let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
    let hash = try path.map { try model.store($0, texts) }
    emit(
      .identified(
        IdentificationEvent.Identified(
          kind: model.kind, summary: model.summary,
          transitions: data.trajectories.reduce(0) { $0 + $1.count }, seconds: seconds, file: path,
          hash: hash)))
    return model
  }

  /// Judges a model on recordings.
  ///
  /// - Parameter name: how the events name the model.
  @discardableResult
  public func validate(
    _ model: IdentifiedModel, named name: String, on data: IdentificationData
  ) throws(LearnError) -> Validation {
    progress(IdentificationProgress("validating \(name)"))
    let found = try model.validate(data.trajectories, settings: validation)
    for figures in found.figures {
      emit(
        .validation(
          IdentificationEvent.Figures(
            model: name, kind: model.kind, channel: found.channels[figures.channel],
            unit: robot.observation[figures.channel].unit, horizon: figures.horizon,
            count: figures.count, rmse: figures.rmse, nrmseFit: figures.nrmseFit,
            coverage90: figures.coverage90, spread: figures.spread,
            epistemic: figures.epistemic, aleatoric: figures.aleatoric)))
    }
    for correlation in found.residuals.autocorrelations + found.residuals.crossCorrelations {
      emit(
        .residuals(
          IdentificationEvent.Residuals(
            model: name, channel: found.channels[correlation.channel],
            action: correlation.action.map { robot.action[$0].name },
            firstLag: correlation.firstLag, values: correlation.values, bound: correlation.bound,
            outside: correlation.outside)))
    }
    return found
  }

  /// Judges several models on the same steps of the same recordings, and ranks them: by the mean fit
  /// over channels at the longest number of steps, the best first.
  public func compare(
    _ models: [(name: String, model: IdentifiedModel)], on data: IdentificationData
  ) throws(LearnError) {
    var fair = self
    // A model without memory must not be judged on samples that the others do not predict.
    fair.validation.warmup = models.map(\.model.structure.memoryTicks).max() ?? 0
    let steps = validation.horizons.max() ?? 1
    var scores: [(name: String, kind: String, score: Double)] = []
    for (name, model) in models {
      let found = try fair.validate(model, named: name, on: data)
      let fits = found.channels.indices.map {
        found.figures(channel: $0, horizon: .steps(steps))?.nrmseFit ?? -.infinity
      }
      scores.append((name, model.kind, fits.reduce(0, +) / Double(fits.count)))
    }
    // Stable, so that equal models stay in the order given.
    let order = scores.indices.sorted {
      (scores[$1].score, $0) < (scores[$0].score, $1)
    }
    for (place, index) in order.enumerated() {
      emit(
        .ranking(
          IdentificationEvent.Rank(
            rank: place + 1, model: scores[index].name, kind: scores[index].kind,
            score: scores[index].score, steps: steps)))
    }
  }
}
