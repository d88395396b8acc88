public import ReplanNumerics

extension RungeKutta {
  /// The Jacobian of `predict` at sixteen points side by side.
  ///
  /// With D the derivative of a step's state, each stage has K' = ∂f/∂x · (D + c h K'_before) +
  /// ∂f/∂u, summed with the method's weights.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major, ∂s'/∂s then ∂s'/∂a; one
  ///   vector of points each.
  @inlinable @inline(always)
  public func linearize<E: DifferentialEquation>(
    _ equation: E, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    let n = E.stateCount
    let columns = n + E.actionCount
    for i in 0..<n { x[i] = state[i] }
    for i in 0..<E.actionCount { u[i] = action[i] }
    for i in 0..<(n * columns) { dx[i] = Lanes(repeating: 0) }
    for i in 0..<n { dx[i * columns + i] = Lanes(repeating: 1) }
    for _ in 0..<substeps {
      for i in 0..<n { y[i] = x[i] }
      for i in 0..<(n * columns) { dy[i] = dx[i] }
      for stage in 0..<4 {
        equation.linearize(at: y, under: u, into: rate, jacobian: jacobian)
        chain(n, columns)
        advance(n, stage)
        advanceDerivative(n * columns, stage)
      }
      for i in 0..<n { x[i] = x[i].adding(seconds / 6, times: sum[i]) }
      for i in 0..<(n * columns) { dx[i] = dx[i].adding(seconds / 6, times: dSum[i]) }
    }
    for i in 0..<(n * columns) { result[i] = dx[i] }
  }

  /// A stage's derivative from that of its argument: `dRate = ∂f/∂x · dy + [0 | ∂f/∂u]`.
  @inlinable @inline(always)
  func chain(_ n: Int, _ columns: Int) {
    for i in 0..<n {
      let row = jacobian + i * columns
      for c in 0..<columns {
        var entry = c < n ? Lanes(repeating: 0) : row[c]
        for k in 0..<n { entry = entry.addingProduct(row[k], dy[k * columns + c]) }
        dRate[i * columns + c] = entry
      }
    }
  }

  @inlinable @inline(always)
  func advanceDerivative(_ count: Int, _ stage: Int) {
    let (weight, reach) = (weight(stage), reach(stage))
    for i in 0..<count {
      dSum[i] = stage == 0 ? dRate[i] : dSum[i].adding(weight, times: dRate[i])
      dy[i] = dx[i].adding(reach, times: dRate[i])
    }
  }
}
