import ReplanNumerics

extension Objective {
  /// Cost of the terms over states.
  ///
  /// - Shapes: state [S × vectors]; `v` chooses the vector.
  @inline(__always)
  func stateCost(_ state: UnsafePointer<Lanes>, vectors: Int, _ v: Int) -> Lanes {
    var cost = Lanes(repeating: 0)
    for i in 0..<count {
      let term = terms[i]
      switch term.kind {
      case .quadratic:
        let x = state[term.channel * vectors + v]
        let distance = distance(x, term)
        cost = cost.adding(term.weight / (term.scale * term.scale), times: distance * distance)
      case .angle:
        let x = state[term.channel * vectors + v] - Lanes(repeating: term.target)
        cost = cost.adding(term.weight, times: Lanes(repeating: 1) - sineCosine(x).cosine)
      case .range:
        let x = state[term.channel * vectors + v]
        let below = (Lanes(repeating: term.low) - x).greater(Lanes(repeating: 0))
        let above = (x - Lanes(repeating: term.high)).greater(Lanes(repeating: 0))
        let outside = below + above
        cost = cost.adding(term.weight / (term.scale * term.scale), times: outside * outside)
      case .action, .actionRate: continue
      }
    }
    return cost
  }

  /// Cost of the terms over actions.
  ///
  /// - Shapes: action and previous [A × vectors].
  @inline(__always)
  func actionCost(
    _ action: UnsafePointer<Lanes>, previous: UnsafePointer<Lanes>, vectors: Int, _ v: Int
  ) -> Lanes {
    var cost = Lanes(repeating: 0)
    for i in 0..<count {
      let term = terms[i]
      let at = term.channel * vectors + v
      switch term.kind {
      case .action:
        let x = action[at] - Lanes(repeating: term.target)
        cost = cost.adding(term.weight / (term.scale * term.scale), times: x * x)
      case .actionRate:
        let x = action[at] - previous[at]
        cost = cost.adding(term.weight / (term.scale * term.scale), times: x * x)
      case .quadratic, .angle, .range: continue
      }
    }
    return cost
  }

  @inline(__always)
  private func distance(_ x: Lanes, _ term: Term) -> Lanes {
    let difference = x - Lanes(repeating: term.target)
    return term.isAngle ? wrappedAngle(difference) : difference
  }

  /// The cost of one tick, for records: the state terms and the action terms.
  public func cost(state: StateVector, action: ActionVector, previous: ActionVector) -> Float {
    var sum: Float = 0
    for i in 0..<count {
      let term = terms[i]
      switch term.kind {
      case .quadratic, .angle, .range:
        sum += stateDerivatives(term, state[term.channel]).cost
      case .action:
        let x = (action[term.channel] - term.target) / term.scale
        sum += term.weight * x * x
      case .actionRate:
        let x = (action[term.channel] - previous[term.channel]) / term.scale
        sum += term.weight * x * x
      }
    }
    return sum
  }
}
