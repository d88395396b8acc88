public import ReplanCore
public import ReplanRecord
import Synchronization

/// Fits an ensemble to trajectories by its error over several ticks.
///
/// Each member is unrolled over windows of `SequenceSettings.unroll` ticks and the gradient carried
/// back through all of them, so that what it predicts from its own predictions stays right. The
/// weights that predict held-out trajectories best over `judgedTicks` are kept, and the spread of the
/// ensemble is calibrated on them. Like `Trainer.fit` it depends on data and settings only.
///
/// Left out on purpose: a predicted cost, which is one tick's; `Trainer` learns it.
public enum SequenceTrainer {
  /// Fits a new model; blocks until it is ready.
  ///
  /// - Parameters:
  ///   - heldOut: trajectories that judge and calibrate; may be empty.
  ///   - channels: names of the state channels, then of the action channels.
  ///   - progress: called on worker threads, every `checkInterval` steps of each member.
  /// - Throws: what is wrong with settings, data or shape; `diverged`; `cancelled`.
  public static func fit(
    _ trajectories: [Trajectory], heldOut: [Trajectory], structure: PlantStructure,
    shape: EnsembleShape, channels: [String], settings: SequenceSettings, dataHash: String,
    cancellation: TrainingCancellation = TrainingCancellation(),
    progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in }
  ) throws(LearnError) -> EnsembleModel {
    try settings.validate()
    guard !shape.predictsCost else {
      throw .mismatch("a learned_cost is fitted to single ticks: use replan refit for it")
    }
    let states = structure.stateCount
    let set = TransitionSet(stateCount: states, actionCount: structure.actionCount, trajectories)
    try Trainer.validate(structure, shape, channels, set)
    let data = SequenceData(trajectories, structure: structure)
    let judging = SequenceData(heldOut, structure: structure)
    let results = Mutex([Result<Fit, LearnError>?](repeating: nil, count: shape.memberCount))
    let training = settings.training
    try Workers.run(
      jobs: shape.memberCount, threads: training.threads, niceness: training.niceness, prepare: {}
    ) { member in
      let result = fit(
        member, data, judging, structure, shape, settings, cancellation, progress)
      results.withLock { $0[member] = result }
    }
    var fits: [Fit] = []
    for result in results.withLock({ $0 }) { fits.append(try result!.get()) }
    var model = assemble(fits, data, structure, shape, channels)
    model.training = TrainingSummary(
      transitions: set.count, steps: fits.map(\.steps).max() ?? 0, seed: training.seed,
      posterior: training.posterior.rawValue,
      likelihood: shape.noise == .predicted ? "gaussian" : "squares",
      rmse: [Float](repeating: 0, count: structure.measuredCount), dataHash: dataHash)
    try SequenceJudgement(
      model: model, judging: heldOut.isEmpty ? trajectories : heldOut, settings: settings
    ).complete(&model, isHeldOut: !heldOut.isEmpty)
    return model
  }

  struct Fit: Sendable {
    var layers: [(weight: [Float], bias: [Float])]
    var steps: Int
  }

  private static func fit(
    _ member: Int, _ data: SequenceData, _ judging: SequenceData, _ structure: PlantStructure,
    _ shape: EnsembleShape, _ settings: SequenceSettings, _ cancellation: TrainingCancellation,
    _ progress: (TrainingProgress) -> Void
  ) -> Result<Fit, LearnError> {
    var trainer = SequenceMember(
      member: member, data: data, heldOut: judging, structure: structure, shape: shape,
      settings: settings)
    do throws(LearnError) {
      let steps = try trainer.run { step, loss in
        progress(
          TrainingProgress(
            member: member, step: step, steps: settings.training.steps, loss: loss))
        return !cancellation.isCancelled
      }
      let network = trainer.network
      return .success(
        Fit(layers: network.layers.indices.map { network.export(layer: $0) }, steps: steps))
    } catch {
      return .failure(error)
    }
  }

  /// Members side by side, as the model file has them; noise and summary are still to be found.
  private static func assemble(
    _ fits: [Fit], _ data: SequenceData, _ structure: PlantStructure, _ shape: EnsembleShape,
    _ channels: [String]
  ) -> EnsembleModel {
    let layers = (0..<shape.layerCount).map { l in
      EnsembleModel.Layer(
        weight: fits.flatMap { $0.layers[l].weight }, bias: fits.flatMap { $0.layers[l].bias })
    }
    let prepared = data.transitions
    return EnsembleModel(
      structure: structure, shape: shape, channels: channels, layers: layers,
      inputMean: prepared.inputMean, inputScale: prepared.inputScale,
      outputMean: prepared.outputMean, outputScale: prepared.outputScale,
      noiseVariance: [Float](
        repeating: Trainer.leastNoise, count: shape.memberCount * shape.meanCount),
      training: TrainingSummary(
        transitions: 0, steps: 0, seed: 0, posterior: "", likelihood: "", rmse: [], dataHash: ""))
  }
}
