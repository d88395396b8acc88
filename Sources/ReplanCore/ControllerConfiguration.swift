/// What an actuator may be told, channel by channel.
public struct ActionLimits: Sendable {
  public var low: ActionVector
  public var high: ActionVector
  /// Largest change from one tick to the next; infinite if there is no limit.
  public var slewPerTick: ActionVector
  /// The action of a disarmed plant, inside the limits.
  public var safe: ActionVector

  public init(low: ActionVector, high: ActionVector, slewPerTick: ActionVector, safe: ActionVector)
  {
    self.low = low
    self.high = high
    self.slewPerTick = slewPerTick
    self.safe = safe
  }
}

/// When the action that is planned from observation k leaves the controller.
public enum OutputTiming: UInt8, Sendable, BitwiseCopyable {
  /// At the edge of sample k + 1: planning time adds no jitter, one tick of latency.
  case nextTick
  /// As soon as it is planned.
  case immediate
}

/// What is sent when no plan may be executed.
public enum Fallback: UInt8, Sendable, BitwiseCopyable {
  /// The plant's safe action, approached within the slew limit.
  case safe
  /// The last action.
  case hold
  /// The linear-quadratic regulator around the target where the state is known; otherwise the safe
  /// action.
  case lqr
  /// The linear feedback of `GuardConfiguration.feedback` where the state is known; otherwise the safe
  /// action.
  case feedback
}

/// What the guard accepts before and after planning.
public struct GuardConfiguration: Sendable {
  /// An observation outside is implausible. Infinite if unknown.
  public var observationLow: StateVector
  public var observationHigh: StateVector
  /// Hard limits of the state; leaving them means fallback. Infinite if there are none.
  public var envelopeLow: StateVector
  public var envelopeHigh: StateVector
  /// Ticks without a fresh observation that prediction bridges before the fallback. 0 to 15.
  public var staleTicks: Int
  /// Ticks that the last plan is followed, shifted, when no new one is ready. 0 to 15.
  public var shiftedTicks: Int
  public var fallback: Fallback
  /// Gains of the fallback `feedback`.
  public var feedback = FeedbackConfiguration()
  /// Largest plausible change of an observation from one tick to the next; infinite if unknown.
  public var stepPerTick = StateVector(repeating: .infinity)
  /// How far ahead plans are held against the envelope, in ticks; 0 for not at all.
  public var envelopeTicks = 0
  /// Plans are judged at the worst end of the central region that holds this share of the particles'
  /// outcomes. Above 0, below 1.
  public var envelopeShare: Float = 0.95
  /// Ticks from now that a plan has to lie within what the model knows, where the controller was
  /// given a bound of disagreement. 1 to 15.
  public var knownTicks = 3

  public init(
    observationLow: StateVector, observationHigh: StateVector, envelopeLow: StateVector,
    envelopeHigh: StateVector, staleTicks: Int = 2, shiftedTicks: Int = 3,
    fallback: Fallback = .safe
  ) {
    self.observationLow = observationLow
    self.observationHigh = observationHigh
    self.envelopeLow = envelopeLow
    self.envelopeHigh = envelopeHigh
    self.staleTicks = staleTicks
    self.shiftedTicks = shiftedTicks
    self.fallback = fallback
  }

  /// True if any channel of the envelope can be left.
  var hasEnvelope: Bool {
    for i in 0..<Capacity.states where envelopeLow[i] > -.infinity || envelopeHigh[i] < .infinity {
      return true
    }
    return false
  }
}

/// Everything that a controller's arena is sized from; immutable while it is armed.
public struct ControllerConfiguration: Sendable {
  public var structure: PlantStructure
  public var model: ModelConfiguration
  public var limits: ActionLimits
  public var objective: Objective
  public var planner: PlannerConfiguration
  public var value: Value
  /// How the sampling planners carry uncertainty through their rollouts.
  public var propagation: Propagation
  public var guarding: GuardConfiguration
  public var timing: OutputTiming
  /// Ticks of latency in the plant, beyond the tick of `nextTick` output. 0 to 15.
  public var plantLatency: Int
  public var seed: UInt64
  /// How observations become the state.
  public var estimator = EstimatorConfiguration()
  /// Ticks that a plan is executed for before another is made: 1 replans at every tick. At most the
  /// planner's horizon.
  public var executedTicks = 1
  /// What drives the plant in the mode `settle`; without entries that is the safe action.
  public var settling = FeedbackConfiguration()
  /// Parts that the sampling planners divide their rollouts into, the tick's own thread's included;
  /// they run side by side once the controller employs a crew. Plans do not depend on it. 1 to 16.
  public var workers: Int

  public init(
    structure: PlantStructure, model: ModelConfiguration, limits: ActionLimits,
    objective: Objective, planner: PlannerConfiguration, value: Value, guarding: GuardConfiguration,
    timing: OutputTiming, plantLatency: Int, seed: UInt64, propagation: Propagation = Propagation(),
    workers: Int = 1
  ) {
    self.structure = structure
    self.model = model
    self.limits = limits
    self.objective = objective
    self.planner = planner
    self.value = value
    self.guarding = guarding
    self.timing = timing
    self.plantLatency = plantLatency
    self.seed = seed
    self.propagation = propagation
    self.workers = workers
  }

  /// Traps where the objective weighs a cost that the model does not predict.
  func checkLearnedCost() {
    precondition(
      objective.learnedCost >= 0 && objective.learnedCost < .infinity,
      "the weight of the learned cost is 0 or more")
    precondition(
      objective.learnedCost == 0 || model.predictsCost,
      "a learned cost needs an ensemble that predicts it (EnsembleShape.predictsCost)")
  }

  /// A controller that plans with an ensemble.
  public init(
    structure: PlantStructure, shape: EnsembleShape, limits: ActionLimits, objective: Objective,
    planner: PlannerConfiguration, value: Value, guarding: GuardConfiguration,
    timing: OutputTiming, plantLatency: Int, seed: UInt64, propagation: Propagation = Propagation(),
    workers: Int = 1
  ) {
    self.init(
      structure: structure, model: .ensemble(shape), limits: limits, objective: objective,
      planner: planner, value: value, guarding: guarding, timing: timing,
      plantLatency: plantLatency, seed: seed, propagation: propagation, workers: workers)
  }
}
