import ReplanNumerics

extension ILQR {
  /// Rolls out the shifted plan and noisy copies of it and keeps the best; candidate 0 is the
  /// unperturbed plan.
  func start(_ problem: borrowing PlanningProblem, candidates: Int) -> Float {
    for k in 0..<plan.count { deviation[k] = settings.noise * problem.limits.half[k % actionCount] }
    // Every block perturbs the same plan, so the best so far waits in `feedforward`.
    var best = Float.infinity
    var first = 0
    while first < candidates {
      let vectors = Ensemble.blockVectors(of: Lanes.vectors(for: candidates - first))
      let block = vectors * Lanes.width
      sampler.fill(
        rollout.actions, vectors: vectors, first: first, exact: 1, iteration: 0, key: problem.key,
        mean: plan.actions, deviation: deviation)
      run(vectors: vectors, problem)
      for c in 0..<min(block, candidates - first) {
        let cost = costs[c / Lanes.width][c % Lanes.width]
        guard cost < best else { continue }
        best = cost
        keep(lane: c, vectors: vectors)
      }
      first += block
    }
    guard best < .infinity else { return best }
    for k in 0..<plan.count { plan.actions[k] = feedforward[k] }
    return best
  }

  /// The rollout of one member.
  @inline(always)
  func rollout(_ member: Int, vectors: Int) -> Rollout {
    var result = rollout
    result.states = states + member * (horizon + 1) * stateCount * vectors
    return result
  }

  @inline(always)
  func dynamics(_ member: Int) -> Rollout.Dynamics {
    settings.dynamics == .mean ? .mean : .member(member)
  }

  /// Costs of the block in `rollout.actions`, the mean over members.
  private func run(vectors: Int, _ problem: borrowing PlanningProblem) {
    for m in 0..<members {
      let rollout = rollout(m, vectors: vectors)
      rollout.begin(state: problem.state, previous: problem.previous, vectors: vectors)
      rollout.run(vectors: vectors, problem, dynamics(m), costs: memberCosts)
      for v in 0..<vectors { costs[v] = m == 0 ? memberCosts[v] : costs[v] + memberCosts[v] }
    }
    guard members > 1 else { return }
    for v in 0..<vectors { costs[v] = costs[v] / Lanes(repeating: Float(members)) }
  }

  /// Copies one candidate's actions to `feedforward` and its states to `nominal`.
  @inline(always)
  private func keep(lane: Int, vectors: Int) {
    let v = lane / Lanes.width
    let l = lane % Lanes.width
    for k in 0..<plan.count { feedforward[k] = rollout.actions[k * vectors + v][l] }
    for k in 0..<(members * (horizon + 1) * stateCount) {
      nominal[k] = states[k * vectors + v][l]
    }
  }

  /// Makes one candidate of the last search the plan.
  func take(lane: Int) {
    keep(lane: lane, vectors: 1)
    for k in 0..<plan.count { plan.actions[k] = feedforward[k] }
  }
}
