import ReplanNumerics

/// Random shooting: draws plans uniformly from the actuators' range and keeps the best.
///
/// - Source: Nagabandi et al. 2017, arXiv:1708.02596. Deviation: the shifted plan competes.
struct RandomShooting {
  let settings: RandomShootingConfiguration
  let plan: Plan
  private let sweep: Sweep
  /// Middle and half of the range [horizon × A].
  private let middle: UnsafeMutablePointer<Float>
  private let half: UnsafeMutablePointer<Float>

  init(
    _ settings: RandomShootingConfiguration, _ configuration: ControllerConfiguration,
    arena: inout Arena
  ) {
    self.settings = settings
    let actionCount = configuration.structure.actionCount
    plan = Plan(horizon: settings.horizon, actionCount: actionCount, arena: &arena)
    let sampler = Sampler(
      horizon: settings.horizon, actionCount: actionCount, knots: settings.knots, exponent: 0,
      distribution: .uniform, arena: &arena)
    sweep = Sweep(
      configuration, candidates: settings.candidates, sampler: sampler, arena: &arena)
    middle = arena.floats(settings.horizon * actionCount)
    half = arena.floats(settings.horizon * actionCount)
  }

  func prepare(_ configuration: ControllerConfiguration) { sweep.prepare(configuration) }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    for k in 0..<plan.count {
      let i = k % plan.actionCount
      half[k] = problem.limits.half[i]
      middle[k] = problem.limits.low[i] + half[k]
    }
    let count = settings.candidates
    let candidates = sweep.candidates
    var best = Float.infinity
    var iterations = 0
    while iterations < settings.iterations && mayContinue(iterations) {
      sample(iterations, problem)
      iterations += 1
      guard let winner = candidates.best(count: count), candidates.cost(winner) < best
      else { continue }
      best = candidates.cost(winner)
      candidates.copy(winner, count: count, to: plan.actions)
    }
    return PlanOutcome(cost: best, iterations: iterations)
  }

  private func sample(_ iteration: Int, _ problem: borrowing PlanningProblem) {
    // The shifted plan is the first candidate of all.
    sweep.run(
      Sweep.Request(
        iteration: iteration, count: settings.candidates, exact: 0, mean: middle, deviation: half,
        given: plan.actions, givenCount: iteration == 0 ? 1 : 0), problem)
  }
}
