import ReplanNumerics

extension ILQR {
  /// Jacobians along the plan, sixteen ticks at a time.
  func linearize(_ model: Model) {
    var result = jacobians
    var row = costRows
    for m in 0..<members {
      let states = nominal + m * (horizon + 1) * stateCount
      var first = 0
      while first < horizon {
        for lane in 0..<Lanes.width {
          // Lanes past the horizon repeat its last tick.
          let t = min(first + lane, horizon - 1)
          for i in 0..<stateCount { points[i][lane] = states[t * stateCount + i] }
          for i in 0..<actionCount {
            points[stateCount + i][lane] = plan.actions[t * actionCount + i]
          }
        }
        model.linearize(
          member: settings.dynamics == .mean ? nil : m, points, points + stateCount, into: result,
          cost: row)
        first += Lanes.width
        result += stateCount * (stateCount + actionCount)
        if let at = row { row = at + (stateCount + actionCount + 2) }
      }
    }
  }

  /// Rolls out sixteen step sizes with feedback around the plan.
  func search(
    _ problem: borrowing PlanningProblem
  ) -> (cost: Float, lane: Int, size: Float) {
    let sizes = ILQR.stepSizes
    for m in 0..<members {
      rollout(m, vectors: 1).begin(state: problem.state, previous: problem.previous, vectors: 1)
    }
    costs[0] = Lanes(repeating: 0)
    for t in 0..<horizon {
      applyFeedback(t, sizes, problem)
      rollout.limit(t, vectors: 1, problem.limits)
      for m in 0..<members {
        rollout(m, vectors: 1).advance(t, vectors: 1, problem, dynamics(m), costs: costs)
      }
    }
    if members > 1 { costs[0] = costs[0] / Lanes(repeating: Float(members)) }
    costs[0] = Rollout.finite(costs[0])
    var best = (cost: Float.infinity, lane: 0, size: Float(0))
    for lane in 0..<Lanes.width where costs[0][lane] < best.cost {
      best = (costs[0][lane], lane, sizes[lane])
    }
    return best
  }

  /// The actions of tick `t`: the plan's, a share of the step, and the feedback on the mean
  /// deviation of the members' states.
  @inline(always)
  private func applyFeedback(
    _ t: Int, _ sizes: Lanes, _ problem: borrowing PlanningProblem
  ) {
    let previous = rollout.previousAction(t, vectors: 1)
    let action = rollout.action(t, vectors: 1)
    for i in 0..<actionCount {
      let gains = feedback + (t * actionCount + i) * n
      var change = sizes * Lanes(repeating: feedforward[t * actionCount + i])
      for m in 0..<members {
        let state = rollout(m, vectors: 1).state(t, vectors: 1)
        let planned = nominal + (m * (horizon + 1) + t) * stateCount
        for j in 0..<stateCount {
          let gain = members == 1 ? gains[j] : gains[j] / Float(members)
          change = change.adding(gain, times: state[j] - Lanes(repeating: planned[j]))
        }
      }
      for j in stateCount..<n {
        let before =
          t == 0
          ? problem.previous[j - stateCount]
          : plan.actions[(t - 1) * actionCount + j - stateCount]
        change = change.adding(gains[j], times: previous[j - stateCount] - Lanes(repeating: before))
      }
      action[i] = Lanes(repeating: plan.actions[t * actionCount + i])
        .adding(problem.limits.half[i], times: change)
    }
  }

  /// 0.7^0 … 0.7^14 and 0.
  @inline(always)
  static var stepSizes: Lanes {
    var sizes = Lanes(repeating: 0)
    var size: Float = 1
    for i in 0..<15 {
      sizes[i] = size
      size *= 0.7
    }
    return sizes
  }
}
