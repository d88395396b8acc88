/// Slices of two sides that alternate, so that what the machine does besides meets both alike.
///
/// The side that begins changes from pair to pair: ours, theirs, theirs, ours, …
public struct SliceSchedule: Sendable, Equatable {
  public enum Side: Sendable, Equatable { case ours, theirs }

  /// Pairs of slices.
  public let pairs: Int
  /// Length of a slice, s.
  public let seconds: Double

  /// Pairs that a median is taken over at least, where their number is not given.
  public static let leastPairs = 12
  /// Length of a slice in s, where their number is not given.
  public static let usualSeconds = 2.5

  /// - Parameters:
  ///   - total: time of one side in all slices, s.
  ///   - pairs: nil for slices of the usual length.
  /// - Precondition: both are positive.
  public init(total: Double, pairs: Int? = nil) {
    precondition(total > 0, "a measurement takes time")
    let usual = max(Self.leastPairs, Int((total / Self.usualSeconds).rounded()))
    self.pairs = pairs ?? usual
    precondition(self.pairs > 0, "there is a slice")
    seconds = total / Double(self.pairs)
  }

  /// The sides of a pair in their order.
  public func order(ofPair index: Int) -> [Side] {
    index.isMultiple(of: 2) ? [.ours, .theirs] : [.theirs, .ours]
  }
}

/// The median of some figures, with the least and the largest.
public struct Spread: Sendable, Equatable, Encodable {
  public var median: Double
  public var low: Double
  public var high: Double

  /// - Returns: nil where there are no figures.
  public init?(_ figures: [Double]) {
    let sorted = figures.sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    let middle = sorted.count / 2
    median =
      sorted.count.isMultiple(of: 2) ? 0.5 * (sorted[middle - 1] + sorted[middle]) : sorted[middle]
    (low, high) = (first, last)
  }
}
