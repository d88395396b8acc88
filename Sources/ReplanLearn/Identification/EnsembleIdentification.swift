import Glibc
import ReplanCore
public import ReplanRecord
public import ReplanRobot

/// Identifies an ensemble from recordings: by its error over several ticks, with as much memory as
/// held-out trajectories ask for.
public struct EnsembleIdentification: IdentificationMethod {
  public let kind = "ensemble"
  /// Ticks of memory to choose from.
  public var memories: [Int]
  public var settings: SequenceSettings
  /// How the memory was chosen, row by row.
  public var chosen: @Sendable (MemoryChoice) -> Void = { _ in }

  /// One memory that was tried.
  public struct MemoryChoice: Sendable, Equatable {
    public var memory: Int
    /// Sum over channels of the squared share of the scatter that is not explained.
    public var loss: Double
    /// Root mean squared error of each measured channel over the judged ticks, held out.
    public var rmse: [Double]
    public var steps: Int

    public var event: IdentificationEvent.MemoryTried {
      IdentificationEvent.MemoryTried(history: memory, loss: loss, rmse: rmse, steps: steps)
    }
  }

  public init(memories: [Int], settings: SequenceSettings) {
    self.memories = memories
    self.settings = settings
  }

  /// Fewer transitions are too few to give a part away: once chosen, the model is fitted to all.
  static let fewTransitions = 4000

  public func fit(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> IdentifiedModel {
    IdentifiedModel(try fitEnsemble(data, progress: progress))
  }

  func fitEnsemble(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> EnsembleModel {
    let all = data.trajectories
    let split = HoldOut(
      all, fraction: Double(settings.training.holdOutFraction), seed: settings.training.seed)
    var best: (model: EnsembleModel, loss: Double)?
    let most = memories.max() ?? 0
    for memory in memories {
      let robot = MemoryRobot(data.robot, memory: memory)
      try robot.checkSize()
      let tried = memories.count > 1 ? "memory \(memory): " : ""
      let model = try fit(robot, split.fitting, split.heldOut, data.hash, tried, progress)
      guard memories.count > 1 else {
        return try completed(model, robot, all, split, data, progress)
      }
      let choice = try judged(model, split.heldOut, warmup: most)
      chosen(choice)
      if best == nil || choice.loss < best!.loss { best = (model, choice.loss) }
    }
    guard let best else { throw .mismatch("no memory to choose from") }
    let robot = MemoryRobot(data.robot, memory: best.model.structure.memoryTicks)
    return try completed(best.model, robot, all, split, data, progress)
  }

  private func fit(
    _ robot: MemoryRobot, _ fitting: [Trajectory], _ heldOut: [Trajectory], _ hash: String,
    _ prefix: String, _ progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> EnsembleModel {
    try SequenceTrainer.fit(
      fitting.remembering(robot.structure), heldOut: heldOut.remembering(robot.structure),
      structure: robot.structure, shape: robot.shape, channels: robot.channels,
      settings: settings, dataHash: hash
    ) { step in
      progress(
        IdentificationProgress(
          "\(prefix)member \(step.member + 1), step \(step.step) of \(step.steps), held-out loss "
            + "\(Float(step.loss))"))
    }
  }

  /// A model of few data is fitted once more to all of them; noise and spread stay those of held-out
  /// trajectories.
  private func completed(
    _ model: EnsembleModel, _ robot: MemoryRobot, _ all: [Trajectory], _ split: HoldOut,
    _ data: IdentificationData, _ progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws(LearnError) -> EnsembleModel {
    guard model.training.transitions < Self.fewTransitions, !split.heldOut.isEmpty else {
      return model
    }
    var whole = try fit(robot, all, [], data.hash, "all data: ", progress)
    whole.noiseVariance = model.noiseVariance
    whole.training.spread = model.training.spread
    whole.training.disagreement = model.training.disagreement
    whole.training.rmse = model.training.rmse
    return whole
  }

  private func judged(
    _ model: EnsembleModel, _ heldOut: [Trajectory], warmup: Int
  ) throws(LearnError) -> MemoryChoice {
    var validation = ValidationSettings()
    validation.horizons = [settings.judgedTicks]
    validation.warmup = warmup
    validation.threads = settings.training.threads
    let found = try IdentifiedModel(model).validate(heldOut, settings: validation)
    let rmse = found.channels.indices.map {
      found.figures(channel: $0, horizon: .steps(settings.judgedTicks))?.rmse ?? .infinity
    }
    // Each channel against its own scatter, so that none outweighs another by its unit.
    let loss = found.channels.indices.reduce(0.0) { sum, c in
      let fit = found.figures(channel: c, horizon: .steps(settings.judgedTicks))?.nrmseFit ?? 0
      return sum + (1 - fit) * (1 - fit)
    }
    return MemoryChoice(
      memory: model.structure.memoryTicks, loss: loss, rmse: rmse,
      steps: settings.judgedTicks)
  }
}

/// A robot's ensemble with a memory.
struct MemoryRobot {
  let robot: RobotDescription
  let memory: Int
  let structure: PlantStructure
  /// Names of the state channels, then of the action channels.
  let channels: [String]

  init(_ robot: RobotDescription, memory: Int) {
    self.robot = robot
    self.memory = memory
    let plain = robot.structure()
    let fits = plain.stateCount + plain.memoryCount(memory) <= Capacity.states
    structure = memory > 0 && fits ? plain.remembering(memory) : plain
    var names = robot.observation.map(\.name)
    let remembered =
      robot.observation.indices.filter { !plain.states[$0].isInvariant }.map {
        robot.observation[$0].name
      } + robot.action.map(\.name)
    for tick in 0..<(fits ? memory : 0) { names += remembered.map { "\($0)_\(tick + 1)_ago" } }
    channels = names + robot.action.map(\.name)
  }

  func checkSize() throws(LearnError) {
    let plain = robot.structure()
    let wanted = plain.stateCount + plain.memoryCount(memory)
    guard wanted <= Capacity.states else {
      let group = plain.memoryCount(1)
      throw .mismatch(
        "a memory of \(memory) ticks makes \(wanted) state channels, \(Capacity.states) are "
          + "possible: at most \((Capacity.states - plain.stateCount) / group) ticks for robot "
          + "\(robot.name)")
    }
  }

  /// The robot file's network on this structure.
  var shape: EnsembleShape {
    var shape = robot.ensembleShape()
    shape.inputCount = structure.inputCount
    shape.outputCount = structure.outputCount
    shape.predictsCost = false
    return shape
  }
}
