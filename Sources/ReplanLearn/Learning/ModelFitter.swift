import ReplanCore
public import ReplanLoop
import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Fits a robot's ensemble as its file says.
public struct ModelFitter: Sendable {
  /// Whether a fit has the cores to itself or runs beside the control loop.
  public enum Place: Sendable {
    case betweenEpisodes
    /// Fewer steps, and workers that give way to the loop.
    case insideEpisode
  }

  public let robot: RobotDescription
  public let seed: UInt64
  /// Instead of the robot file's.
  public var posterior: Posterior?
  /// Steps of a fit between episodes, instead of the robot file's.
  public var steps: Int?
  /// Members, instead of the robot file's.
  public var members: Int?
  /// Whether a model says what disagreement is usual.
  var calibratesDisagreement = true

  public init(robot: RobotDescription, seed: UInt64) {
    self.robot = robot
    self.seed = seed
  }

  /// Where the cost is learned, transitions without one are left out, unless none has one.
  ///
  /// - Parameters:
  ///   - round: tells the fits of a run apart; the same seed, round and data give the same model.
  ///   - progress: step and number of steps, from a worker thread.
  public func fit(
    _ transitions: TransitionSet, round: UInt64, place: Place,
    cancellation: TrainingCancellation = TrainingCancellation(),
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(LearnError) -> EnsembleModel {
    try fit(
      Dataset(transitions), round: round, place: place, cancellation: cancellation,
      progress: progress)
  }

  /// The same for transitions whose episodes are known; the model says which they were.
  public func fit(
    _ dataset: Dataset, round: UInt64, place: Place,
    cancellation: TrainingCancellation = TrainingCancellation(),
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(LearnError) -> EnsembleModel {
    let measured = robot.learnsCost ? dataset.withCosts : dataset
    // With no cost at all the trainer says so.
    let usable = measured.count > 0 ? measured : dataset
    var shape = robot.ensembleShape()
    if let members { shape.memberCount = members }
    var model = try Trainer.fit(
      transitions: usable.transitions, structure: robot.structure(), shape: shape,
      channels: robot.observation.map(\.name) + robot.action.map(\.name),
      settings: settings(round: round, place: place), dataHash: usable.transitions.dataHash,
      weights: usable.weights, cancellation: cancellation
    ) { progress($0.step, $0.steps) }
    model.training.halfLife = usable.policy?.recency
    // A model that lives for some ticks is not stored, and nobody asks for its data.
    if place == .betweenEpisodes { model.training.data = usable.shares }
    return model
  }

  func settings(round: UInt64, place: Place) -> TrainingSettings {
    let training = robot.model.training
    let cores = max(1, Processors.allowed.count)
    var settings = TrainingSettings()
    settings.batch = training.batch
    settings.learningRate = Float(training.learningRate)
    settings.weightDecay = Float(training.weightDecay)
    settings.posterior = posterior ?? Posterior(robot.model.posterior)
    // Philox mixes its key well, so neighbouring rounds are unrelated.
    settings.seed = seed &+ round &* 0x9E37_79B9_7F4A_7C15
    switch place {
    case .betweenEpisodes:
      settings.steps = steps ?? training.steps
      settings.threads = cores
      settings.calibrates = calibratesDisagreement
    case .insideEpisode:
      settings.steps = robot.model.refit.steps
      settings.threads = max(1, cores - 1)
      settings.niceness = 10
      // Inside an episode nobody asks what is usual.
      settings.calibrates = false
    }
    return settings
  }
}
