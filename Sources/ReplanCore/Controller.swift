import ReplanNumerics

/// One robot's controller: a tick takes an observation and decides an action.
///
/// It is set up once from a configuration over memory that the caller owns, and works in that
/// memory only. Between ticks it keeps the plan, the actions that are already committed, and the
/// state estimate.
///
/// ```swift
/// var controller = Controller(configuration, arena: &arena)
/// controller.adopt(parameters)
/// controller.begin(episode: 1, mode: .plan)
/// let decision = controller.tick(observation, tick: k) { _ in now() < deadline }
/// ```
public struct Controller: ~Copyable {
  /// Where actions come from.
  public enum Mode: Sendable {
    case explore(BasePolicy)
    case plan
    /// `ControllerConfiguration.settling` brings the plant to rest, from wherever it is.
    case settle
  }

  /// What ticks read of the configuration; a copy of all of it here would be copied at each use.
  let settings: TickSettings
  /// Floats in the model's parameter block, for `adopt`.
  public let parameterCount: Int
  /// Of the model, if it is an ensemble.
  private let shape: EnsembleShape?
  var model: Model
  let planner: Planner
  var crew = Crew()
  /// Only where it is the fallback.
  let regulator: LQR?
  let feedback: FeedbackLaw
  let settling: FeedbackLaw
  let review: PlanReview
  let objective: CostTable
  let limits: LimitTable
  var supervisor: Guard
  /// The largest disagreement at which a prediction counts as known; infinite: all do.
  var gate = Float.infinity
  var basePolicy = BasePolicyState()
  var mode = Mode.plan
  var episode = 0
  /// Actions decided but not yet in force, oldest first; the last one is sent at this tick.
  var committed: InlineArray<16, ActionVector>
  let committedCount: Int
  /// The action in force over the last tick.
  var departed: ActionVector
  /// The action decided last.
  var lastAction: ActionVector
  /// State channels that are observed; those of memory stand behind them.
  let measuredCount: Int
  /// What each of those repeats.
  let sources: UnsafeMutablePointer<Int>
  /// Velocities that no observation holds.
  var differentiator: Differentiator
  /// Only where it is the estimator.
  var filter: KalmanFilter?
  /// The newest sample, completed by differences, where the filter does not take it as it is [S].
  let sampled: UnsafeMutablePointer<Float>
  /// True for channels that no observation holds [S].
  let isEstimated: UnsafeMutablePointer<Bool>
  /// False until the episode's first observation.
  var hasEstimate = false
  /// True from a fresh plan on, until something else than it is executed.
  var isExecutingPlan = false
  /// Ticks up to this one since the last before it that had an observation, and one more if that came
  /// late.
  var ticksSinceSample = 0
  // State at this tick, state at which the plan starts, the action before the plan; a predicted
  // state and the action to judge; the same as lanes for models that know nothing else.
  let estimate: UnsafeMutablePointer<Float>
  let start: UnsafeMutablePointer<Float>
  let previous: UnsafeMutablePointer<Float>
  let next: UnsafeMutablePointer<Float>
  /// The state along a plan.
  let along: UnsafeMutablePointer<Float>
  let chosen: UnsafeMutablePointer<Float>
  let stateLanes: UnsafeMutablePointer<Lanes>
  let nextLanes: UnsafeMutablePointer<Lanes>
  let actionLanes: UnsafeMutablePointer<Lanes>

  /// Bytes of the arena that `configuration` needs.
  public static func byteCount(_ configuration: ControllerConfiguration) -> Int {
    var arena = Arena.measuring()
    _ = Controller(configuration, measuring: &arena)
    return arena.used
  }

  /// A controller over the memory of `arena`, ready for `adopt` and `begin`.
  ///
  /// - Precondition: the arena holds `byteCount(configuration)` bytes.
  public init(_ configuration: ControllerConfiguration, arena: inout Arena) {
    self.init(configuration, measuring: &arena)
    model.prepare(configuration.model, structure: configuration.structure)
    planner.prepare(configuration)
    regulator?.prepare(configuration.structure)
    objective.prepare(configuration.objective)
    limits.prepare(configuration.limits)
    supervisor.prepare(configuration)
    differentiator.prepare(configuration)
    for i in 0..<configuration.structure.stateCount {
      isEstimated[i] = configuration.estimator.isEstimated[i]
    }
    filter?.prepare(configuration)
    feedback.prepare(configuration.guarding.feedback)
    settling.prepare(configuration.settling)
    review.prepare(configuration.limits)
    review.begin()
    for i in measuredCount..<configuration.structure.stateCount {
      sources[i - measuredCount] = configuration.structure.states[i].repeats
    }
    adoptModel()
  }

