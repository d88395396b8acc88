import ReplanCore
import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Identifies an ensemble from recordings: by its error over several ticks, with as much memory as
/// held-out trajectories ask for.
///
/// Each memory is tried by a small and short fit; the one that is chosen is fitted in full.
public struct EnsembleIdentification: IdentificationMethod {
  public let kind = "ensemble"
  /// Ticks of memory to choose from; nil for those of `usualMemories` that the core can hold.
  public var memories: [Int]?
  public var settings: SequenceSettings
  /// Told of each memory that was tried.
  public var tried: @Sendable (IdentificationEvent.MemoryTried) -> Void = { _ in }
  /// Told of each fit in full.
  public var trained: @Sendable (IdentificationEvent.Training) -> Void = { _ in }

  static let usualMemories = [0, 1, 2, 4]
  /// A longer memory has to explain so much more of what a shorter one leaves over: it makes each
  /// tick of the loop dearer.
  static let worth = 0.05
  /// Fewer transitions are too few to give a part away: once chosen, the model is fitted to all.
  static let fewTransitions = 4000

  public init(memories: [Int]?, settings: SequenceSettings) {
    self.memories = memories
    self.settings = settings
  }

  public func fit(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> IdentifiedModel {
    IdentifiedModel(try fitEnsemble(data, progress: progress))
  }

  func fitEnsemble(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> EnsembleModel {
    var robots: [MemoryRobot] = []
    if let memories {
      robots = memories.map { MemoryRobot(data.robot, memory: $0) }
      for robot in robots { try robot.checkSize() }
    } else {
      robots = Self.usualMemories.map { MemoryRobot(data.robot, memory: $0) }.filter(\.fits)
    }
    let split = HoldOut(
      data.trajectories, fraction: Double(settings.training.holdOutFraction),
      seed: settings.training.seed)
    let robot = robots.count > 1 ? try choose(robots, split, data, progress) : robots[0]
    let model = try train(robot, split.fitting, split.heldOut, data, "", judges: true, progress)
    guard model.training.transitions < Self.fewTransitions, !split.heldOut.isEmpty else {
      return model
    }
    // Noise and spread stay those of held-out trajectories.
    var whole = try train(
      robot, data.trajectories, [], data, "all data: ", judges: false, progress)
    whole.noiseVariance = model.noiseVariance
    whole.training.spread = model.training.spread
    whole.training.disagreement = model.training.disagreement
    whole.training.rmse = model.training.rmse
    return whole
  }

  /// A fit in full, timed.
  private func train(
    _ robot: MemoryRobot, _ fitting: [Trajectory], _ heldOut: [Trajectory],
    _ data: IdentificationData, _ prefix: String, judges: Bool,
    _ progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> EnsembleModel {
    let start = MonotonicClock.nanoseconds
    let model = try fit(
      robot, fitting, heldOut, settings, data, prefix, judges: judges, progress)
    trained(
      IdentificationEvent.Training(
        history: robot.memory, members: robot.members, steps: model.training.steps,
        holdsOut: !heldOut.isEmpty, seconds: Double(MonotonicClock.nanoseconds - start) / 1e9))
    return model
  }

  /// The memory that explains held-out trajectories best by small fits.
  private func choose(
    _ robots: [MemoryRobot], _ split: HoldOut, _ data: IdentificationData,
    _ progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> MemoryRobot {
    var scout = settings
    scout.training.steps = min(settings.training.steps, max(300, settings.training.steps / 5))
    scout.training.calibrates = false
    let longest = robots.map(\.memory).max() ?? 0
    var best: (robot: MemoryRobot, loss: Double)?
    for var robot in robots.sorted(by: { $0.memory < $1.memory }) {
      robot.members = min(2, robot.members)
      let model = try fit(
        robot, split.fitting, split.heldOut, scout, data, "history \(robot.memory): ",
        judges: false, progress)
      let found = try judged(model, split.heldOut, warmup: longest)
      tried(found)
      if best == nil || found.loss < (1 - Self.worth) * best!.loss { best = (robot, found.loss) }
    }
    return MemoryRobot(data.robot, memory: best!.robot.memory)
  }

  /// - Parameter judges: whether noise, errors and spread are wanted.
  private func fit(
    _ robot: MemoryRobot, _ fitting: [Trajectory], _ heldOut: [Trajectory],
    _ settings: SequenceSettings, _ data: IdentificationData, _ prefix: String, judges: Bool,
    _ progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> EnsembleModel {
    let judged = heldOut.remembering(robot.structure)
    let model = try SequenceTrainer.unjudged(
      fitting.remembering(robot.structure), heldOut: judged, structure: robot.structure,
      shape: robot.shape, channels: robot.channels, settings: settings, dataHash: data.hash
    ) { step in
      progress(
        IdentificationProgress(
          "\(prefix)member \(step.member + 1), step \(step.step) of \(step.steps), held-out loss "
            + "\(Float(step.loss))"))
    }
    guard judges else { return model }
    return try SequenceTrainer.judged(
      model, fitting.remembering(robot.structure), heldOut: judged, settings)
  }

  /// How well a model explains held-out trajectories: the sum over channels of the squared share of
  /// the scatter that it leaves, so that no channel outweighs another by its unit.
  ///
  /// - Parameter warmup: that of the longest memory, so that all are judged on the same samples.
  private func judged(
    _ model: EnsembleModel, _ heldOut: [Trajectory], warmup: Int
  ) throws(LearnError) -> IdentificationEvent.MemoryTried {
    var validation = ValidationSettings()
    validation.horizons = [settings.judgedTicks]
    validation.warmup = warmup
    validation.threads = settings.training.threads
    let found = try IdentifiedModel(model).validate(heldOut, settings: validation)
    let figures = found.channels.indices.compactMap {
      found.figures(channel: $0, horizon: .steps(settings.judgedTicks))
    }
    return IdentificationEvent.MemoryTried(
      history: model.structure.memoryTicks,
      loss: figures.reduce(0) { $0 + (1 - $1.nrmseFit) * (1 - $1.nrmseFit) },
      rmse: figures.map(\.rmse), steps: settings.judgedTicks)
  }
}
