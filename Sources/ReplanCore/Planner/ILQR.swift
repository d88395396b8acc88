import ReplanNumerics

/// The iterative linear-quadratic regulator on the mean of the ensemble.
///
/// A few candidates around the shifted plan compete for the start; each iteration linearises along
/// the plan (sixteen ticks side by side), solves the control-limited quadratic problem backwards
/// (`ILQR+Backward`), and tries sixteen step sizes side by side. Actions are scaled by half their
/// range inside, so that regularisation means the same for every actuator.
///
/// - Source: Tassa et al. 2014, doi 10.1109/ICRA.2014.6907001. Deviations: Gauss-Newton curvature
///   only, a fixed regularisation, the best of all step sizes instead of the first that suffices.
struct ILQR {
  let settings: ILQRConfiguration
  let plan: Plan
  let horizon: Int
  let stateCount: Int
  let actionCount: Int
  /// State of the quadratic problem: with an action-rate term the last action is part of it.
  let n: Int
  let rollout: Rollout
  private let noise: ColouredNoise
  private let costs: UnsafeMutablePointer<Lanes>
  /// States along the plan [(horizon + 1) × S].
  let nominal: UnsafeMutablePointer<Float>
  /// Jacobians [ceil(horizon / 16)] × [S × (S + A)] × 16 ticks.
  let jacobians: UnsafeMutablePointer<Lanes>
  /// Points of sixteen ticks side by side: states [S], then actions [A].
  private let points: UnsafeMutablePointer<Lanes>
  /// Scaled feedforward [horizon × A] and feedback [horizon × A × n].
  let feedforward: UnsafeMutablePointer<Float>
  let feedback: UnsafeMutablePointer<Float>
  let backward: BackwardScratch

  init(
    _ settings: ILQRConfiguration, _ configuration: ControllerConfiguration, arena: inout Arena
  ) {
    self.settings = settings
    let structure = configuration.structure
    horizon = settings.horizon
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    n = stateCount + (configuration.objective.hasActionRate ? actionCount : 0)
    plan = Plan(horizon: horizon, actionCount: actionCount, arena: &arena)
    rollout = Rollout(horizon: horizon, structure: structure, arena: &arena)
    noise = ColouredNoise(horizon: horizon, exponent: settings.noiseExponent, arena: &arena)
    costs = arena.lanes(Ensemble.blockVectors)
    nominal = arena.floats((horizon + 1) * stateCount)
    jacobians = arena.lanes(
      Lanes.vectors(for: horizon) * stateCount * (stateCount + actionCount))
    points = arena.lanes(stateCount + actionCount)
    feedforward = arena.floats(horizon * actionCount)
    feedback = arena.floats(horizon * actionCount * n)
    backward = BackwardScratch(n: n, actionCount: actionCount, arena: &arena)
  }

