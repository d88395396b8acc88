extension GreyBoxFit {
  /// What a fit that has ended tells of its parameters.
  func concluded(
    _ best: Start, _ problem: ShootingProblem, _ measurements: Int
  ) -> Result {
    let point = best.result.point
    let count = parameters.count
    var covariance = [Double](repeating: 0, count: count * count)
    var isDetermined = parameters.map { _ in false }
    var intervals = [ClosedRange<Double>?](repeating: nil, count: count)
    var told = Identifiability()
    let reduced = ReducedProblem(problem.linearize(point), damping: 0)
    let scales = free.map { index in
      max(point.parameters[index].magnitude, 1e-3 * parameters[index].start.magnitude, 1e-9)
    }
    if !free.isEmpty, let found = Covariance(reduced, scales: scales) {
      for (a, row) in free.enumerated() {
        for (b, column) in free.enumerated() {
          covariance[row * count + column] = found.values[a, b]
        }
      }
      told = found.identifiability
      told.confounded = told.confounded.map { $0.map { free[$0] } }
      told.correlated = told.correlated.map { (free[$0.first], free[$0.second], $0.correlation) }
      let confounded = Set(told.confounded.flatMap { $0 })
      for index in free { isDetermined[index] = !confounded.contains(index) }
      let told = free.indices.filter { isDetermined[free[$0]] }
      for (place, interval) in zip(told, self.intervals(told, found, reduced, point) ?? []) {
        intervals[free[place]] = interval
      }
    }
    let noise = problem.residualNoise(point)
    return Result(
      parameters: point.parameters, covariance: covariance, isDetermined: isDetermined,
      intervals: intervals, identifiability: told, noise: noise,
      starts: point.starts, windows: problem.windows.count,
      tried: best.tried, finite: best.finite, iterations: best.result.iterations,
      measurements: measurements)
  }

  /// Intervals of those free parameters that the data tell; nil if their covariance is singular.
  ///
  /// - Parameter told: indices into the free parameters.
  private func intervals(
    _ told: [Int], _ found: Covariance, _ reduced: ReducedProblem, _ point: ShootingProblem.Point
  ) -> [ClosedRange<Double>]? {
    // Where some are held at a bound, the data alone would have them, and others, elsewhere.
    let step = found.step(to: reduced)
    var covariance = Matrix(rows: told.count, columns: told.count)
    for (a, i) in told.enumerated() {
      for (b, j) in told.enumerated() { covariance[a, b] = found.values[i, j] }
    }
    let intervals = BoundedIntervals(
      estimates: told.map { point.parameters[free[$0]] + step[$0] }, covariance: covariance,
      bounds: told.map { parameters[free[$0]].bounds })
    return intervals.map { intervals in told.indices.map { intervals[$0] } }
  }
}
