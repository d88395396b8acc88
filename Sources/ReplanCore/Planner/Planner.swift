/// What a planner did in one tick.
public struct PlanOutcome: Sendable, BitwiseCopyable {
  /// Cost of the plan over the horizon, as the planner values it; infinite if none is finite.
  public var cost: Float
  /// Units of work that ran: sampling the start is one, each iteration is one.
  public var iterations: Int

  @inlinable public init(cost: Float, iterations: Int) {
    self.cost = cost
    self.iterations = iterations
  }

  /// True if there is a fresh plan that may be executed.
  @inlinable public var isUsable: Bool { iterations > 0 && cost < .infinity }
}

/// What every planner is given each tick.
struct PlanningProblem {
  var model: Model
  let objective: CostTable
  let limits: LimitTable
  /// State at which the plan starts [S].
  let state: UnsafePointer<Float>
  /// Action in force before the plan starts [A].
  let previous: UnsafePointer<Float>
  let key: RandomKey
  /// Who shares the rollouts of a sampling planner.
  var crew = Crew()
}

/// The planners behind one seam: a closed enum, because the tick admits no existential.
///
/// Each keeps its plan from tick to tick, shifted by the tick that has passed.
enum Planner {
  case ilqr(ILQR)
  case crossEntropy(CrossEntropy)
  case pathIntegral(PathIntegral)
  case randomShooting(RandomShooting)
  case polished(Polished)
  case lqr(LQR)

  init(_ configuration: ControllerConfiguration, arena: inout Arena) {
    configuration.checkLearnedCost()
    switch configuration.planner {
    case .ilqr(let settings):
      self = .ilqr(ILQR(settings, configuration, arena: &arena))
    case .crossEntropy(let settings):
      self = .crossEntropy(CrossEntropy(settings, configuration, arena: &arena))
    case .pathIntegral(let settings):
      self = .pathIntegral(PathIntegral(settings, configuration, arena: &arena))
    case .randomShooting(let settings):
      self = .randomShooting(RandomShooting(settings, configuration, arena: &arena))
    case .polished(let sampling, let finish):
      self = .polished(Polished(sampling, finish, configuration, arena: &arena))
    case .lqr(let settings):
      self = .lqr(LQR(settings, configuration, arena: &arena))
    }
  }

  /// Fills tables; not on the tick.
  func prepare(_ configuration: ControllerConfiguration) {
    switch self {
    case .ilqr(let planner): planner.prepare()
    case .crossEntropy(let planner): planner.prepare(configuration)
    case .pathIntegral(let planner): planner.prepare(configuration)
    case .randomShooting(let planner): planner.prepare(configuration)
    case .polished(let planner): planner.prepare(configuration)
    case .lqr(let planner): planner.prepare(configuration.structure)
    }
  }

  /// Takes note of another model; only the regulator computes something from it beforehand.
  @inline(always)
  func adopt(_ model: Model, _ objective: CostTable, _ limits: LimitTable) {
    if case .lqr(let planner) = self { planner.adopt(model, objective, limits) }
  }

  /// Forgets the last plan: every action becomes `action`.
  func reset(_ action: ActionVector) {
    plan.fill(action)
    switch self {
    case .randomShooting, .lqr: break
    case .polished(let planner): planner.sampling.forget()
    case .ilqr(let planner): planner.forget()
    case .crossEntropy(let planner): planner.forget()
    case .pathIntegral(let planner): planner.forget()
    }
  }

  var plan: Plan {
    switch self {
    case .ilqr(let planner): planner.plan
    case .crossEntropy(let planner): planner.plan
    case .pathIntegral(let planner): planner.plan
    case .randomShooting(let planner): planner.plan
    case .polished(let planner): planner.sampling.plan
    case .lqr(let planner): planner.plan
    }
  }

  /// Moves on by the tick that has passed: the plan, and whatever else is kept.
  @inline(always)
  func shift() {
    switch self {
    case .ilqr(let planner): planner.shift()
    case .crossEntropy(let planner): planner.shift()
    case .pathIntegral(let planner): planner.shift()
    case .randomShooting(let planner): planner.plan.shift()
    case .polished(let planner): planner.sampling.shift()
    case .lqr(let planner): planner.plan.shift()
    }
  }

  /// Improves the (already shifted) plan until its work is done or `mayContinue` says no.
  ///
  /// - Parameter mayContinue: asked before each unit of work, with the unit's number.
  @inline(always)
  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    switch self {
    case .ilqr(let planner): planner.improve(problem, mayContinue: mayContinue)
    case .crossEntropy(let planner): planner.improve(problem, mayContinue: mayContinue)
    case .pathIntegral(let planner): planner.improve(problem, mayContinue: mayContinue)
    case .randomShooting(let planner): planner.improve(problem, mayContinue: mayContinue)
    case .polished(let planner): planner.improve(problem, mayContinue: mayContinue)
    case .lqr(let planner): planner.improve(problem, mayContinue: mayContinue)
    }
  }
}
