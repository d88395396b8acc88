import ReplanCore
public import ReplanRecord

extension IdentifiedModel {
  /// An ensemble that was fitted or read.
  ///
  /// - Parameter metadata: goes into the file's header beside what the model says itself.
  public init(_ model: EnsembleModel, metadata: [String: String] = [:]) {
    let structure = model.structure
    let widths = (0..<model.shape.hiddenLayerCount).map { "\(model.shape.hidden[$0])" }
    let memory = structure.memoryTicks
    self.init(
      kind: "ensemble", channels: Array(model.channels.prefix(structure.measuredCount)),
      structure: structure, spread: model.training.spread,
      summary: "\(model.shape.memberCount) members of \(widths.joined(separator: "-")) units"
        + (memory > 0 ? ", \(memory) ticks of memory" : "")
        + ", on \(model.training.transitions) transitions",
      makePredictor: { CorePredictor(model) },
      store: { path throws(RecordError) in
        try ModelFile.write(model, metadata: metadata, to: path)
      })
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
      trajectories.remembering(structure), makePredictor: makePredictor)
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