  private init(_ configuration: ControllerConfiguration, measuring arena: inout Arena) {
    settings = TickSettings(configuration)
    let structure = configuration.structure
    parameterCount = configuration.model.parameterCount(structure)
    if case .ensemble(let shape) = configuration.model {
      self.shape = shape
    } else {
      shape = nil
    }
    model = Model(configuration.model, structure: structure, arena: &arena)
    planner = Planner(configuration, arena: &arena)
    regulator =
      configuration.guarding.fallback == .lqr
      ? LQR(LQRConfiguration(horizon: 2), configuration, arena: &arena) : nil
    objective = CostTable(configuration.objective, arena: &arena)
    limits = LimitTable(actionCount: structure.actionCount, arena: &arena)
    supervisor = Guard(configuration, limits, arena: &arena)
    feedback = FeedbackLaw(configuration.guarding.feedback, arena: &arena)
    settling = FeedbackLaw(configuration.settling, arena: &arena)
    review = PlanReview(configuration, arena: &arena)
    committedCount = configuration.plantLatency + (configuration.timing == .nextTick ? 1 : 0)
    precondition(
      configuration.executedTicks >= 1
        && configuration.executedTicks <= configuration.planner.horizon,
      "a plan is executed for 1 tick to its horizon")
    precondition(committedCount <= Capacity.latencyTicks, "at most 16 ticks of latency")
    committed = InlineArray(repeating: configuration.limits.safe)
    departed = configuration.limits.safe
    lastAction = configuration.limits.safe
    measuredCount = structure.measuredCount
    sources = arena.take(Int.self, count: max(structure.stateCount - measuredCount, 1))
    differentiator = Differentiator(configuration, arena: &arena)
    filter =
      configuration.estimator.usesModel ? KalmanFilter(configuration, arena: &arena) : nil
    sampled = arena.floats(structure.stateCount)
    isEstimated = arena.take(Bool.self, count: structure.stateCount)
    estimate = arena.floats(structure.stateCount)
    start = arena.floats(structure.stateCount)
    previous = arena.floats(structure.actionCount)
    next = arena.floats(structure.stateCount)
    along = arena.floats(structure.stateCount)
    chosen = arena.floats(structure.actionCount)
    stateLanes = arena.lanes(structure.stateCount)
    nextLanes = arena.lanes(structure.stateCount)
    actionLanes = arena.lanes(structure.actionCount)
  }

  /// Where an ensemble's parameters lie in the block.
  ///
  /// - Precondition: the model is an ensemble.
  public var parameterLayout: ParameterLayout {
    guard let shape else {
      preconditionFailure("other models have layouts of their own")
    }
    return ParameterLayout(shape)
  }

  /// Uses another model from the next tick on.
  ///
  /// - Timing: immediate; where the linear-quadratic regulator plans or is the fallback, its
  ///   recursion of O(states³) steps runs here.
  /// - Precondition: the block is packed by the model's layout and outlives its use.
  @_noAllocation @_noLocks
  public mutating func adopt(_ parameters: UnsafePointer<Float>) {
    model.adopt(parameters)
    adoptModel()
  }

  private func adoptModel() {
    planner.adopt(model, objective, limits)
    regulator?.adopt(model, objective, limits)
  }

  /// The largest disagreement of a model's members, as `Decision.disagreement` states it, at which a
  /// prediction counts as known. A plan that exceeds it within `GuardConfiguration.knownTicks` is not
  /// executed. Infinite, the default, where the model is to be learned yet.
  public mutating func bound(disagreement: Float) { gate = disagreement }

  /// False if the configured fallback needs a model and there is none that it can use.
  public var isFallbackReady: Bool { regulator?.isReady ?? true }

  /// Has the rollouts of the sampling planners carried out by others too, from the next tick on.
  ///
  /// Decisions stay the same, bit for bit.
  public mutating func employ(_ crew: Crew) { self.crew = crew }

  /// Starts an episode: no plan, the safe action committed.
  public mutating func begin(episode: Int, mode: Mode) {
    self.episode = episode
    self.mode = mode
    supervisor.begin()
    review.begin()
    basePolicy = BasePolicyState()
    committed = InlineArray(repeating: settings.safe)
    departed = settings.safe
    lastAction = settings.safe
    ticksSinceSample = 0
    for i in 0..<settings.stateCount { estimate[i] = 0 }
    hasEstimate = false
    isExecutingPlan = false
    differentiator.begin()
    filter?.begin()
    planner.reset(settings.safe)
  }

  /// Says that another action than the last decided one is sent. Not for the tick.
  public mutating func replaceAction(_ action: ActionVector) {
    lastAction = action
    if committedCount > 0 { committed[committedCount - 1] = action } else { departed = action }
  }

  /// One control period: check, estimate, look ahead, plan, guard, decide.
  ///
  /// - Parameters:
  ///   - observation: the newest one; stale if its tick is an earlier one.
  ///   - tick: number of this tick in the episode, from 0, rising by 1.
  ///   - mayContinue: asked before each unit of planning work, with the unit's number.
  /// - Timing: bounded by the configuration; no allocation, lock or C call.
  @_noAllocation @_noLocks
  public mutating func tick(
    _ observation: Observation, tick: Int, mayContinue: (Int) -> Bool
  ) -> Decision {
    passOver(observation, tick: tick)
    let refusal = supervisor.check(observation, tick: tick)
    let isBridged = supervisor.mayBridge(refusal, observation)
    updateEstimate(observation, isAccepted: refusal == nil)
    var decision = Decision(
      action: lastAction, verdict: .planned, iterations: 0, planCost: .nan, disagreement: .nan)
    planner.shift()
    supervisor.age()
    if let refusal, !isBridged || !canPredict {
      decision.verdict = refusal
    } else if case .settle = mode {
      // Outside the envelope too: where else would the way back begin.
      decision.verdict = .settled
      decision.action = settling.action(estimate, safe: settings.safe, supervisor.table)
    } else if !supervisor.isInsideEnvelope(estimate) {
      decision.verdict = .outsideEnvelope
    } else if case .explore(let policy) = mode {
      decision.verdict = .explored
      decision.action = basePolicy.action(
        policy, key: key(tick), limits, safe: settings.safe, tick: settings.duration)
    } else if !model.isReady {
      decision.verdict = .noModel
    } else {
      lookAhead()
      if mayFollow {
        follow(tick, &decision)
      } else {
        plan(tick, isBridged: refusal != nil, &decision, mayContinue: mayContinue)
      }
    }
    if decision.verdict.isFallback {
      isExecutingPlan = false
      decision.action = fallback(decision.verdict, tick)
    }
    decision.action = supervisor.limit(decision.action, after: lastAction)
    commit(decision.action)
    for i in 0..<settings.stateCount { decision.estimate[i] = estimate[i] }
    return decision
  }
}
