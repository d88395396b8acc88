import ReplanNumerics

/// Sampling, then polishing: the cross-entropy method finds a plan, iLQR finishes it.
///
/// The polished plan is taken if the sampling planner values it as better, under its particles and,
/// where noise is sampled, under the same noise for both. Units of work are the iterations of the
/// one, then those of the other.
struct Polished {
  let sampling: CrossEntropy
  private let finish: ILQR
  /// The two plans side by side [horizon × A], and their values.
  private let pair: UnsafeMutablePointer<Lanes>
  private let values: UnsafeMutablePointer<Lanes>

  /// - Precondition: both have the same horizon.
  init(
    _ sampling: CrossEntropyConfiguration, _ finish: ILQRConfiguration,
    _ configuration: ControllerConfiguration, arena: inout Arena
  ) {
    precondition(sampling.horizon == finish.horizon, "sampling and polishing share a horizon")
    self.sampling = CrossEntropy(sampling, configuration, arena: &arena)
    self.finish = ILQR(finish, configuration, arena: &arena)
    pair = arena.lanes(sampling.horizon * configuration.structure.actionCount)
    values = arena.lanes(1)
  }

  func prepare(_ configuration: ControllerConfiguration) {
    sampling.prepare(configuration)
    finish.prepare()
  }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    var outcome = sampling.improve(problem, mayContinue: mayContinue)
    guard outcome.isUsable else { return outcome }
    let sampled = outcome.iterations
    let plan = sampling.plan.actions
    for k in 0..<sampling.plan.count { finish.plan.actions[k] = plan[k] }
    let polished = finish.improve(problem, candidates: 1) { mayContinue(sampled + $0) }
    outcome.iterations += polished.iterations
    guard polished.isUsable else { return outcome }
    for k in 0..<sampling.plan.count {
      pair[k] = Lanes(repeating: plan[k])
      pair[k][1] = finish.plan.actions[k]
    }
    sampling.scorer.score(
      pair, vectors: 1, first: 0, iteration: sampled, problem, isPaired: true, into: values)
    guard values[0][1] < values[0][0] else { return outcome }
    for k in 0..<sampling.plan.count { plan[k] = pair[k][1] }
    outcome.cost = values[0][1]
    return outcome
  }
}