  func prepare() { noise.prepare() }

  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    guard mayContinue(0) else { return PlanOutcome(cost: .infinity, iterations: 0) }
    var cost = start(problem)
    var iterations = 1
    while cost < .infinity && iterations <= settings.iterations && mayContinue(iterations) {
      linearize(problem.model)
      iterations += 1
      guard solveBackward(problem) else { break }
      let improved = search(problem)
      guard improved.cost < cost else { break }
      take(lane: improved.lane, vectors: 1)
      cost = improved.cost
    }
    return PlanOutcome(cost: cost, iterations: iterations)
  }

  /// Rolls out the shifted plan and noisy copies of it and keeps the best; candidate 0 is the
  /// unperturbed plan.
  private func start(
    _ problem: borrowing PlanningProblem
  ) -> Float {
    let vectors = settings.candidates > Lanes.width ? 2 : 1
    let block = vectors * Lanes.width
    rollout.begin(state: problem.state, previous: problem.previous, vectors: vectors)
    // Every block perturbs the same plan, so the best so far waits in `feedforward`.
    var best = Float.infinity
    var first = 0
    while first < settings.candidates {
      fill(first: first, vectors: vectors, problem.key, problem.limits)
      rollout.run(
        vectors: vectors, problem, .mean, costs: costs)
      for c in 0..<min(block, settings.candidates - first) {
        let cost = costs[c / Lanes.width][c % Lanes.width]
        guard cost < best else { continue }
        best = cost
        keep(lane: c, vectors: vectors)
      }
      first += block
    }
    guard best < .infinity else { return best }
    for k in 0..<(horizon * actionCount) { plan.actions[k] = feedforward[k] }
    return best
  }

  private func fill(first: Int, vectors: Int, _ key: RandomKey, _ limits: LimitTable) {
    for v in 0..<vectors {
      for i in 0..<actionCount {
        let at = rollout.actions + i * vectors + v
        let step = actionCount * vectors
        noise.sample(
          key: key, iteration: 0, first: first + v * Lanes.width, channel: i, into: at, step: step)
        let deviation = settings.noise * limits.half[i]
        for t in 0..<horizon {
          let mean = Lanes(repeating: plan.actions[t * actionCount + i])
          var value = mean.adding(deviation, times: at[t * step])
          if first == 0 && v == 0 { value[0] = mean[0] }
          at[t * step] = value
        }
      }
    }
  }

  /// Copies one candidate's actions to `feedforward` and its states to `nominal`.
  private func keep(lane: Int, vectors: Int) {
    let v = lane / Lanes.width
    let l = lane % Lanes.width
    for k in 0..<(horizon * actionCount) {
      feedforward[k] = rollout.actions[k * vectors + v][l]
    }
    for k in 0..<((horizon + 1) * stateCount) { nominal[k] = rollout.states[k * vectors + v][l] }
  }

  /// Makes one candidate of the last rollout the plan.
  private func take(lane: Int, vectors: Int) {
    keep(lane: lane, vectors: vectors)
    for k in 0..<(horizon * actionCount) { plan.actions[k] = feedforward[k] }
  }

  /// Jacobians along the plan, sixteen ticks at a time.
  private func linearize(_ model: Model) {
    var first = 0
    var result = jacobians
    while first < horizon {
      for lane in 0..<Lanes.width {
        // Lanes past the horizon repeat its last tick.
        let t = min(first + lane, horizon - 1)
        for i in 0..<stateCount { points[i][lane] = nominal[t * stateCount + i] }
        for i in 0..<actionCount {
          points[stateCount + i][lane] = plan.actions[t * actionCount + i]
        }
      }
      model.linearize(points, points + stateCount, into: result)
      first += Lanes.width
      result += stateCount * (stateCount + actionCount)
    }
  }

  /// Rolls out sixteen step sizes with feedback around the plan.
  private func search(
    _ problem: borrowing PlanningProblem
  ) -> (cost: Float, lane: Int) {
    let sizes = ILQR.stepSizes
    rollout.begin(state: problem.state, previous: problem.previous, vectors: 1)
    costs[0] = Lanes(repeating: 0)
    for t in 0..<horizon {
      applyFeedback(t, sizes, problem)
      rollout.limit(t, vectors: 1, problem.limits)
      rollout.advance(t, vectors: 1, problem, .mean, costs: costs)
    }
    var best = (cost: Float.infinity, lane: 0)
    for lane in 0..<Lanes.width where costs[0][lane] < best.cost { best = (costs[0][lane], lane) }
    return best
  }

  @inline(always)
  private func applyFeedback(
    _ t: Int, _ sizes: Lanes, _ problem: borrowing PlanningProblem
  ) {
    let state = rollout.state(t, vectors: 1)
    let previous = rollout.previousAction(t, vectors: 1)
    let action = rollout.action(t, vectors: 1)
    for i in 0..<actionCount {
      let gains = feedback + (t * actionCount + i) * n
      var change = sizes * Lanes(repeating: feedforward[t * actionCount + i])
      for j in 0..<stateCount {
        let deviation = state[j] - Lanes(repeating: nominal[t * stateCount + j])
        change = change.adding(gains[j], times: deviation)
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
  private static var stepSizes: Lanes {
    var sizes = Lanes(repeating: 0)
    var size: Float = 1
    for i in 0..<15 {
      sizes[i] = size
      size *= 0.7
    }
    return sizes
  }
}
