public import ReplanRealtime
import ReplanRobot

/// One pair of slices, with pages that look on and without.
public struct WatchSlice: Sendable, Encodable {
  let event = "watch_slice"
  /// From 1.
  public var index: Int
  public var seconds: Double
  public var watched: Latencies
  public var alone: Latencies
  /// Of the p99 wake-up latencies, watched over alone.
  public var ratio: Double
}

/// All slices together.
public struct WatchSummary: Sendable, Encodable {
  let event = "watch"
  public var rate: Double
  /// Of one side.
  public var seconds: Double
  public var slices: Int
  public var cpu: Int
  public var clients: Int
  public var watched: Latencies
  public var alone: Latencies
  public var ratio: Spread?
  /// What the pages were sent in all.
  public var bytes = 0
  /// Of the watched slices.
  public var counts = LoopCounts()
  public var isRealtime = false
  /// What was not granted.
  public var remarks: [String] = []
  private var watchedTotal = LatencyHistogram()
  private var aloneTotal = LatencyHistogram()
  private var ratios: [Double] = []

  enum CodingKeys: String, CodingKey {
    case event, seconds, slices, cpu, clients, watched, alone, ratio, bytes, counts, remarks
    case rate = "rate_hz"
    case isRealtime = "realtime"
  }

  init(_ bench: WatchBench, _ robot: RobotDescription) {
    rate = robot.rate
    seconds = bench.schedule.seconds * Double(bench.schedule.pairs)
    slices = bench.schedule.pairs
    (cpu, clients) = (bench.cpu, bench.clients)
    watched = Latencies(watchedTotal)
    alone = Latencies(aloneTotal)
  }

  mutating func add(
    _ watched: Slice, _ alone: Slice, index: Int, seconds: Double
  ) -> WatchSlice {
    watchedTotal.add(watched.wake)
    aloneTotal.add(alone.wake)
    (self.watched, self.alone) = (Latencies(watchedTotal), Latencies(aloneTotal))
    counts.add(watched.counts)
    isRealtime = watched.report.isComplete
    remarks = watched.report.shortfalls.map(\.description)
    let (with, without) = (Latencies(watched.wake), Latencies(alone.wake))
    let slice = WatchSlice(
      index: index, seconds: seconds, watched: with, alone: without,
      ratio: with.ratio(to: without))
    ratios.append(slice.ratio)
    ratio = Spread(ratios)
    return slice
  }

  /// The ratio that looking on must keep.
  public static let largestRatio = 1.3
}
