import ReplanNumerics

/// The iterative linear-quadratic regulator, through the mean of an ensemble or all its members.
///
/// A few candidates around the shifted plan compete for the start (`ILQR+Start`); each iteration
/// linearises along the plan (sixteen ticks side by side), solves the control-limited quadratic
/// problem backwards (`ILQR+Backward`), and tries sixteen step sizes side by side (`ILQR+Search`).
/// Actions are scaled by half their range inside, so that regularisation means the same for every
/// actuator.
///
/// - Source: Tassa, Mansard and Todorov 2014, doi 10.1109/ICRA.2014.6907001; the real-time mode
///   after Diehl et al. 2005, doi 10.1137/S0363012902400713. Deviations: Gauss-Newton curvature
///   only, the best of all step sizes instead of the first that suffices.
struct ILQR {
  let settings: ILQRConfiguration
  let plan: Plan
  let horizon: Int
  let stateCount: Int
  let actionCount: Int
  /// Members with states of their own; 1 for mean dynamics.
  let members: Int
  /// State of the quadratic problem: with an action-rate term the last action is part of it.
  let n: Int
  let rollout: Rollout
  let sampler: Sampler
  let deviation: UnsafeMutablePointer<Float>
  /// Costs of a block: mean over members, and of one of them.
  let costs: UnsafeMutablePointer<Lanes>
  let memberCosts: UnsafeMutablePointer<Lanes>
  /// States of the members in a rollout [M × (horizon + 1) × S × vectors].
  let states: UnsafeMutablePointer<Lanes>
  /// States along the plan [M × (horizon + 1) × S].
  let nominal: UnsafeMutablePointer<Float>
  /// Jacobians [M] × [ceil(horizon / 16)] × [S × (S + A)] × 16 ticks.
  let jacobians: UnsafeMutablePointer<Lanes>
  /// Rows of the predicted cost, where the objective weighs it: [M] × [ceil(horizon / 16)] ×
  /// [S + A + 2] × 16 ticks.
  let costRows: UnsafeMutablePointer<Lanes>?
  /// Points of sixteen ticks side by side: states [S], then actions [A].
  let points: UnsafeMutablePointer<Lanes>
  /// Scaled feedforward [horizon × A] and feedback [horizon × A × n].
  let feedforward: UnsafeMutablePointer<Float>
  let feedback: UnsafeMutablePointer<Float>
  let step: QuadraticStep
  private let memory: UnsafeMutablePointer<Memory>

  /// What the real-time mode keeps from tick to tick.
  private struct Memory: BitwiseCopyable {
    var schedule: RegularisationSchedule
    /// Ticks since `nominal` belonged to the plan; -1 if it does not.
    var age: Int
  }

  init(
    _ settings: ILQRConfiguration, _ configuration: ControllerConfiguration, arena: inout Arena
  ) {
    self.settings = settings
    let structure = configuration.structure
    horizon = settings.horizon
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    members = settings.dynamics == .members ? configuration.model.memberCount : 1
    n = stateCount + (configuration.objective.hasActionRate ? actionCount : 0)
    plan = Plan(horizon: horizon, actionCount: actionCount, arena: &arena)
    rollout = Rollout(horizon: horizon, structure: structure, arena: &arena)
    sampler = Sampler(
      horizon: horizon, actionCount: actionCount, knots: Knots(), exponent: settings.noiseExponent,
      arena: &arena)
    deviation = arena.floats(horizon * actionCount)
    costs = arena.lanes(Ensemble.blockVectors)
    memberCosts = arena.lanes(Ensemble.blockVectors)
    states =
      members == 1
      ? rollout.states
      : arena.lanes(members * (horizon + 1) * stateCount * Ensemble.blockVectors)
    nominal = arena.floats(members * (horizon + 1) * stateCount)
    jacobians = arena.lanes(
      members * Lanes.vectors(for: horizon) * stateCount * (stateCount + actionCount))
    costRows =
      configuration.objective.learnedCost > 0
      ? arena.lanes(members * Lanes.vectors(for: horizon) * CostRow.count(structure)) : nil
    points = arena.lanes(stateCount + actionCount)
    feedforward = arena.floats(horizon * actionCount)
    feedback = arena.floats(horizon * actionCount * n)
    step = QuadraticStep(n: n, actionCount: actionCount, members: members, arena: &arena)
    memory = arena.take(Memory.self, count: 1)
  }

