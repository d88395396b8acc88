import Histogram

/// The distribution of a latency, from 1 µs to 10 s with three significant digits.
///
/// Filled off the control thread, from its records. The range is fixed so that two histograms
/// always add up; what lies beyond counts as 10 s, and `max` still tells the truth.
///
/// - Source: G. Tene, HdrHistogram, http://hdrhistogram.org
public struct LatencyHistogram: Sendable {
  private static let highest: UInt64 = 10_000_000
  private var histogram = Histogram<UInt64>(
    lowestDiscernibleValue: 1, highestTrackableValue: highest,
    numberOfSignificantValueDigits: .three)

  /// The largest value recorded, exactly.
  ///
  /// - Units: µs.
  public private(set) var max: Int64 = 0

  public init() {}

  /// Records one latency.
  ///
  /// - Units: µs. A negative one, which a clock's resolution can produce, counts as zero.
  public mutating func record(microseconds: Int64) {
    let value = UInt64(Swift.max(microseconds, 0))
    histogram.record(Swift.min(value, Self.highest))
    max = Swift.max(max, Int64(value))
  }

  /// Records one latency that a clock measured, rounded to the nearest microsecond.
  ///
  /// - Units: ns.
  public mutating func record(nanoseconds: Int64) {
    record(microseconds: (Swift.max(nanoseconds, 0) + 500) / 1000)
  }

  /// Adds everything that another histogram has recorded.
  public mutating func add(_ other: LatencyHistogram) {
    histogram.add(other.histogram)
    max = Swift.max(max, other.max)
  }

  /// How many latencies have been recorded.
  public var count: Int { Int(histogram.totalCount) }

  /// The value that half of the latencies do not exceed, in µs.
  public var p50: Int64 { percentile(50) }
  /// The value that 99 % of the latencies do not exceed, in µs.
  public var p99: Int64 { percentile(99) }
  /// The value that 99.9 % of the latencies do not exceed, in µs.
  public var p999: Int64 { percentile(99.9) }

  /// The value that a given percentage of the latencies does not exceed; 0 when there are none.
  ///
  /// - Units: µs.
  /// - Precondition: 0 ≤ percentage ≤ 100.
  public func percentile(_ percentage: Double) -> Int64 {
    precondition((0...100).contains(percentage), "a percentage lies between 0 and 100")
    guard count > 0 else { return 0 }
    // A bucket answers with its upper end, which may lie above everything recorded.
    return Swift.min(Int64(histogram.valueAtPercentile(percentage)), max)
  }
}
