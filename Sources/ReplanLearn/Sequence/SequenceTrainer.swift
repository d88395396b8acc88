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
    let model = try unjudged(
      trajectories, heldOut: heldOut, structure: structure, shape: shape, channels: channels,
      settings: settings, dataHash: dataHash, cancellation: cancellation, progress: progress)
    return try judged(model, trajectories, heldOut: heldOut, settings)
  }

  /// With noise, one-step errors and disagreement, and the spread if trajectories are held out.
  static func judged(
    _ model: EnsembleModel, _ trajectories: [Trajectory], heldOut: [Trajectory],
    _ settings: SequenceSettings
  ) throws(LearnError) -> EnsembleModel {
    var result = model
    try SequenceJudgement(
      model: model, judging: heldOut.isEmpty ? trajectories : heldOut, settings: settings
    ).complete(&result, isHeldOut: !heldOut.isEmpty)
    return result
  }

  /// The same without noise, one-step errors, disagreement and spread, which take longer than the fit of
  /// a small network.
  static func unjudged(
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
    let training = settings.training
    let jobs = PosteriorSampling.fits(shape, training)
    let results = Mutex([Result<[Fit], LearnError>?](repeating: nil, count: jobs))
    try Workers.run(
      jobs: jobs, threads: training.threads, niceness: training.niceness, prepare: {}
    ) { member in
      let result = fit(
        member, data, judging, structure, shape, settings, cancellation, progress)
      results.withLock { $0[member] = result }
    }
    var fits: [Fit] = []
    for result in results.withLock({ $0 }) { fits += try result!.get() }
    var model = assemble(fits, data, structure, shape, channels)
    model.training = TrainingSummary(
      transitions: set.count, steps: fits.map(\.steps).max() ?? 0, seed: training.seed,
      posterior: training.posterior.rawValue,
      likelihood: shape.noise == .predicted ? "gaussian" : "squares",
      rmse: [Float](repeating: 0, count: structure.measuredCount), dataHash: dataHash)
    return model
  }

  struct Fit: Sendable {
    var layers: [(weight: [Float], bias: [Float])]
    var steps: Int
  }

  /// The members that come of one fit: itself, or samples of the posterior of single ticks around it.
  private static func fit(
    _ member: Int, _ data: SequenceData, _ judging: SequenceData, _ structure: PlantStructure,
    _ shape: EnsembleShape, _ settings: SequenceSettings, _ cancellation: TrainingCancellation,
    _ progress: (TrainingProgress) -> Void
  ) -> Result<[Fit], LearnError> {
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
      let layers = network.layers.indices.map { network.export(layer: $0) }
      let members = try sample(
        member, from: layers, data, judging, shape, settings.training, cancellation)
      return .success(members.map { Fit(layers: $0, steps: steps) })
    } catch {
      return .failure(error)
    }
  }

  /// Where nothing is held out, the noise is that of the data fitted to.
  private static func sample(
    _ index: Int, from layers: [(weight: [Float], bias: [Float])], _ data: SequenceData,
    _ judging: SequenceData, _ shape: EnsembleShape, _ settings: TrainingSettings,
    _ cancellation: TrainingCancellation
  ) throws(LearnError) -> [[(weight: [Float], bias: [Float])]] {
    guard settings.posterior == .bayesian || settings.posterior == .lastLayer else {
      return [layers]
    }
    // Whole trajectories are held out already.
    var whole = settings
    whole.holdOutFrom = .max
    let sampling = PosteriorSampling(
      data: data.transitions, split: Split(count: data.transitions.count, settings: whole),
      shape: shape, settings: settings)
    let judged =
      judging.transitions.count > 0
      ? judging.renormalised(as: data.transitions) : data.transitions
    let noise = NetworkPass(layers, shape: shape).residualVariances(
      (0..<Int32(judged.count)).map { $0 }, of: judged)
    return try sampling.members(
      of: index, from: layers, noise: noise, steps: settings.steps
    ) { cancellation.isCancelled }
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
