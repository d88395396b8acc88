import ReplanNumerics

/// The linear-quadratic regulator around the target of the objective.
///
/// When a model is adopted, its mean is linearised at the target and the Riccati recursion runs a
/// fixed number of steps, from the last one backwards; on the tick only the gains are applied. The
/// target is what the objective's terms name, 0 for a channel without one. Where the target is no
/// equilibrium, the constant drift is part of the recursion and enters as a constant action. A
/// learned cost enters by its gradient and curvature at the target (`CostRow`): where it vanishes
/// there it has neither, so the objective's terms must say what the regulator holds.
///
/// - Source: Kalman 1960, Contributions to the theory of optimal control; Anderson and Moore 1990,
///   Optimal control: linear quadratic methods, chapter 2.
struct LQR {
  let settings: LQRConfiguration
  let plan: Plan
  private let stateCount: Int
  private let actionCount: Int
  private let n: Int
  private let rollout: Rollout
  private let step: QuadraticStep
  /// 1 for channels whose distance is wrapped [S].
  private let isAngle: UnsafeMutablePointer<Float>
  /// Target state [S] and action [A], and as lanes [S + A]; the drift at the target [S].
  private let target: UnsafeMutablePointer<Float>
  private let action: UnsafeMutablePointer<Float>
  private let points: UnsafeMutablePointer<Lanes>
  private let drift: UnsafeMutablePointer<Float>
  private let jacobian: UnsafeMutablePointer<Lanes>
  /// The row of the predicted cost at the target, where the objective weighs it [S + A + 2].
  private let costRow: UnsafeMutablePointer<Lanes>?
  private let next: UnsafeMutablePointer<Lanes>
  /// Scaled constant action [A] and gains [A × n].
  private let constant: UnsafeMutablePointer<Float>
  private let gains: UnsafeMutablePointer<Float>
  /// 1 once the gains are finite.
  private let ready: UnsafeMutablePointer<Int>

  init(
    _ settings: LQRConfiguration, _ configuration: ControllerConfiguration, arena: inout Arena
  ) {
    self.settings = settings
    let structure = configuration.structure
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    n = stateCount + (configuration.objective.hasActionRate ? actionCount : 0)
    plan = Plan(horizon: settings.horizon, actionCount: actionCount, arena: &arena)
    rollout = Rollout(horizon: settings.horizon, structure: structure, arena: &arena)
    step = QuadraticStep(n: n, actionCount: actionCount, members: 1, arena: &arena)
    isAngle = arena.floats(stateCount)
    target = arena.floats(stateCount)
    action = arena.floats(actionCount)
    points = arena.lanes(stateCount + actionCount)
    drift = arena.floats(stateCount)
    jacobian = arena.lanes(stateCount * (stateCount + actionCount))
    costRow =
      configuration.objective.learnedCost > 0 ? arena.lanes(CostRow.count(structure)) : nil
    next = arena.lanes(stateCount)
    constant = arena.floats(actionCount)
    gains = arena.floats(actionCount * n)
    ready = arena.take(Int.self, count: 1)
  }

  /// Fills tables; not on the tick.
  func prepare(_ structure: PlantStructure) {
    for i in 0..<stateCount { isAngle[i] = structure.states[i].isAngle ? 1 : 0 }
    ready.pointee = 0
  }

  /// True if there are gains.
  var isReady: Bool { ready.pointee == 1 }

  /// Finds the gains for another model.
  ///
  /// - Timing: O(iterations · n³).
  func adopt(_ model: Model, _ objective: CostTable, _ limits: LimitTable) {
    ready.pointee = 0
    guard model.isReady else { return }
    setTarget(objective, limits)
    for i in 0..<stateCount { points[i] = Lanes(repeating: target[i]) }
    for i in 0..<actionCount { points[stateCount + i] = Lanes(repeating: action[i]) }
    model.predictMean(points, points + stateCount, vectors: 1, into: next)
    for i in 0..<stateCount { drift[i] = distance(next[i][0], i) }
    model.linearize(points, points + stateCount, into: jacobian, cost: costRow)
    guard solve(objective, limits) else { return }
    for i in 0..<actionCount where !constant[i].isFinite { return }
    for i in 0..<(actionCount * n) where !gains[i].isFinite { return }
    ready.pointee = 1
  }

  private func setTarget(_ objective: CostTable, _ limits: LimitTable) {
    for i in 0..<stateCount { target[i] = 0 }
    for a in 0..<actionCount { action[a] = limited(0, limits.low[a], limits.high[a]) }
    for i in 0..<objective.count {
      let term = objective.term(i)
      switch term.kind {
      case .quadratic, .angle: target[term.channel] = term.target
      case .action:
        action[term.channel] = limited(
          term.target, limits.low[term.channel], limits.high[term.channel])
      case .range, .actionRate: continue
      }
    }
  }

