import ReplanCore
public import ReplanRecord

extension IdentifiedModel {
  /// A model of any kind that was fitted or read.
  ///
  /// - Parameter metadata: goes into the file's header beside what the model says itself.
  public init(_ model: FittedModel, metadata: [String: String] = [:]) {
    let structure = model.structure
    self.init(
      kind: model.kind.rawValue, channels: Array(model.channels.prefix(structure.measuredCount)),
      structure: structure, spread: model.spread, summary: model.words,
      makePredictor: { CorePredictor(model) },
      store: { path, texts throws(RecordError) in
        try ModelFile.write(model, metadata: metadata.merging(texts) { $1 }, to: path)
      })
  }

  public init(_ model: EnsembleModel, metadata: [String: String] = [:]) {
    self.init(.ensemble(model), metadata: metadata)
  }

  /// Judges the model on trajectories of measured channels.
  ///
  /// - Parameter warmup: samples that are not predicted from; at least the model's memory.
  public func validate(
    _ trajectories: [Trajectory], settings: ValidationSettings
  ) throws(LearnError) -> Validation {
    let isAngle = (0..<structure.stateCount).map { structure.states[$0].isAngle }
    var openLoop = OpenLoop(isAngle: isAngle)
    openLoop.seed = settings.seed
    openLoop.threads = settings.threads
    openLoop.calibration = spread
    var validator = Validator(channels: channels, openLoop: openLoop)
    validator.horizons = settings.horizons
    // What the memory takes is left out by itself.
    validator.warmup = max(0, settings.warmup - structure.memoryTicks)
    return try validator.validate(
      complete(trajectories).remembering(structure), makePredictor: makePredictor)
  }
}

extension FittedModel {
  /// How the spread is to be widened; nil if the model does not say.
  fileprivate var spread: SpreadCalibration? {
    switch self {
    case .ensemble(let model): model.training.spread
    case .linear(let fit): fit.summary.spread
    case .physics(let fit): fit.summary.spread
    case .hybrid(let fit): fit.physics.summary.spread
    }
  }

  /// What it is and what it was fitted on.
  fileprivate var words: String {
    switch self {
    case .ensemble(let model): return model.words
    case .linear(let fit):
      let method = fit.summary.method.isEmpty ? "" : fit.summary.method + ", "
      return "\(method)\(structure.stateCount) states, on \(transitions) transitions"
    case .physics(let fit): return fit.words
    case .hybrid(let fit): return fit.physics.words + ", and " + fit.residual.words
    }
  }
}

extension PhysicsFit {
  fileprivate var words: String {
    let fitted = parameters.count { $0.origin == .fitted }
    return "\(equation.name), \(fitted) of \(parameters.count) parameters fitted, on "
      + "\(summary.transitions) transitions"
      + (summary.assumption.isEmpty ? "" : " (\(summary.assumption))")
  }
}

extension EnsembleModel {
  fileprivate var words: String {
    let widths = (0..<shape.hiddenLayerCount).map { "\(shape.hidden[$0])" }
    let memory = structure.memoryTicks
    return "\(shape.memberCount) members of \(widths.joined(separator: "-")) units"
      + (memory > 0 ? ", \(memory) ticks of memory" : "")
      + ", on \(training.transitions) transitions"
  }
}

/// How models are judged; the same for all that are compared.
public struct ValidationSettings: Sendable, Equatable {
  /// Numbers of steps, ascending.
  public var horizons = [1, 5, 10, 25]
  /// Samples at the beginning of each trajectory that are not predicted from.
  public var warmup = 0
  public var seed: UInt64 = 1
  public var threads = 1

  public init() {}
}
