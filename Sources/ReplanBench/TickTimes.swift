/// How long ticks took, sorted.
public struct TickTimes: Sendable, Equatable {
  /// In ns, rising.
  private let sorted: [Int64]
  /// Ticks that ended in the fallback, so that their time says little.
  public let fallbacks: Int

  /// - Precondition: at least one time, in ns.
  public init(nanoseconds: [Int64], fallbacks: Int = 0) {
    precondition(!nanoseconds.isEmpty, "there are times")
    sorted = nanoseconds.sorted()
    self.fallbacks = fallbacks
  }

  public var count: Int { sorted.count }

  /// The least time that a share of the ticks does not exceed, 0 < share <= 1.
  ///
  /// - Units: µs.
  public func quantile(_ share: Double) -> Double {
    let rank = Int((share * Double(sorted.count)).rounded(.up))
    return Double(sorted[Swift.min(Swift.max(rank, 1), sorted.count) - 1]) / 1000
  }

  public var p50: Double { quantile(0.5) }
  public var p90: Double { quantile(0.9) }
  public var p99: Double { quantile(0.99) }
  public var max: Double { quantile(1) }
}