  /// The Riccati recursion, with the drift and the gradients of terms that disagree.
  private func solve(_ objective: CostTable, _ limits: LimitTable) -> Bool {
    // SAFETY: one vector of 16 floats for each element.
    step.load(
      UnsafeRawPointer(jacobian).assumingMemoryBound(to: Float.self), stride: Lanes.width,
      states: stateCount, limits)
    for a in 0..<actionCount {
      step.low[a] = -.infinity
      step.high[a] = .infinity
    }
    step.clear()
    for _ in 0..<settings.iterations {
      let gradient = step.gradient(0)
      let hessian = step.hessian(0)
      objective.addStateDerivatives(
        target, factor: 1, gradient: gradient, curvature: hessian, n: n)
      for i in 0..<n {
        for j in 0..<stateCount { gradient[i] += hessian[i * n + j] * drift[j] }
      }
      step.expand(0, regularisation: settings.regularisation)
      for i in objective.stateTermCount..<objective.count {
        let term = objective.term(i)
        let at = action[term.channel]
        step.add(term, 0, action: at, before: at, half: limits.half[term.channel])
      }
      addLearnedCost(objective, limits)
      guard step.solve(constant, gains) else { return false }
      step.update(0, constant, gains)
    }
    return true
  }

  /// The predicted cost at the target, which counts in every step alike.
  private func addLearnedCost(_ objective: CostTable, _ limits: LimitTable) {
    guard let costRow else { return }
    // SAFETY: one vector of 16 floats for each element.
    step.add(
      costRow: UnsafeRawPointer(costRow).assumingMemoryBound(to: Float.self), stride: Lanes.width,
      0, factor: objective.learnedCost, states: stateCount, limits)
  }

  /// The distance of a state from the target, wrapped for angles.
  @inline(always)
  private func distance(_ x: Float, _ i: Int) -> Float {
    isAngle[i] == 1 ? wrappedAngle(x - target[i]) : x - target[i]
  }

  /// The regulator's action, not yet limited.
  ///
  /// - Shapes: state [S] in every lane, previous action [A], result [A].
  /// - Precondition: `isReady`.
  @inline(always)
  private func act(
    _ state: UnsafePointer<Lanes>, _ previous: UnsafePointer<Lanes>, _ limits: LimitTable,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    for a in 0..<actionCount {
      var change = constant[a]
      for j in 0..<stateCount { change += gains[a * n + j] * distance(state[j][0], j) }
      for j in stateCount..<n {
        let deviation = previous[j - stateCount][0] - action[j - stateCount]
        change += gains[a * n + j] * deviation
      }
      result[a] = Lanes(repeating: action[a] + limits.half[a] * change)
    }
  }

  /// Follows the regulator through the linearised plant, for the plan and its cost.
  func improve(
    _ problem: borrowing PlanningProblem, mayContinue: (Int) -> Bool
  ) -> PlanOutcome {
    guard mayContinue(0) else { return PlanOutcome(cost: .infinity, iterations: 0) }
    // A model without a gain is no matter of time.
    guard isReady else { return PlanOutcome(cost: .infinity, iterations: 1) }
    let objective = problem.objective
    rollout.begin(state: problem.state, previous: problem.previous, vectors: 1)
    var cost = Lanes(repeating: 0)
    for t in 0..<plan.horizon {
      let previous = rollout.previousAction(t, vectors: 1)
      let action = rollout.action(t, vectors: 1)
      act(rollout.state(t, vectors: 1), previous, problem.limits, into: action)
      rollout.limit(t, vectors: 1, problem.limits)
      let next = rollout.state(t + 1, vectors: 1)
      predict(rollout.state(t, vectors: 1), action, into: next)
      let factor: Float = t == plan.horizon - 1 ? objective.terminal : 1
      cost =
        cost + objective.actionCost(action, previous: previous, vectors: 1, 0)
        + objective.stateCost(next, vectors: 1, 0) * Lanes(repeating: factor)
      cost =
        cost
        + learnedCost(rollout.state(t, vectors: 1), action)
        * Lanes(repeating: factor * objective.learnedCost)
    }
    let total = Rollout.finite(cost)[0]
    if total < .infinity { for k in 0..<plan.count { plan.actions[k] = rollout.actions[k][0] } }
    return PlanOutcome(cost: total, iterations: 1)
  }

  /// The predicted cost of a step, expanded around the target as the recursion sees it.
  @inline(always)
  private func learnedCost(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>
  ) -> Lanes {
    guard let costRow else { return Lanes(repeating: 0) }
    let columns = stateCount + actionCount
    var change: Float = 0
    for j in 0..<stateCount { change += costRow[j][0] * distance(state[j][0], j) }
    for a in 0..<actionCount {
      change += costRow[stateCount + a][0] * (action[a][0] - self.action[a])
    }
    let curvature = costRow[columns + 1][0]
    return Lanes(repeating: costRow[columns][0] + change + 0.5 * curvature * change * change)
  }

  /// The next state of the linearised plant.
  @inline(always)
  private func predict(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    let columns = stateCount + actionCount
    for i in 0..<stateCount {
      let row = jacobian + i * columns
      var sum = target[i] + drift[i]
      for j in 0..<stateCount { sum += row[j][0] * distance(state[j][0], j) }
      for a in 0..<actionCount { sum += row[stateCount + a][0] * (action[a][0] - self.action[a]) }
      next[i] = Lanes(repeating: sum)
    }
  }
}
