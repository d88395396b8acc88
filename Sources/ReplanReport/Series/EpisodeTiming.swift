import Foundation
import ReplanRecord

/// How long things took in an episode; nil where its records tell nothing of it.
struct EpisodeTiming: Encodable {
  var tick: TimeHistogram?
  /// Lateness of the tick's start.
  var wake: TimeHistogram?
  /// From an observation's arrival to the sending of the action planned from it.
  var latency: TimeHistogram?
  /// From the sending of an action to the first observation under it.
  var transport: TimeHistogram?

  init?(_ episode: Episode) {
    guard !episode.ticks.isEmpty else { return nil }
    tick = TimeHistogram(episode.ticks.map(\.tickMicroseconds))
    wake = TimeHistogram(episode.ticks.map(\.wakeMicroseconds))
    latency = TimeHistogram(episode.ticks.map(\.latencyMicroseconds))
    transport = TimeHistogram(episode.ticks.map(\.transportMicroseconds))
  }
}

/// Counts of times in bins that are alike for all histograms of a page, and exact quantiles.
struct TimeHistogram: Encodable, Equatable {
  /// Edges of the bins, µs: 1 µs to 10 s, twenty to a decade. What lies outside is in the first or last.
  static let edges = (0...140).map { pow(10, Double($0) / 20) }

  /// Up to the last one that is not empty.
  var counts: [Int]
  var count: Int
  var p50: Double
  var p99: Double
  var max: Double

  /// nil without any time above 0: in lockstep nothing is waited for.
  init?(_ times: [Double]) {
    let sorted = times.filter { $0.isFinite && $0 > 0 }.sorted()
    guard let last = sorted.last else { return nil }
    func quantile(_ share: Double) -> Double {
      sorted[Swift.max(0, Int((Double(sorted.count) * share).rounded(.up)) - 1)]
    }
    count = sorted.count
    p50 = quantile(0.5)
    p99 = quantile(0.99)
    max = last
    let bins = Self.edges.count - 1
    counts = [Int](repeating: 0, count: bins)
    for time in sorted {
      let bin = Int((log10(time) * 20).rounded(.down))
      counts[Swift.min(Swift.max(bin, 0), bins - 1)] += 1
    }
    counts.removeLast(counts.reversed().prefix { $0 == 0 }.count)
  }
}
