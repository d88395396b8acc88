import ReplanNumerics

/// How the quadratic problem expects the cost to change with the step size.
struct ExpectedChange {
  var linear: Float = 0
  var quadratic: Float = 0

  /// By how much the cost falls for a step size.
  func decrease(_ size: Float) -> Float { -size * (linear + size * quadratic) }
}

extension ILQR {
  /// Solves the control-limited quadratic problem along the plan, last tick first.
  ///
  /// - Parameter extra: regularisation beyond the settings'.
  /// - Returns: nil if a curvature in the actions is not positive definite; the plan is kept then.
  func solveBackward(
    _ problem: borrowing PlanningProblem, _ extra: Float
  ) -> ExpectedChange? {
    let regularisation = settings.regularisation + extra
    var expected = ExpectedChange()
    step.clear()
    addStateDerivatives(horizon, factor: problem.objective.terminal, problem)
    var t = horizon - 1
    while t >= 0 {
      for m in 0..<members {
        loadDynamics(m, t, problem.limits)
        step.expand(m, regularisation: regularisation)
        addActionDerivatives(m, t, problem)
        addLearnedCost(m, t, problem)
      }
      setBounds(t, problem)
      let k = feedforward + t * actionCount
      let gains = feedback + t * actionCount * n
      guard step.solve(k, gains) else { return nil }
      let change = step.expectedChange(k, regularisation: regularisation)
      expected.linear += change.linear
      expected.quadratic += change.quadratic
      for m in 0..<members { step.update(m, k, gains) }
      if t > 0 { addStateDerivatives(t, factor: 1, problem) }
      t -= 1
    }
    return expected
  }

  private func addStateDerivatives(
    _ t: Int, factor: Float, _ problem: borrowing PlanningProblem
  ) {
    for m in 0..<members {
      problem.objective.addStateDerivatives(
        nominal + (m * (horizon + 1) + t) * stateCount, factor: factor,
        gradient: step.gradient(m), curvature: step.hessian(m), n: n)
    }
  }

  /// fx and fu of a member at tick `t`, actions scaled by half their range.
  private func loadDynamics(_ member: Int, _ t: Int, _ limits: LimitTable) {
    let columns = stateCount + actionCount
    let number = member * Lanes.vectors(for: horizon) + t / Lanes.width
    // SAFETY: jacobians hold M * ceil(horizon / 16) blocks of S × (S + A) vectors of 16 floats.
    let block =
      UnsafeRawPointer(jacobians + number * stateCount * columns)
      .assumingMemoryBound(to: Float.self) + t % Lanes.width
    step.load(block, stride: Lanes.width, states: stateCount, limits)
  }

  /// Cost of the action itself and of its change.
  private func addActionDerivatives(
    _ member: Int, _ t: Int, _ problem: borrowing PlanningProblem
  ) {
    for i in problem.objective.stateTermCount..<problem.objective.count {
      let term = problem.objective.term(i)
      let a = term.channel
      step.add(
        term, member, action: plan.actions[t * actionCount + a], before: before(t, a, problem),
        half: problem.limits.half[a])
    }
  }

  /// The cost that the model predicts for the step, if it counts.
  private func addLearnedCost(_ member: Int, _ t: Int, _ problem: borrowing PlanningProblem) {
    guard let costRows else { return }
    let number = member * Lanes.vectors(for: horizon) + t / Lanes.width
    // SAFETY: costRows hold M * ceil(horizon / 16) rows of S + A + 2 vectors of 16 floats.
    let row =
      UnsafeRawPointer(costRows + number * (stateCount + actionCount + 2))
      .assumingMemoryBound(to: Float.self) + t % Lanes.width
    let objective = problem.objective
    step.add(
      costRow: row, stride: Lanes.width, member,
      factor: objective.learnedCost * (t == horizon - 1 ? objective.terminal : 1),
      states: stateCount, problem.limits)
  }

  /// The action before tick `t` under the plan.
  @inline(always)
  private func before(_ t: Int, _ a: Int, _ problem: borrowing PlanningProblem) -> Float {
    t == 0 ? problem.previous[a] : plan.actions[(t - 1) * actionCount + a]
  }

  /// How far each scaled action may move: its range, and its slew around the plan.
  private func setBounds(_ t: Int, _ problem: borrowing PlanningProblem) {
    let limits = problem.limits
    for a in 0..<actionCount {
      let half = limits.half[a]
      let action = plan.actions[t * actionCount + a]
      let before = before(t, a, problem)
      let low = max(limits.low[a], before - limits.slew[a])
      let high = min(limits.high[a], before + limits.slew[a])
      step.low[a] = min(0, (low - action) / half)
      step.high[a] = max(0, (high - action) / half)
    }
  }
}

extension QuadraticStep {
  /// fx and fu from a Jacobian [S × (S + A)] whose elements lie `stride` apart, actions scaled by
  /// half their range; the last action of an extended state is the action itself.
  func load(_ jacobian: UnsafePointer<Float>, stride: Int, states: Int, _ limits: LimitTable) {
    let columns = states + actionCount
    for i in 0..<(n * n) { fx[i] = 0 }
    for i in 0..<(n * actionCount) { fu[i] = 0 }
    for r in 0..<states {
      for c in 0..<states { fx[r * n + c] = jacobian[(r * columns + c) * stride] }
      for c in 0..<actionCount {
        fu[r * actionCount + c] = limits.half[c] * jacobian[(r * columns + states + c) * stride]
      }
    }
    for r in states..<max(n, states) {
      fu[r * actionCount + r - states] = limits.half[r - states]
    }
  }
}
