/// The median of a sample, and an interval that holds that of the distribution.
///
/// Values above all others may be unknown: runs that had not succeeded when they ended. They count as
/// longer than every success, which is what they are, so that giving up early makes no figure better.
///
/// - Source: order statistics, David and Nagaraja 2003, Order Statistics, 3rd edition, section 7.1:
///   P(X₍ₗ₎ ≤ median ≤ X₍ₙ₊₁₋ₗ₎) = 1 − 2 P(Bin(n, ½) < l), whatever the distribution.
public struct Median: Sendable, Equatable {
  /// nil if it lies among the unknown values, or there is no value at all.
  public let value: Double?
  /// Covers the distribution's median in 95 % of all samples at least; nil with fewer than 6 values.
  /// An end that lies among the unknown values is infinite.
  public let interval: ClosedRange<Double>?

  /// - Parameter unknown: how many values are above all of `values`.
  public init(_ values: [Double], unknown: Int = 0) {
    let sorted = values.sorted() + [Double](repeating: .infinity, count: unknown)
    let count = sorted.count
    guard count > 0 else {
      value = nil
      interval = nil
      return
    }
    let middle = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    value = middle.isFinite ? middle : nil
    let rank = Self.rank(of: count)
    interval = rank > 0 ? sorted[rank - 1]...sorted[count - rank] : nil
  }

  /// The largest l with P(Bin(n, ½) < l) at most 2.5 %; 0 if there is none.
  static func rank(of count: Int) -> Int {
    // From the middle outwards the terms would underflow only beyond a thousand values; then the
    // normal distribution is as good.
    guard count <= 1000 else {
      return Int(0.5 * Double(count) - 0.98 * Double(count).squareRoot())
    }
    var term = 1.0
    for _ in 0..<count { term /= 2 }
    var (sum, rank) = (term, 0)
    while sum <= 0.025 {
      rank += 1
      term *= Double(count - rank + 1) / Double(rank)
      sum += term
    }
    return rank
  }
}
