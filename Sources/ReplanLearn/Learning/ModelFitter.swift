import Glibc
public import ReplanLoop
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
    let measured = robot.learnsCost ? transitions.withCosts : transitions
    // With no cost at all the trainer says so.
    let usable = measured.count > 0 ? measured : transitions
    return try Trainer.fit(
      transitions: usable, structure: robot.structure(), shape: robot.ensembleShape(),
      channels: robot.observation.map(\.name) + robot.action.map(\.name),
      settings: settings(round: round, place: place), dataHash: usable.dataHash,
      cancellation: cancellation
    ) { progress($0.step, $0.steps) }
  }

  private func settings(round: UInt64, place: Place) -> TrainingSettings {
    let training = robot.model.training
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var settings = TrainingSettings()
    settings.batch = training.batch
    settings.learningRate = Float(training.learningRate)
    settings.weightDecay = Float(training.weightDecay)
    settings.posterior = robot.model.posterior == .bootstrap ? .bootstrap : .shared
    // Philox mixes its key well, so neighbouring rounds are unrelated.
    settings.seed = seed &+ round &* 0x9E37_79B9_7F4A_7C15
    switch place {
    case .betweenEpisodes:
      settings.steps = training.steps
      settings.threads = cores
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
