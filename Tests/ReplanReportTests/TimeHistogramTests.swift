import Testing

@testable import ReplanReport

struct TimeHistogramTests {
  @Test func everyTimeIsCountedInItsBin() throws {
    let times: [Double] = [1, 1.05, 9.9, 10, 999, 1000, 20_000, 0.2, 1e9]
    let histogram = try #require(TimeHistogram(times))
    #expect(histogram.counts.reduce(0, +) == times.count && histogram.count == times.count)
    for (bin, count) in histogram.counts.enumerated() {
      let edges = TimeHistogram.edges
      let isLast = bin == edges.count - 2
      let inside = times.count {
        ($0 >= edges[bin] * (1 - 1e-12) || bin == 0)
          && ($0 < edges[bin + 1] * (1 - 1e-12) || isLast)
      }
      #expect(count == inside, "\(edges[bin])")
    }
    #expect(histogram.max == 1e9)
  }

  @Test func quantilesAreTimesThatWereMet() throws {
    let histogram = try #require(TimeHistogram((1...1000).reversed().map { Double($0) }))
    #expect(histogram.p50 == 500 && histogram.p99 == 990 && histogram.max == 1000)
  }

  @Test func withoutATimeThereIsNone() {
    #expect(TimeHistogram([]) == nil)
    #expect(TimeHistogram([0, 0, .nan, -1]) == nil)
  }
}
