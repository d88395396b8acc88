import Glibc

/// The 95 % interval of a parameter inside its bounds, from a normal estimate that knows none.
///
/// A friction cannot be negative, but what noise makes of it can. An estimate that is held at zero is
/// closer to a small truth than its deviation says, so that an interval around it holds the truth more
/// often than it promises. Here for each value that the parameter may have those estimates are
/// collected, likeliest first by the ratio to the best value inside the bounds, that make up 95 %; the
/// interval is all values whose collection has the estimate that there is. It holds the truth in 95 of
/// 100 cases wherever the truth lies, is never empty, and far from the bounds is ± 1.96 deviations.
///
/// - Source: Feldman, Cousins 1998, doi 10.1103/PhysRevD.57.3873, section IV B; with two bounds.
struct BoundedInterval {
  /// Ends, inside the bounds.
  let range: ClosedRange<Double>

  /// Deviations that 95 % of normal numbers lie within.
  private static let normalReach = 1.959_963_985
  private static let share = 0.95

  /// - Parameters:
  ///   - estimate: where the data alone would have it, inside the bounds or not.
  ///   - deviation: of the estimate, above 0.
  init(estimate: Double, deviation: Double, bounds: ClosedRange<Double>) {
    let belt = Belt(low: bounds.lowerBound / deviation, high: bounds.upperBound / deviation)
    let x = estimate / deviation
    let best = min(max(x, belt.low), belt.high)
    // Where the estimate is far outside, the ends meet the bound to rounding.
    let first = Self.edge(from: max(belt.low, best - 2), to: best) { belt.reach(of: $0).high >= x }
    let last = Self.edge(from: min(belt.high, best + 2), to: best) { belt.reach(of: $0).low <= x }
    let low = min(max(first * deviation, bounds.lowerBound), bounds.upperBound)
    range = low...min(max(last * deviation, low), bounds.upperBound)
  }

  /// The first value on the way that is accepted; the last one always is.
  private static func edge(
    from start: Double, to end: Double, isAccepted: (Double) -> Bool
  ) -> Double {
    guard !isAccepted(start) else { return start }
    var (outside, inside) = (start, end)
    for _ in 0..<50 {
      let middle = (outside + inside) / 2
      if isAccepted(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }

  /// Which estimates belong to a value between two bounds; all in deviations.
  private struct Belt {
    let low: Double
    let high: Double

    /// 95 % of the estimates that a true value brings forth.
    func reach(of value: Double) -> (low: Double, high: Double) {
      // The likelihood ratio that is enough: of a value far from the bounds that of its deviations.
      var (little, enough) = (0.0, normalReach * normalReach)
      for _ in 0..<50 {
        let middle = (little + enough) / 2
        let ends = ends(value, middle)
        if normal(ends.high - value) - normal(ends.low - value) < share {
          little = middle
        } else {
          enough = middle
        }
      }
      return ends(value, enough)
    }

    /// Estimates x with (x - value)² - (x - the closest inside the bounds)² at most `excess`.
    private func ends(_ value: Double, _ excess: Double) -> (low: Double, high: Double) {
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

    private func normal(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  }
}
