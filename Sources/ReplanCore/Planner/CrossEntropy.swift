import ReplanNumerics

/// The cross-entropy method: samples plans, refits their distribution to the best, repeats.
///
/// Candidate 0 of every iteration is the mean of the distribution; elites that are kept follow, the
/// rest is sampled. Between ticks it keeps its plan and, where asked to, the elites.
///
/// - Source: Rubinstein 1999; Chua et al. 2018 (PETS), arXiv:1805.12114; Pinneri et al. 2020
///   (iCEM), arXiv:2008.06389. Deviation from iCEM: the mean competes in every iteration, not only
///   in the last.
struct CrossEntropy {
  let settings: CrossEntropyConfiguration
  let plan: Plan
  private let sweep: Sweep
  private let elites: Elites
  /// Distribution of the plan [horizon × A].
  private let mean: UnsafeMutablePointer<Float>
  private let deviation: UnsafeMutablePointer<Float>

  init(
    _ settings: CrossEntropyConfiguration, _ configuration: ControllerConfiguration,
    arena: inout Arena
  ) {
    precondition(
      settings.elites >= 1 && settings.elites <= settings.candidates && settings.decay >= 1,
      "1 to `candidates` elites, and a decay of at least 1")
    self.settings = settings
    let actionCount = configuration.structure.actionCount
    plan = Plan(horizon: settings.horizon, actionCount: actionCount, arena: &arena)
    let sampler = Sampler(
      horizon: settings.horizon, actionCount: actionCount, knots: settings.knots,
      exponent: settings.noiseExponent, scales: settings.scales, arena: &arena)
    sweep = Sweep(
      configuration, candidates: settings.candidates, sampler: sampler, arena: &arena)
    elites = Elites(
      capacity: settings.elites, horizon: settings.horizon, actionCount: actionCount,
      arena: &arena)
    mean = arena.floats(settings.horizon * actionCount)
    deviation = arena.floats(settings.horizon * actionCount)
  }

  /// Values plans by themselves.
  var scorer: Scorer { sweep.scorer }

  func prepare(_ configuration: ControllerConfiguration) { sweep.prepare(configuration) }

  /// Forgets what was kept from earlier ticks.
  func forget() { elites.clear() }

  /// Moves on by one tick.
  func shift() {
    plan.shift()
    if settings.shiftedElites > 0 { elites.shift() }
  }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    begin(problem.limits)
    var best = Float.infinity
    var iterations = 0
    var size = Float(settings.candidates)
    while iterations < settings.iterations && mayContinue(iterations) {
      let least = min(2 * settings.elites, settings.candidates)
      let count = max(Int(size), least)
      let kept = iterations == 0 ? settings.shiftedElites : settings.keptElites
      sample(iterations, count: count, kept: kept, problem)
      size /= settings.decay
      iterations += 1
      guard elites.count > 0 else { continue }
      if elites.cost(0) < best {
        best = elites.cost(0)
        let row = elites.plan(0)
        for k in 0..<plan.count { plan.actions[k] = row[k] }
      }
      elites.fit(mean, deviation, keeping: settings.momentum)
    }
    if settings.result == .mean && best < .infinity { best = finish(iterations, problem, best) }
    return PlanOutcome(cost: best, iterations: iterations)
  }

  private func begin(_ limits: LimitTable) {
    for t in 0..<plan.horizon {
      for i in 0..<plan.actionCount {
        let k = t * plan.actionCount + i
        mean[k] = plan.actions[k]
        deviation[k] = settings.noise * limits.half[i]
      }
    }
  }

  /// Samples and values all candidates of an iteration and ranks the elites.
  private func sample(
    _ iteration: Int, count: Int, kept: Float, _ problem: borrowing PlanningProblem
  ) {
    let keptCount = min(Int(kept * Float(elites.count) + 0.5), count - 1)
    sweep.run(
      Sweep.Request(
        iteration: iteration, count: count, exact: 1, mean: mean, deviation: deviation,
        given: elites.plan(0), givenFirst: 1, givenCount: keptCount), problem)
    elites.rank(sweep.candidates, count: count)
  }

  /// Makes the mean the plan if its cost is finite.
  private func finish(
    _ iteration: Int, _ problem: borrowing PlanningProblem, _ best: Float
  ) -> Float {
    let candidates = sweep.candidates
    let block = candidates.block(0)
    for k in 0..<plan.count { block[k] = Lanes(repeating: mean[k]) }
    scorer.score(
      block, vectors: 1, first: 0, iteration: iteration, problem, into: candidates.costs)
    let cost = candidates.cost(0)
    guard cost < .infinity else { return best }
    candidates.copy(0, count: 1, to: plan.actions)
    return cost
  }
}
