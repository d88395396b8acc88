import Testing

@testable import ReplanSweep

/// Medians, and the ranks of their intervals.
@Suite struct MedianTests {
  /// Ranks of the shortest symmetric interval of at least 95 %, as tables of the sign test have them.
  @Test(arguments: [(5, 0), (6, 1), (8, 1), (9, 2), (10, 2), (12, 3), (20, 6), (50, 18), (100, 40)])
  func ranksAreThoseOfTheBinomialDistribution(count: Int, rank: Int) {
    #expect(Median.rank(of: count) == rank)
  }

  @Test func beyondAThousandValuesTheRanksGoOn() {
    // 1001 values exactly: 470; the normal approximation may be off by one.
    #expect(abs(Median.rank(of: 1001) - Median.rank(of: 1000)) <= 1)
  }

  @Test func medianIsTheMiddle() {
    #expect(Median([3, 1, 2]).value == 2)
    #expect(Median([4, 1, 2, 3]).value == 2.5)
    #expect(Median([]).value == nil && Median([]).interval == nil)
  }

  @Test func intervalTakesTheRankedValues() {
    let median = Median((1...10).map(Double.init))
    #expect(median.interval == 2...9)
    #expect(Median([1, 2, 3, 4, 5]).interval == nil)
  }

  @Test func whatHasNotSucceededIsLongerThanAllElse() {
    #expect(Median([1, 2, 3], unknown: 1).value == 2.5)
    #expect(Median([1, 2, 3], unknown: 3).value == nil)
    #expect(Median([], unknown: 4).value == nil)
    let median = Median([1, 2, 3, 4, 5, 6, 7, 8], unknown: 2)
    #expect(median.interval == 2...Double.infinity)
  }

  /// The promise itself, on 4000 samples of a skewed distribution whose median is ln 2.
  @Test func intervalCoversTheMedianAsPromised() {
    var generator = SplitMix(state: 7)
    var covered = 0
    for _ in 0..<4000 {
      let sample = (0..<12).map { _ in -logarithm(1 - generator.unit()) }
      if let interval = Median(sample).interval, interval.contains(0.693_147) { covered += 1 }
    }
    // Ranks 3 and 10 of 12 cover 96.1 %.
    #expect((0.95...0.972).contains(Double(covered) / 4000))
  }

  private func logarithm(_ x: Double) -> Double {
    // Series of artanh; x is in (0, 1].
    let (e, m) = (x.exponent, x.significand)
    let t = (m - 1) / (m + 1)
    let series = (0..<40).reduce(0.0) { sum, k in
      var power = t
      for _ in 0..<2 * k { power *= t }
      return sum + power / Double(2 * k + 1)
    }
    return 2 * series + Double(e) * 0.693_147_180_559_945
  }

  private struct SplitMix {
    var state: UInt64

    mutating func unit() -> Double {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 11) / Double(1 << 53)
    }
  }
}
