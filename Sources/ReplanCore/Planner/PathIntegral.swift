import ReplanNumerics

/// Model-predictive path-integral control: the plan becomes the weighted mean of noisy copies.
///
/// Weights are exp(-(cost - least cost) / temperature), less the information-theoretic control cost
/// where it is asked for. Plans inside limits and slew form a convex set, so the mean of limited
/// candidates needs no limiting but for rounding. The plan is valued by itself in the end: its cost
/// is that of no candidate. Where it is infinite, the best candidate takes its place.
///
/// - Source: Williams et al. 2017, doi 10.1109/ICRA.2017.7989202, with γ = λ (1 - α) of Williams et
///   al. 2018; adaptation of the (diagonal) covariance after Bhardwaj et al. 2021 (STORM),
///   arXiv:2104.13542. The control cost takes the noise of a tick as independent of other ticks'.
struct PathIntegral {
  let settings: PathIntegralConfiguration
  let plan: Plan
  private let sweep: Sweep
  private let weights: SoftWeights
  private let meanSquareScale: Float
  /// Standard deviation of the noise [horizon × A], as a fraction of half the range; kept from tick
  /// to tick.
  let spread: UnsafeMutablePointer<Float>
  private let deviation: UnsafeMutablePointer<Float>
  private let best: UnsafeMutablePointer<Float>

  init(
    _ settings: PathIntegralConfiguration, _ configuration: ControllerConfiguration,
    arena: inout Arena
  ) {
    precondition(
      settings.leastNoise > 0 && settings.leastNoise <= 1, "the least noise is above 0, at most 1")
    self.settings = settings
    meanSquareScale = Sampler.meanSquare(of: settings.scales)
    let actionCount = configuration.structure.actionCount
    plan = Plan(horizon: settings.horizon, actionCount: actionCount, arena: &arena)
    let sampler = Sampler(
      horizon: settings.horizon, actionCount: actionCount, knots: settings.knots,
      exponent: settings.noiseExponent, scales: settings.scales, arena: &arena)
    sweep = Sweep(
      configuration, candidates: settings.candidates, sampler: sampler, arena: &arena)
    weights = SoftWeights(capacity: settings.candidates, arena: &arena)
    spread = arena.floats(settings.horizon * actionCount)
    deviation = arena.floats(settings.horizon * actionCount)
    best = arena.floats(settings.horizon * actionCount)
  }

  private var candidates: Candidates { sweep.candidates }

  func prepare(_ configuration: ControllerConfiguration) {
    sweep.prepare(configuration)
    forget()
  }

  /// Forgets what adaptation has learned.
  func forget() { for k in 0..<plan.count { spread[k] = settings.noise } }

  /// Moves on by one tick; the noise of the new last tick is the initial one.
  func shift() {
    plan.shift()
    let kept = plan.count - plan.actionCount
    for k in 0..<kept { spread[k] = spread[k + plan.actionCount] }
    for k in kept..<plan.count { spread[k] = settings.noise }
  }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    var least = Float.infinity
    var iterations = 0
    while iterations < settings.iterations && mayContinue(iterations) {
      sample(iterations, problem)
      iterations += 1
      guard let winner = candidates.best(count: settings.candidates) else { continue }
      if candidates.cost(winner) < least {
        least = candidates.cost(winner)
        candidates.copy(winner, count: settings.candidates, to: best)
      }
      update()
    }
    guard least < .infinity else { return PlanOutcome(cost: least, iterations: iterations) }
    return PlanOutcome(cost: finish(iterations, problem, least), iterations: iterations)
  }

  private func sample(_ iteration: Int, _ problem: borrowing PlanningProblem) {
    for k in 0..<plan.count { deviation[k] = spread[k] * problem.limits.half[k % plan.actionCount] }
    let count = settings.candidates
    sweep.run(
      Sweep.Request(
        iteration: iteration, count: count, exact: 1, mean: plan.actions, deviation: deviation),
      problem)
    // The plan as limited: noise is measured from it.
    candidates.copy(0, count: count, to: plan.actions)
  }

  /// Moves the plan to the weighted mean of the candidates, and the noise to their spread.
  private func update() {
    let count = settings.candidates
    weights.begin(candidates, count: count, settings.temperature)
    if settings.controlCost > 0 { chargeControl() }
    weights.finish(count: count)
    for k in 0..<plan.count {
      let old = plan.actions[k]
      let moments = weights.moments(candidates, count: count, element: k, around: old)
      plan.actions[k] = old + moments.mean
      guard settings.adaptation > 0 else { continue }
      let half = deviation[k] / spread[k]
      let variance = max(moments.square - moments.mean * moments.mean, 0) / (half * half)
      // Candidates of all scales are in it: alike in cost, they must leave the noise as it is.
      let seen = variance / meanSquareScale
      let rate = settings.adaptation
      let wanted = squareRoot((1 - rate) * spread[k] * spread[k] + rate * seen)
      spread[k] = limited(wanted, settings.leastNoise * settings.noise, settings.noise)
    }
  }

  /// Lowers each exponent by (1 - α) Σ u ε / σ², σ that of the candidates of scale 1.
  private func chargeControl() {
    for k in 0..<plan.count where deviation[k] > 0 {
      let old = plan.actions[k]
      let factor = settings.controlCost * old / (deviation[k] * deviation[k])
      weights.charge(candidates, count: settings.candidates, element: k, around: old, factor)
    }
  }

  /// Values the plan itself.
  private func finish(
    _ iteration: Int, _ problem: borrowing PlanningProblem, _ least: Float
  ) -> Float {
    let block = candidates.block(0)
    for k in 0..<plan.count { block[k] = Lanes(repeating: plan.actions[k]) }
    sweep.scorer.score(
      block, vectors: 1, first: 0, iteration: iteration, problem, into: candidates.costs)
    let cost = candidates.cost(0)
    if cost < .infinity {
      candidates.copy(0, count: 1, to: plan.actions)
      return cost
    }
    for k in 0..<plan.count { plan.actions[k] = best[k] }
    return least
  }
}
