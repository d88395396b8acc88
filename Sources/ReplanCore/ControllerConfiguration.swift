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

/// iLQR on the mean of the model, started from the best of a few sampled candidates.
public struct ILQRConfiguration: Sendable, BitwiseCopyable {
  /// Ticks of the plan. 2 to 500.
  public var horizon: Int
  /// Gauss-Newton iterations a tick. 1 to 100.
  public var iterations: Int
  /// Sampled candidates that compete for the start, the shifted plan among them. 1 to 1024.
  public var candidates: Int
  /// Standard deviation of the candidates' noise, as a fraction of half the action's range.
  public var noise: Float
  /// Exponent of the noise's spectrum, 1/f^beta: 0 white, 1 pink, 2 red.
  public var noiseExponent: Float
  /// Added to the curvature in the (scaled) actions.
  public var regularisation: Float

  public init(
    horizon: Int = 50, iterations: Int = 2, candidates: Int = 32, noise: Float = 0.6,
    noiseExponent: Float = 1, regularisation: Float = 0.01
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.noise = noise
    self.noiseExponent = noiseExponent
    self.regularisation = regularisation
  }
}

/// The cross-entropy method over particles that each follow one member.
public struct CrossEntropyConfiguration: Sendable, BitwiseCopyable {
  /// Ticks of the plan. 2 to 500.
  public var horizon: Int
  /// Refinements of the sampling distribution a tick. 1 to 100.
  public var iterations: Int
  /// Candidates an iteration. 2 to 4096.
  public var candidates: Int
  /// Candidates that the next distribution is fitted to. 1 to `candidates`.
  public var elites: Int
  /// Initial standard deviation, as a fraction of half the action's range.
  public var noise: Float
  /// Exponent of the noise's spectrum, 1/f^beta.
  public var noiseExponent: Float
  /// Weight of the old distribution in the new one. 0 to < 1.
  public var momentum: Float

  public init(
    horizon: Int = 30, iterations: Int = 3, candidates: Int = 128, elites: Int = 12,
    noise: Float = 0.5, noiseExponent: Float = 1, momentum: Float = 0.1
  ) {
    self.horizon = horizon
    self.iterations = iterations
    self.candidates = candidates
    self.elites = elites
    self.noise = noise
    self.noiseExponent = noiseExponent
    self.momentum = momentum
  }
}

/// The planner of a controller and its settings.
public enum PlannerConfiguration: Sendable, BitwiseCopyable {
  case ilqr(ILQRConfiguration)
  case crossEntropy(CrossEntropyConfiguration)

  public var horizon: Int {
    switch self {
    case .ilqr(let settings): settings.horizon
    case .crossEntropy(let settings): settings.horizon
    }
  }
}

/// How the uncertain outcome of a candidate is valued.
public enum Value: Sendable, BitwiseCopyable, Equatable {
  /// The mean cost over particles.
  case expected
}

/// What is sent when no plan may be executed.
public enum Fallback: UInt8, Sendable, BitwiseCopyable {
  /// The plant's safe action, approached within the slew limit.
  case safe
  /// The last action.
  case hold
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
}

/// Everything that a controller's arena is sized from; immutable while it is armed.
public struct ControllerConfiguration: Sendable {
  public var structure: PlantStructure
  public var model: ModelConfiguration
  public var limits: ActionLimits
  public var objective: Objective
  public var planner: PlannerConfiguration
  public var value: Value
  public var guarding: GuardConfiguration
  public var timing: OutputTiming
  /// Ticks of latency in the plant, beyond the tick of `nextTick` output. 0 to 15.
  public var plantLatency: Int
  public var seed: UInt64

  public init(
    structure: PlantStructure, model: ModelConfiguration, limits: ActionLimits,
    objective: Objective, planner: PlannerConfiguration, value: Value, guarding: GuardConfiguration,
    timing: OutputTiming, plantLatency: Int, seed: UInt64
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
  }
}
