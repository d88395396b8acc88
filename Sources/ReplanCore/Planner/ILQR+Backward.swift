import ReplanNumerics

/// Small dense matrices of the backward pass, n states and A actions, row-major.
struct BackwardScratch {
  /// Value: gradient [n] and curvature [n × n].
  let vx: UnsafeMutablePointer<Float>
  let vxx: UnsafeMutablePointer<Float>
  let fx: UnsafeMutablePointer<Float>  // [n × n]
  let fu: UnsafeMutablePointer<Float>  // [n × A]
  let product: UnsafeMutablePointer<Float>  // Vxx fx, [n × n]
  let qx: UnsafeMutablePointer<Float>
  let qxx: UnsafeMutablePointer<Float>
  let qu: UnsafeMutablePointer<Float>
  let quu: UnsafeMutablePointer<Float>  // regularised, [A × A]
  let qux: UnsafeMutablePointer<Float>  // [A × n]
  let low: UnsafeMutablePointer<Float>
  let high: UnsafeMutablePointer<Float>
  let box: BoxQuadratic

  init(n: Int, actionCount: Int, arena: inout Arena) {
    vx = arena.floats(n)
    vxx = arena.floats(n * n)
    fx = arena.floats(n * n)
    fu = arena.floats(n * actionCount)
    product = arena.floats(n * max(n, actionCount))
    qx = arena.floats(n)
    qxx = arena.floats(n * n)
    qu = arena.floats(actionCount)
    quu = arena.floats(actionCount * actionCount)
    qux = arena.floats(actionCount * n)
    low = arena.floats(actionCount)
    high = arena.floats(actionCount)
    box = BoxQuadratic(count: actionCount, arena: &arena)
  }
}

extension ILQR {
  /// Solves the control-limited quadratic problem along the plan, last tick first.
  ///
  /// - Returns: false if a curvature in the actions is not positive definite (numbers that are not
  ///   finite); the plan is kept then.
  func solveBackward(_ problem: borrowing PlanningProblem) -> Bool {
    let b = backward
    clear(b.vx, n)
    clear(b.vxx, n * n)
    problem.objective.addStateDerivatives(
      nominal + horizon * stateCount, factor: problem.objective.terminal, gradient: b.vx,
      curvature: b.vxx, n: n)
    var t = horizon - 1
    while t >= 0 {
      loadDynamics(t, problem.limits)
      expandValue()
      addActionDerivatives(t, problem)
      setBounds(t, problem)
      guard b.box.solve(b.quu, b.qu, low: b.low, high: b.high) else { return false }
      storeGains(t)
      updateValue(t)
      if t > 0 {
        problem.objective.addStateDerivatives(
          nominal + t * stateCount, factor: 1, gradient: b.vx, curvature: b.vxx, n: n)
      }
      t -= 1
    }
    return true
  }

  @inline(always)
  private func clear(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count { x[i] = 0 }
  }

  /// fx and fu of tick `t`, actions scaled by half their range.
  private func loadDynamics(_ t: Int, _ limits: LimitTable) {
    let b = backward
    let columns = stateCount + actionCount
    // SAFETY: jacobians hold ceil(horizon / 16) blocks of S × (S + A) vectors of 16 floats.
    let block =
      UnsafeRawPointer(jacobians + (t / Lanes.width) * stateCount * columns)
      .assumingMemoryBound(to: Float.self) + t % Lanes.width
    clear(b.fx, n * n)
    clear(b.fu, n * actionCount)
    for r in 0..<stateCount {
      for c in 0..<stateCount { b.fx[r * n + c] = block[(r * columns + c) * Lanes.width] }
      for c in 0..<actionCount {
        b.fu[r * actionCount + c] =
          limits.half[c] * block[(r * columns + stateCount + c) * Lanes.width]
      }
    }
    for r in stateCount..<max(n, stateCount) {
      let c = r - stateCount
      b.fu[r * actionCount + c] = limits.half[c]
    }
  }