  func prepare() {
    sampler.prepare()
    forget()
  }

  private var freshSchedule: RegularisationSchedule {
    RegularisationSchedule(regularisation: settings.regularisation)
  }

  /// Forgets what was kept from earlier ticks.
  func forget() { memory.pointee = Memory(schedule: freshSchedule, age: -1) }

  /// Moves on by one tick.
  func shift() {
    plan.shift()
    guard settings.isRealTime, memory.pointee.age >= 0 else { return }
    memory.pointee.age += 1
    for m in 0..<members {
      let states = nominal + m * (horizon + 1) * stateCount
      for k in 0..<(horizon * stateCount) { states[k] = states[k + stateCount] }
    }
  }

  @inline(always)
  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    if settings.isRealTime { return improveOnce(problem, mayContinue: mayContinue) }
    return improve(problem, candidates: settings.candidates, mayContinue: mayContinue)
  }

  /// Iterates from the best of `candidates`, the plan itself among them.
  func improve(
    _ problem: borrowing PlanningProblem, candidates: Int, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    guard mayContinue(0) else { return PlanOutcome(cost: .infinity, iterations: 0) }
    var cost = start(problem, candidates: candidates)
    var iterations = 1
    var schedule = freshSchedule
    var isNew = true
    while cost < .infinity && iterations <= settings.iterations && mayContinue(iterations)
      && schedule.amount < RegularisationSchedule.most
    {
      if isNew { linearize(problem.model) }
      isNew = false
      iterations += 1
      guard let expected = solveBackward(problem, schedule.amount) else {
        schedule.raise()
        continue
      }
      // Less than the rounding of a summed cost is expected: the plan is stationary.
      guard expected.decrease(1) > 1e-6 * abs(cost) else { break }
      let improved = search(problem)
      guard improved.cost < cost else {
        schedule.raise()
        continue
      }
      let decrease = cost - improved.cost
      adapt(&schedule, decrease: decrease, expected: expected.decrease(improved.size))
      take(lane: improved.lane)
      cost = improved.cost
      isNew = true
    }
    return PlanOutcome(cost: cost, iterations: iterations)
  }

  /// The real-time iteration: one step from the shifted states and actions of the last tick, with
  /// the present state entering by feedback.
  private func improveOnce(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    guard mayContinue(0) else { return PlanOutcome(cost: .infinity, iterations: 0) }
    if memory.pointee.age != 1 {
      guard start(problem, candidates: 1) < .infinity else { return fail() }
    }
    linearize(problem.model)
    guard let expected = solveBackward(problem, memory.pointee.schedule.amount) else {
      // The next tick tries with more of it.
      memory.pointee.schedule.raise()
      memory.pointee.age = -1
      return PlanOutcome(cost: .infinity, iterations: 1)
    }
    let improved = search(problem)
    guard improved.cost < .infinity else { return fail() }
    // The last lane is the shifted plan under feedback.
    adapt(
      &memory.pointee.schedule, decrease: costs[0][Lanes.width - 1] - improved.cost,
      expected: expected.decrease(improved.size))
    take(lane: improved.lane)
    memory.pointee.age = 0
    return PlanOutcome(cost: improved.cost, iterations: 1)
  }

  private func fail() -> PlanOutcome {
    memory.pointee.age = -1
    memory.pointee.schedule = freshSchedule
    return PlanOutcome(cost: .infinity, iterations: 1)
  }

  /// The test of expected improvement: where the quadratic problem promised ten times as much as
  /// came, it is trusted less.
  private func adapt(
    _ schedule: inout RegularisationSchedule, decrease: Float, expected: Float
  ) {
    if decrease > 0.1 * expected { schedule.lower() } else { schedule.raise() }
  }
}
