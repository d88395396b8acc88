import Glibc

/// The 95 % intervals of parameters inside their bounds, from normal estimates that know none.
///
/// A friction cannot be negative, but what noise makes of it can. An estimate that is held at zero is
/// closer to a small truth than its deviation says, so that ± 1.96 deviations around it hold the truth
/// more often than they promise. Here a value belongs to the interval if the likelihood falls little
/// enough between the best values inside the bounds and the best ones that have this value (the others
/// following, inside theirs). How much is enough depends on the value: as much as 95 % of the estimates
/// that it brings forth lose, of which near a bound many are held there. Far from bounds that is 1.96
/// deviations.
///
/// - Source: Feldman, Cousins 1998, doi 10.1103/PhysRevD.57.3873, section IV B, with two bounds; the other
///   parameters by the profile of the likelihood.
struct BoundedIntervals {
  /// The parameters' quadratic, in deviations.
  private let quadratic: BoundedQuadratic
  private let deviations: [Double]
  /// The best values inside the bounds.
  private let best: (point: [Double], value: Double)

  /// - Parameters:
  ///   - estimates: where the data alone would have them, inside the bounds or not.
  ///   - covariance: of the estimates, positive.
  init?(estimates: [Double], covariance: Matrix, bounds: [ClosedRange<Double>]) {
    let count = estimates.count
    let deviations = (0..<count).map { covariance[$0, $0].squareRoot() }
    guard deviations.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    var correlation = Matrix(rows: count, columns: count)
    var identity = correlation
    for i in 0..<count {
      identity[i, i] = 1
      for j in 0..<count {
        correlation[i, j] = covariance[i, j] / (deviations[i] * deviations[j])
      }
    }
    guard let curvature = DenseAlgebra.solved(correlation, identity) else { return nil }
    self.deviations = deviations
    quadratic = BoundedQuadratic(
      center: zip(estimates, deviations).map { $0 / $1 }, curvature: curvature,
      low: zip(bounds, deviations).map { $0.lowerBound / $1 },
      high: zip(bounds, deviations).map { $0.upperBound / $1 })
    best = quadratic.minimum()
  }

  /// Deviations that 95 % of normal numbers lie within.
  private static let normalReach = 1.959_963_985
  private static let share = 0.95

  subscript(index: Int) -> ClosedRange<Double> {
    let (low, high) = (quadratic.low[index], quadratic.high[index])
    let middle = best.point[index]
    func isInside(_ value: Double) -> Bool {
      let loss = quadratic.minimum(with: value, at: index).value - best.value
      return loss <= Self.enough(value, low, high)
    }
    let first = Self.edge(from: max(low, middle - 2), to: middle, isInside)
    let last = Self.edge(from: min(high, middle + 2), to: middle, isInside)
    // By rounding an end may leave the bounds, or pass the other.
    let start = max(first * deviations[index], low * deviations[index])
    return start...max(start, min(last, high) * deviations[index])
  }

  /// The first value on the way that is inside; the last one always is.
  private static func edge(
    from start: Double, to end: Double, _ isInside: (Double) -> Bool
  ) -> Double {
    guard !isInside(start) else { return start }
    var (outside, inside) = (start, end)
    for _ in 0..<40 {
      let middle = (outside + inside) / 2
      if isInside(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }

  /// What 95 % of the estimates of a value at most lose against the best value between two bounds.
  private static func enough(_ value: Double, _ low: Double, _ high: Double) -> Double {
    let most = normalReach * normalReach
    // Away from both bounds no estimate that counts is held.
    guard value - low < normalReach || high - value < normalReach else { return most }
    var (little, enough) = (0.0, most)
    for _ in 0..<40 {
      let middle = (little + enough) / 2
      let reach = reach(value, middle, low, high)
      if normal(reach.high - value) - normal(reach.low - value) < share {
        little = middle
      } else {
        enough = middle
      }
    }
    return enough
  }

  /// Estimates x with (x - value)² - (x - the closest between the bounds)² at most `excess`.
  private static func reach(
    _ value: Double, _ excess: Double, _ low: Double, _ high: Double
  ) -> (low: Double, high: Double) {
    let root = excess.squareRoot()
    var (first, last) = (value - root, value + root)
    if first < low {
      first = value > low ? (value + low) / 2 - excess / (2 * (value - low)) : -.infinity
    }
    if last > high {
      last = value < high ? (value + high) / 2 + excess / (2 * (high - value)) : .infinity
    }
    return (first, last)
  }

  private static func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
}
