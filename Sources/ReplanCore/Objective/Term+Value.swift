import ReplanNumerics

extension Term {
  /// True for the terms over states.
  var isOfState: Bool { kind != .action && kind != .actionRate }

  /// Cost, gradient and Gauss-Newton curvature of a state term; the curvature is never negative.
  ///
  /// 1 - cos e is taken as half the squared residual 2 sin(e / 2), whose Gauss-Newton curvature is
  /// cos²(e / 2): it vanishes at the opposite angle instead of turning negative.
  @inline(always)
  func derivatives(_ x: Float) -> (cost: Float, gradient: Float, curvature: Float) {
    let w = weight / (scale * scale)
    switch kind {
    case .quadratic:
      let e = isAngle ? wrappedAngle(x - target) : x - target
      return (w * e * e, 2 * w * e, 2 * w)
    case .angle:
      let direction = sineCosine(x - target)
      return (
        weight * (1 - direction.cosine), weight * direction.sine,
        weight * 0.5 * (1 + direction.cosine)
      )
    case .range:
      let e = x < low ? x - low : (x > high ? x - high : 0)
      return (w * e * e, 2 * w * e, e == 0 ? 0 : 2 * w)
    case .action, .actionRate:
      return (0, 0, 0)
    }
  }
}

extension Objective {
  /// The cost of one tick, for records: the state terms, the action terms, and the weighted cost
  /// that the plant measured, if it did.
  public func cost(
    state: StateVector, action: ActionVector, previous: ActionVector, measured: Float = .nan
  ) -> Float {
    var sum: Float = learnedCost > 0 && measured.isFinite ? learnedCost * measured : 0
    for i in 0..<count {
      let term = terms[i]
      switch term.kind {
      case .quadratic, .angle, .range:
        sum += term.derivatives(state[term.channel]).cost
      case .action:
        let x = (action[term.channel] - term.target) / term.scale
        sum += term.weight * x * x
      case .actionRate:
        let x = (action[term.channel] - previous[term.channel]) / term.scale
        sum += term.weight * x * x
      }
    }
    return sum + customCost(state)
  }

  private func customCost(_ state: StateVector) -> Float {
    guard customCount > 0 else { return 0 }
    var lanes = InlineArray<32, Lanes>(repeating: Lanes(repeating: 0))
    for i in 0..<Capacity.states { lanes[i] = Lanes(repeating: state[i]) }
    var sum: Float = 0
    for i in 0..<customCount {
      guard let term = customTerms[i] else { continue }
      var cost = Lanes(repeating: 0)
      let parameters = term.parameters
      parameters.span.withUnsafeBytes { parameters in
        lanes.span.withUnsafeBytes { states in
          // SAFETY: neither array is empty.
          term.cost(parameters.baseAddress!, states.baseAddress!, 1, &cost)
        }
      }
      sum += cost[0]
    }
    return sum
  }
}
