import ReplanNumerics

/// An objective as the planners read it: its terms in the arena, those over states first.
struct CostTable {
  private let terms: UnsafeMutablePointer<Term>
  let stateTermCount: Int
  let count: Int
  /// Factor of the state terms on the last state of the horizon.
  let terminal: Float
  let hasActionRate: Bool
  /// Weight of the model's predicted cost.
  let learnedCost: Float

  init(_ objective: Objective, arena: inout Arena) {
    count = objective.count
    terms = arena.take(Term.self, count: max(count, 1))
    var stateTerms = 0
    for i in 0..<objective.count where objective.terms[i].isOfState { stateTerms += 1 }
    stateTermCount = stateTerms
    terminal = objective.terminal
    hasActionRate = objective.hasActionRate
    learnedCost = objective.learnedCost
  }

  /// Fills the table; not on the tick.
  func prepare(_ objective: Objective) {
    var next = 0
    for i in 0..<objective.count where objective.terms[i].isOfState {
      terms[next] = objective.terms[i]
      next += 1
    }
    for i in 0..<objective.count where !objective.terms[i].isOfState {
      terms[next] = objective.terms[i]
      next += 1
    }
  }

  /// Terms over states come first; those over actions have the numbers from `stateTermCount` on.
  @inline(always) func term(_ i: Int) -> Term { terms[i] }

  /// Cost of the terms over states.
  ///
  /// - Shapes: state [S × vectors]; `v` chooses the vector.
  @inline(always)
  func stateCost(_ state: UnsafePointer<Lanes>, vectors: Int, _ v: Int) -> Lanes {
    var cost = Lanes(repeating: 0)
    for i in 0..<stateTermCount {
      let term = terms[i]
      let x = state[term.channel * vectors + v]
      let weight = term.weight / (term.scale * term.scale)
      switch term.kind {
      case .quadratic:
        let difference = x - Lanes(repeating: term.target)
        let distance = term.isAngle ? wrappedAngle(difference) : difference
        cost = cost.adding(weight, times: distance * distance)
      case .angle:
        let cosine = sineCosine(x - Lanes(repeating: term.target)).cosine
        cost = cost.adding(term.weight, times: Lanes(repeating: 1) - cosine)
      case .range:
        let below = (Lanes(repeating: term.low) - x).greater(Lanes(repeating: 0))
        let above = (x - Lanes(repeating: term.high)).greater(Lanes(repeating: 0))
        let outside = below + above
        cost = cost.adding(weight, times: outside * outside)
      case .action, .actionRate: continue
      }
    }
    return cost
  }

  /// Cost of the terms over actions.
  ///
  /// - Shapes: action and previous [A × vectors].
  @inline(always)
  func actionCost(
    _ action: UnsafePointer<Lanes>, previous: UnsafePointer<Lanes>, vectors: Int, _ v: Int
  ) -> Lanes {
    var cost = Lanes(repeating: 0)
    for i in stateTermCount..<count {
      let term = terms[i]
      let at = term.channel * vectors + v
      let x =
        term.kind == .action
        ? action[at] - Lanes(repeating: term.target) : action[at] - previous[at]
      cost = cost.adding(term.weight / (term.scale * term.scale), times: x * x)
    }
    return cost
  }

  /// Adds gradient and (diagonal) curvature of the state terms, `factor` times.
  ///
  /// - Shapes: state [S], gradient [n >= S], curvature [n × n] row-major, of which the diagonal.
  func addStateDerivatives(
    _ state: UnsafePointer<Float>, factor: Float, gradient: UnsafeMutablePointer<Float>,
    curvature: UnsafeMutablePointer<Float>, n: Int
  ) {
    for i in 0..<stateTermCount {
      let term = terms[i]
      let d = term.derivatives(state[term.channel])
      gradient[term.channel] += factor * d.gradient
      curvature[term.channel * (n + 1)] += factor * d.curvature
    }
  }
}