  /// The expansion of the next tick's value in this tick's state and action.
  private func expandValue() {
    let b = backward
    let m = actionCount
    for i in 0..<n {
      for j in 0..<n {
        var sum: Float = 0
        for k in 0..<n { sum += b.vxx[i * n + k] * b.fx[k * n + j] }
        b.product[i * n + j] = sum
      }
    }
    for i in 0..<n {
      var gradient: Float = 0
      for k in 0..<n { gradient += b.fx[k * n + i] * b.vx[k] }
      b.qx[i] = gradient
      for j in 0..<n {
        var sum: Float = 0
        for k in 0..<n { sum += b.fx[k * n + i] * b.product[k * n + j] }
        b.qxx[i * n + j] = sum
      }
    }
    for a in 0..<m {
      var gradient: Float = 0
      for k in 0..<n { gradient += b.fu[k * m + a] * b.vx[k] }
      b.qu[a] = gradient
      for j in 0..<n {
        var sum: Float = 0
        for k in 0..<n { sum += b.fu[k * m + a] * b.product[k * n + j] }
        b.qux[a * n + j] = sum
      }
    }
    for i in 0..<n {
      for a in 0..<m {
        var sum: Float = 0
        for k in 0..<n { sum += b.vxx[i * n + k] * b.fu[k * m + a] }
        b.product[i * m + a] = sum
      }
    }
    for a in 0..<m {
      for c in 0..<m {
        var sum: Float = 0
        for k in 0..<n { sum += b.fu[k * m + a] * b.product[k * m + c] }
        b.quu[a * m + c] = sum + (a == c ? settings.regularisation : 0)
      }
    }
  }

  /// Cost of the action itself and of its change.
  private func addActionDerivatives(
    _ t: Int, _ problem: borrowing PlanningProblem
  ) {
    let b = backward
    for i in problem.objective.stateTermCount..<problem.objective.count {
      let term = problem.objective.term(i)
      let a = term.channel
      let half = problem.limits.half[a]
      let w = 2 * term.weight / (term.scale * term.scale)
      let action = plan.actions[t * actionCount + a]
      b.quu[a * (actionCount + 1)] += w * half * half
      if term.kind == .action {
        b.qu[a] += w * half * (action - term.target)
      } else {
        let before = t == 0 ? problem.previous[a] : plan.actions[(t - 1) * actionCount + a]
        let z = stateCount + a
        b.qu[a] += w * half * (action - before)
        b.qx[z] -= w * (action - before)
        b.qxx[z * (n + 1)] += w
        b.qux[a * n + z] -= w * half
      }
    }
  }

  /// How far each scaled action may move: its range, and its slew around the plan.
  private func setBounds(_ t: Int, _ problem: borrowing PlanningProblem) {
    let b = backward
    let limits = problem.limits
    for a in 0..<actionCount {
      let half = limits.half[a]
      let action = plan.actions[t * actionCount + a]
      let before = t == 0 ? problem.previous[a] : plan.actions[(t - 1) * actionCount + a]
      let low = max(limits.low[a], before - limits.slew[a])
      let high = min(limits.high[a], before + limits.slew[a])
      b.low[a] = min(0, (low - action) / half)
      b.high[a] = max(0, (high - action) / half)
    }
  }

  /// k = the box's solution, K = -Quu⁻¹ Qux on free actions and 0 on held ones.
  private func storeGains(_ t: Int) {
    let b = backward
    let k = feedforward + t * actionCount
    let gains = feedback + t * actionCount * n
    for a in 0..<actionCount {
      k[a] = b.box.x[a]
      for j in 0..<n { gains[a * n + j] = -b.qux[a * n + j] }
    }
    for j in 0..<n { b.box.solveFree(gains + j, stride: n) }
  }

  /// Value of tick `t` under the gains.
  private func updateValue(_ t: Int) {
    let b = backward
    let m = actionCount
    let k = feedforward + t * m
    let gains = feedback + t * m * n
    for i in 0..<n {
      var gradient = b.qx[i]
      for a in 0..<m {
        var force = b.qu[a]
        for c in 0..<m { force += b.quu[a * m + c] * k[c] }
        gradient += gains[a * n + i] * force + b.qux[a * n + i] * k[a]
      }
      b.vx[i] = gradient
    }
    for i in 0..<n {
      for j in 0..<n {
        var sum = b.qxx[i * n + j]
        for a in 0..<m {
          var row = b.qux[a * n + j]
          for c in 0..<m { row += b.quu[a * m + c] * gains[c * n + j] }
          sum += gains[a * n + i] * row + b.qux[a * n + i] * gains[a * n + j]
        }
        b.vxx[i * n + j] = sum
      }
    }
    for i in 0..<n {
      for j in 0..<i {
        let mean = 0.5 * (b.vxx[i * n + j] + b.vxx[j * n + i])
        b.vxx[i * n + j] = mean
        b.vxx[j * n + i] = mean
      }
    }
  }
}
