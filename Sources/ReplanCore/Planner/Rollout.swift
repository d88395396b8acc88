import ReplanNumerics

/// Predicts the states under a block of candidates and sums their cost.
///
/// The cost of a candidate is the sum over the horizon of the action terms and of the state terms
/// of the state that the action leads to, and of the cost that the model predicts there if the
/// objective weighs it; the last state counts `terminal` times. The state the plan starts from is
/// common to all and left out.
struct Rollout {
  let horizon: Int
  let stateCount: Int
  let actionCount: Int
  /// States after each tick [(horizon + 1) × S × vectors]; row 0 is the start.
  var states: UnsafeMutablePointer<Lanes>
  /// Actions of the block [horizon × A × vectors].
  var actions: UnsafeMutablePointer<Lanes>
  /// The action before the plan [A × vectors].
  private let before: UnsafeMutablePointer<Lanes>
  /// Predicted cost of a step [vectors].
  private let learned: UnsafeMutablePointer<Lanes>

  /// What predicts a step.
  enum Dynamics {
    case mean
    case member(Int)
    /// One member or the mean of all, plus noise from these normal numbers [noise × vectors].
    case noisy(member: Int?, UnsafePointer<Lanes>)
  }

  init(horizon: Int, structure: PlantStructure, arena: inout Arena) {
    self.horizon = horizon
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    states = arena.lanes((horizon + 1) * structure.stateCount * Ensemble.blockVectors)
    actions = arena.lanes(horizon * structure.actionCount * Ensemble.blockVectors)
    before = arena.lanes(structure.actionCount * Ensemble.blockVectors)
    learned = arena.lanes(Ensemble.blockVectors)
  }

  /// Sets the common start of all candidates.
  @inline(always)
  func begin(
    state: UnsafePointer<Float>, previous: UnsafePointer<Float>, vectors: Int
  ) {
    for i in 0..<stateCount {
      for v in 0..<vectors { states[i * vectors + v] = Lanes(repeating: state[i]) }
    }
    for i in 0..<actionCount {
      for v in 0..<vectors { before[i * vectors + v] = Lanes(repeating: previous[i]) }
    }
  }

  @inline(always) func state(_ t: Int, vectors: Int) -> UnsafeMutablePointer<Lanes> {
    states + t * stateCount * vectors
  }

  @inline(always) func action(_ t: Int, vectors: Int) -> UnsafeMutablePointer<Lanes> {
    actions + t * actionCount * vectors
  }

  @inline(always) func previousAction(_ t: Int, vectors: Int) -> UnsafePointer<Lanes> {
    t == 0 ? UnsafePointer(before) : UnsafePointer(action(t - 1, vectors: vectors))
  }

  /// Limits the actions of tick `t` to the actuator's range and slew.
  @inline(always)
  func limit(_ t: Int, vectors: Int, _ limits: LimitTable) {
    let now = action(t, vectors: vectors)
    let previous = previousAction(t, vectors: vectors)
    for i in 0..<actionCount {
      let slew = Lanes(repeating: limits.slew[i])
      for v in 0..<vectors {
        let at = i * vectors + v
        let reachable = now[at].greater(previous[at] - slew).lesser(previous[at] + slew)
        now[at] = reachable.limited(limits.low[i], limits.high[i])
      }
    }
  }

  /// Predicts tick `t` and adds its cost.
  @inline(always)
  func advance(
    _ t: Int, vectors: Int, _ problem: borrowing PlanningProblem, _ dynamics: Dynamics,
    costs: UnsafeMutablePointer<Lanes>
  ) {
    let now = state(t, vectors: vectors)
    let next = state(t + 1, vectors: vectors)
    let act = action(t, vectors: vectors)
    let objective = problem.objective
    let isLearned = objective.learnedCost > 0
    let learned = isLearned ? self.learned : nil
    switch dynamics {
    case .mean:
      problem.model.predictMean(now, act, vectors: vectors, into: next, cost: learned)
    case .member(let m):
      problem.model.predict(member: m, now, act, vectors: vectors, into: next, cost: learned)
    case .noisy(let member, let normals):
      problem.model.predict(
        member: member, now, act, vectors: vectors, normals: normals, into: next, cost: learned)
    }
    let factor: Float = t == horizon - 1 ? objective.terminal : 1
    let previous = previousAction(t, vectors: vectors)
    for v in 0..<vectors {
      let cost = objective.actionCost(act, previous: previous, vectors: vectors, v)
      costs[v] =
        costs[v] + cost.adding(factor, times: objective.stateCost(next, vectors: vectors, v))
    }
    guard let learned else { return }
    let weight = factor * objective.learnedCost
    for v in 0..<vectors { costs[v] = costs[v].adding(weight, times: learned[v]) }
  }

  /// Rolls out the block in `actions`, limited first.
  ///
  /// - Shapes: costs [vectors], overwritten.
  func run(
    vectors: Int, _ problem: borrowing PlanningProblem, _ dynamics: Dynamics,
    costs: UnsafeMutablePointer<Lanes>
  ) {
    for v in 0..<vectors { costs[v] = Lanes(repeating: 0) }
    for t in 0..<horizon {
      limit(t, vectors: vectors, problem.limits)
      advance(t, vectors: vectors, problem, dynamics, costs: costs)
    }
    for v in 0..<vectors { costs[v] = Rollout.finite(costs[v]) }
  }

  /// A cost that is not finite counts as infinite.
  @inline(always)
  static func finite(_ cost: Lanes) -> Lanes {
    let isFinite = (cost .< Lanes(repeating: .infinity)) .& (cost .> Lanes(repeating: -.infinity))
    return Lanes(repeating: .infinity).replacing(with: cost, where: isFinite)
  }
}
