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
  /// A user's terms, and the parameters of each [16].
  private let customTerms: UnsafeMutablePointer<CustomTerm>
  private let customParameters: UnsafeMutablePointer<Float>
  private let customCount: Int

  init(_ objective: Objective, arena: inout Arena) {
    count = objective.count
    terms = arena.take(Term.self, count: max(count, 1))
    var stateTerms = 0
    for i in 0..<objective.count where objective.terms[i].isOfState { stateTerms += 1 }
    stateTermCount = stateTerms
    terminal = objective.terminal
    hasActionRate = objective.hasActionRate
    learnedCost = objective.learnedCost
    customCount = objective.customCount
    customTerms = arena.take(CustomTerm.self, count: max(customCount, 1))
    customParameters = arena.floats(max(customCount, 1) * CustomTerm.parameterCapacity)
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
    for i in 0..<customCount {
      guard let term = objective.customTerms[i] else { continue }
      customTerms[i] = term
      for k in 0..<CustomTerm.parameterCapacity {
        customParameters[i * CustomTerm.parameterCapacity + k] = term.parameters[k]
      }
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
    for i in 0..<customCount { cost = cost + customCost(i, state + v, stride: vectors) }
    return cost
  }

  /// Cost of one of a user's terms.
  @_noAllocation @_noLocks
  private func customCost(_ i: Int, _ state: UnsafePointer<Lanes>, stride: Int) -> Lanes {
    var cost = Lanes(repeating: 0)
    // The compiler cannot see through a function's address; `CostTerm` demands what it cannot check.
    _unsafePerformance {
      customTerms[i].cost(
        customParameters + i * CustomTerm.parameterCapacity, state, stride, &cost)
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

  /// Adds gradient and curvature of the state terms, `factor` times.
  ///
  /// - Shapes: state [S], gradient [n >= S], curvature [n × n] row-major.
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
    for i in 0..<customCount {
      addCustomDerivatives(i, state, factor: factor, gradient: gradient, curvature: curvature, n: n)
    }
  }

  @_noAllocation @_noLocks
  private func addCustomDerivatives(
    _ i: Int, _ state: UnsafePointer<Float>, factor: Float,
    gradient: UnsafeMutablePointer<Float>, curvature: UnsafeMutablePointer<Float>, n: Int
  ) {
    _unsafePerformance {
      customTerms[i].derivatives(
        customParameters + i * CustomTerm.parameterCapacity, state, factor, gradient, curvature, n)
    }
  }
}
