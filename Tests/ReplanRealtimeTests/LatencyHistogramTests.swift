import ReplanRealtime
import Testing

@Suite struct LatencyHistogramTests {
  @Test func percentilesOfAKnownDistribution() {
    var histogram = LatencyHistogram()
    for value in 1...10_000 { histogram.record(microseconds: Int64(value)) }
    #expect(histogram.count == 10_000)
    #expect(abs(histogram.p50 - 5000) <= 5)
    #expect(abs(histogram.p99 - 9900) <= 10)
    #expect(abs(histogram.p999 - 9990) <= 10)
    #expect(histogram.max == 10_000)
    #expect(histogram.percentile(100) == 10_000)
  }

  @Test func nothingRecordedGivesZeros() {
    let histogram = LatencyHistogram()
    #expect(histogram.count == 0)
    #expect([histogram.p50, histogram.p99, histogram.p999, histogram.max] == [0, 0, 0, 0])
  }

  @Test func valuesOutOfRangeAreKeptAtItsEnds() {
    var histogram = LatencyHistogram()
    histogram.record(microseconds: -5)
    histogram.record(microseconds: 25_000_000)
    #expect(histogram.count == 2)
    #expect(histogram.percentile(0) == 0)
    #expect(histogram.max == 25_000_000)
    #expect(abs(histogram.percentile(100) - 10_000_000) < 10_000)
  }

  @Test func nanosecondsAreRoundedToTheNearest() {
    var histogram = LatencyHistogram()
    histogram.record(nanoseconds: 1499)
    #expect(histogram.max == 1)
    histogram.record(nanoseconds: 1500)
    #expect(histogram.max == 2)
  }

  @Test func sumsCountEverything() {
    var (first, second) = (LatencyHistogram(), LatencyHistogram())
    first.record(microseconds: 10)
    second.record(microseconds: 30)
    second.record(microseconds: 20)
    first.add(second)
    #expect(first.count == 3)
    #expect(first.p50 == 20)
    #expect(first.max == 30)
  }
}
