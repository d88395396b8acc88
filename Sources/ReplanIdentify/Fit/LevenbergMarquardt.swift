/// Minimises a shooting problem inside the parameters' bounds.
///
/// - Source: Marquardt 1963, doi 10.1137/0111030; bounds by an active set: a parameter on its bound
///   that would leave it is held for the step.
struct LevenbergMarquardt {
  var iterations = 50
  /// It has converged when an iteration wins less than this share of the cost.
  var tolerance = 1e-9

  struct Result: Sendable {
    var point: ShootingProblem.Point
    var cost: Double
    var iterations: Int
  }

  /// - Returns: nil if the first point leaves the numbers.
  func minimize(
    _ problem: ShootingProblem, from start: ShootingProblem.Point,
    isCancelled: () -> Bool = { false }
  ) -> Result? {
    var result = Result(point: start, cost: problem.cost(start), iterations: 0)
    guard result.cost.isFinite else { return nil }
    var damping = 1e-3
    var quiet = 0
    while result.iterations < iterations, quiet < 2, !isCancelled() {
      result.iterations += 1
      let windows = problem.linearize(result.point)
      guard windows.allSatisfy({ $0.isFinite }) else { return result }
      var hasMoved = false
      while damping < 1e10 {
        let trial = moved(result.point, problem, windows, damping)
        let cost = problem.cost(trial)
        guard cost < result.cost else {
          damping *= 5
          continue
        }
        quiet = result.cost - cost < tolerance * result.cost ? quiet + 1 : 0
        result.point = trial
        result.cost = cost
        damping = max(damping / 8, 1e-12)
        hasMoved = true
        break
      }
      if !hasMoved { break }
    }
    return result
  }

  private func moved(
    _ point: ShootingProblem.Point, _ problem: ShootingProblem,
    _ windows: [ShootingProblem.Linearization], _ damping: Double
  ) -> ShootingProblem.Point {
    var held: Set<Int> = []
    while true {
      let step = ReducedStep(windows, damping: damping, held: held)
      let outward = problem.free.indices.filter { j in
        let (value, bounds) = (point.parameters[problem.free[j]], problem.bounds[problem.free[j]])
        let change = step.parameters[j]
        return !held.contains(j)
          && ((value <= bounds.lowerBound && change < 0)
            || (value >= bounds.upperBound && change > 0))
      }
      guard outward.isEmpty else {
        held.formUnion(outward)
        continue
      }
      var result = point
      for (j, index) in problem.free.enumerated() {
        let value = point.parameters[index] + step.parameters[j]
        let bounds = problem.bounds[index]
        result.parameters[index] = min(max(value, bounds.lowerBound), bounds.upperBound)
      }
      for (w, change) in step.starts.enumerated() {
        for i in change.indices { result.starts[w][i] += change[i] }
      }
      return result
    }
  }
}

extension ShootingProblem.Linearization {
  fileprivate var isFinite: Bool {
    errors.allSatisfy(\.isFinite) && byParameter.values.allSatisfy(\.isFinite)
      && byStart.values.allSatisfy(\.isFinite)
  }
}
