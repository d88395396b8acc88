public import ReplanCore
import ReplanNumerics
public import ReplanRecord
import Synchronization

/// Ends a fit from another thread; it returns within `TrainingSettings.checkInterval` steps.
public final class TrainingCancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public func cancel() { flag.store(true, ordering: .relaxed) }

  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}

/// How far one member has come.
public struct TrainingProgress: Sendable {
  public let member: Int
  public let step: Int
  public let steps: Int
  /// Loss on the held-out transitions where they have just been judged, else of the last batch.
  public let loss: Double
}

/// Fits an ensemble to transitions.
///
/// The loss is minimised by AdamW on mini-batches, each member on its own; with declared mirror
/// symmetry a sample is mirrored with probability ½. The result depends on data and settings only:
/// not on the number of threads, their timing or the instruction set.
///
///     let model = try Trainer.fit(
///       transitions: set, structure: structure, shape: shape, channels: names,
///       settings: TrainingSettings(), dataHash: hash)
///
/// Left out on purpose: continuing from an earlier model. Every fit begins with fresh weights, so
/// that a model depends on its data and not on the order in which they arrived.
public enum Trainer {
  /// With fewer transitions a scale cannot be told from noise.
  public static let fewestTransitions = 8
  /// Least noise variance of a normalised output: residuals on few transitions may vanish.
  public static let leastNoise: Float = 1e-6

  /// Fits a new model; blocks until it is ready.
  ///
  /// - Parameters:
  ///   - channels: names of the state channels, then of the action channels.
  ///   - weights: how much each transition counts, above 0 and at most 1; nil if all count alike.
  ///   - dataHash: SHA-256 of the transitions, passed on into the summary.
  ///   - progress: called on worker threads, every `checkInterval` steps of each member.
  ///   - prepareWorker: runs first on each worker thread, for instance to choose its processor.
  /// - Throws: what is wrong with settings, data or shape; `diverged`; `cancelled`.
  public static func fit(
    transitions: TransitionSet, structure: PlantStructure, shape: EnsembleShape,
    channels: [String], settings: TrainingSettings, dataHash: String, weights: [Float]? = nil,
    cancellation: TrainingCancellation = TrainingCancellation(),
    progress: @escaping @Sendable (TrainingProgress) -> Void = { _ in },
    prepareWorker: @escaping @Sendable () -> Void = {}
  ) throws(LearnError) -> EnsembleModel {
    try settings.validate()
    try validate(structure, shape, channels, transitions)
    let data = PreparedData(
      transitions, structure: structure, predictsCost: shape.predictsCost)
    let split = Split(count: transitions.count, settings: settings, weights: weights)
    let sampling = PosteriorSampling(data: data, split: split, shape: shape, settings: settings)
    let jobs = PosteriorSampling.fits(shape, settings)
    let results = Mutex(
      [Result<[MemberTrainer.Fit], LearnError>?](repeating: nil, count: jobs))
    try Workers.run(
      jobs: jobs, threads: settings.threads, niceness: settings.niceness, prepare: prepareWorker
    ) { index in
      let result = fit(index, sampling, cancellation, progress)
      results.withLock { $0[index] = result }
    }
    var fits: [MemberTrainer.Fit] = []
    for result in results.withLock({ $0 }) { fits += try result!.get() }
    let rmse = Accuracy.rmse(transitions, structure, data, fits)
    let summary = TrainingSummary(
      transitions: transitions.count, steps: fits.map(\.steps).max() ?? 0, seed: settings.seed,
      posterior: settings.posterior.rawValue,
      likelihood: shape.noise == .predicted ? "gaussian" : "squares", rmse: rmse,
      dataHash: dataHash,
      costRMSE: shape.predictsCost ? Accuracy.costRMSE(transitions, data, fits) : nil)
    var model = assemble(fits, data, structure, shape, channels, summary)
    if settings.calibrates {
      model.training.disagreement = Calibration.disagreement(model, transitions, fits)
    }
    return model
  }

  /// The members that come of one fit; all tell the fit's own errors, on what it has not seen.
  private static func fit(
    _ index: Int, _ sampling: PosteriorSampling, _ cancellation: TrainingCancellation,
    _ progress: (TrainingProgress) -> Void
  ) -> Result<[MemberTrainer.Fit], LearnError> {
    let settings = sampling.settings
    var trainer = MemberTrainer(
      member: index, data: sampling.data, split: sampling.split, shape: sampling.shape,
      settings: settings)
    do throws(LearnError) {
      let fit = try trainer.run { step, loss in
        progress(TrainingProgress(member: index, step: step, steps: settings.steps, loss: loss))
        return !cancellation.isCancelled
      }
      let members = try sampling.members(
        of: index, from: fit.layers, noise: fit.residualVariance, steps: settings.steps
      ) { cancellation.isCancelled }
      return .success(
        members.map { weights in
          var member = fit
          member.layers = weights
          return member
        })
    } catch {
      return .failure(error)
    }
  }

  /// Members side by side, as the model file has them.
  private static func assemble(
    _ fits: [MemberTrainer.Fit], _ data: PreparedData, _ structure: PlantStructure,
    _ shape: EnsembleShape, _ channels: [String], _ summary: TrainingSummary
  ) -> EnsembleModel {
    let layers = (0..<shape.layerCount).map { l in
      EnsembleModel.Layer(
        weight: fits.flatMap { $0.layers[l].weight }, bias: fits.flatMap { $0.layers[l].bias })
    }
    let noise = fits.flatMap { $0.residualVariance.map { max($0, leastNoise) } }
    return EnsembleModel(
      structure: structure, shape: shape, channels: channels, layers: layers,
      inputMean: data.inputMean, inputScale: data.inputScale, outputMean: data.outputMean,
      outputScale: data.outputScale, noiseVariance: noise, training: summary)
  }
}
