extension GreyBoxFit {
  /// What a fit that has ended tells of its parameters.
  func concluded(
    _ best: Start, _ problem: ShootingProblem, _ measurements: Int
  ) -> Result {
    let point = best.result.point
    let count = parameters.count
    var covariance = [Double](repeating: 0, count: count * count)
    var isDetermined = parameters.map { _ in false }
    var unbounded = point.parameters
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
      for (change, index) in zip(found.step(to: reduced), free) { unbounded[index] += change }
      told = found.identifiability
      told.confounded = told.confounded.map { $0.map { free[$0] } }
      told.correlated = told.correlated.map { (free[$0.first], free[$0.second], $0.correlation) }
      let confounded = Set(told.confounded.flatMap { $0 })
      for index in free { isDetermined[index] = !confounded.contains(index) }
    }
    let noise = problem.residualNoise(point)
    return Result(
      parameters: point.parameters, covariance: covariance, isDetermined: isDetermined,
      unbounded: unbounded, bounds: parameters.map(\.bounds), identifiability: told, noise: noise,
      starts: point.starts, windows: problem.windows.count,
      tried: best.tried, finite: best.finite, iterations: best.result.iterations,
      measurements: measurements)
  }
}
