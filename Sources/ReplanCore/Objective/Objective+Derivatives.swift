import ReplanNumerics

extension Objective {
  /// Cost, gradient and Gauss-Newton curvature of a state term; the curvature is never negative.
  ///
  /// 1 - cos e is taken as half the squared residual 2 sin(e / 2), whose Gauss-Newton curvature is
  /// cos²(e / 2): it vanishes at the opposite angle instead of turning negative.
  @inline(__always)
  func stateDerivatives(
    _ term: Term, _ x: Float
  ) -> (cost: Float, gradient: Float, curvature: Float) {
    switch term.kind {
    case .quadratic:
      let w = term.weight / (term.scale * term.scale)
      let e = term.isAngle ? wrappedAngle(x - term.target) : x - term.target
      return (w * e * e, 2 * w * e, 2 * w)
    case .angle:
      let direction = sineCosine(x - term.target)
      return (
        term.weight * (1 - direction.cosine), term.weight * direction.sine,
        term.weight * 0.5 * (1 + direction.cosine)
      )
    case .range:
      let w = term.weight / (term.scale * term.scale)
      let e = x < term.low ? x - term.low : (x > term.high ? x - term.high : 0)
      return (w * e * e, 2 * w * e, e == 0 ? 0 : 2 * w)
    case .action, .actionRate:
      return (0, 0, 0)
    }
  }

  /// Adds gradient and (diagonal) curvature of the state terms, `factor` times.
  ///
  /// - Shapes: state, gradient [n >= S], curvature [n × n] row-major, of which the diagonal.
  func addStateDerivatives(
    _ state: UnsafePointer<Float>, factor: Float, gradient: UnsafeMutablePointer<Float>,
    curvature: UnsafeMutablePointer<Float>, n: Int
  ) {
    for i in 0..<count {
      let term = terms[i]
      guard term.kind != .action && term.kind != .actionRate else { continue }
      let d = stateDerivatives(term, state[term.channel])
      gradient[term.channel] += factor * d.gradient
      curvature[term.channel * (n + 1)] += factor * d.curvature
    }
  }
}
