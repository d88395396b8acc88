import ReplanNumerics

extension QuadraticStep {
  /// Adds a predicted cost of state and action, `factor` times: its gradient g, and κ g gᵀ in the
  /// states, the actions and between the two.
  ///
  /// - Shapes: row [S + A + 2] as `CostRow` says, its elements `stride` apart; of an extended state
  ///   the cost depends on the first S.
  func add(
    costRow row: UnsafePointer<Float>, stride: Int, _ member: Int, factor: Float, states: Int,
    _ limits: LimitTable
  ) {
    let m = actionCount
    let qx = qx + member * n
    let qxx = qxx + member * n * n
    let qu = qu + member * m
    let quu = quu + member * m * m
    let qux = qux + member * m * n
    let curvature = factor * row[(states + m + 1) * stride]
    for i in 0..<states {
      let gradient = row[i * stride]
      qx[i] += factor * gradient
      for j in 0..<states { qxx[i * n + j] += curvature * gradient * row[j * stride] }
    }
    for a in 0..<m {
      let gradient = limits.half[a] * row[(states + a) * stride]
      qu[a] += factor * gradient
      for j in 0..<states { qux[a * n + j] += curvature * gradient * row[j * stride] }
      for c in 0..<m {
        let other = limits.half[c] * row[(states + c) * stride]
        quu[a * m + c] += curvature * gradient * other
      }
    }
  }
}
