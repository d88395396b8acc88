import ReplanNumerics

/// Random shooting: draws plans uniformly from the actuators' range and keeps the best.
///
/// - Source: Nagabandi et al. 2017, arXiv:1708.02596. Deviation: the shifted plan competes.
struct RandomShooting {
  let settings: RandomShootingConfiguration
  let plan: Plan
  private let scorer: Scorer
  private let sampler: Sampler
  private let candidates: Candidates
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
    scorer = Scorer(configuration, horizon: settings.horizon, arena: &arena)
    sampler = Sampler(
      horizon: settings.horizon, actionCount: actionCount, knots: settings.knots, exponent: 0,
      distribution: .uniform, arena: &arena)
    candidates = Candidates(
      capacity: settings.candidates, horizon: settings.horizon, actionCount: actionCount,
      arena: &arena)
    middle = arena.floats(settings.horizon * actionCount)
    half = arena.floats(settings.horizon * actionCount)
  }

  func prepare() { sampler.prepare() }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    for k in 0..<plan.count {
      let i = k % plan.actionCount
      half[k] = problem.limits.half[i]
      middle[k] = problem.limits.low[i] + half[k]
    }
    let count = settings.candidates
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
    let count = settings.candidates
    var first = 0
    while first < count {
      let vectors = candidates.vectors(first: first, count: count)
      let block = candidates.block(first: first)
      sampler.fill(
        block, vectors: vectors, first: first, exact: 0, iteration: iteration, key: problem.key,
        mean: middle, deviation: half)
      if first == 0 && iteration == 0 { candidates.set(0, count: count, from: plan.actions) }
      scorer.score(
        block, vectors: vectors, first: first, iteration: iteration, problem,
        into: candidates.costs + first / Lanes.width)
      first += vectors * Lanes.width
    }
  }
}
