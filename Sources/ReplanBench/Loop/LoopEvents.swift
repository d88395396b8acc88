public import ReplanRealtime

/// What a latency's distribution comes to, in µs.
public struct Latencies: Sendable, Encodable {
  public var count: Int
  public var p50: Int64
  public var p99: Int64
  public var p999: Int64
  public var max: Int64

  enum CodingKeys: String, CodingKey {
    case count, max = "max_us"
    case p50 = "p50_us"
    case p99 = "p99_us"
    case p999 = "p999_us"
  }

  public init(_ histogram: LatencyHistogram) {
    count = histogram.count
    (p50, p99, p999, max) = (histogram.p50, histogram.p99, histogram.p999, histogram.max)
  }

  /// This p99 over another one; the clock of both tells whole microseconds.
  func ratio(to other: Latencies) -> Double {
    Double(Swift.max(p99, 1)) / Double(Swift.max(other.p99, 1))
  }
}

/// What the control thread did and met while the loop ran.
public struct LoopCounts: Sendable, Encodable {
  public var ticks = 0
  /// Allocations, reallocations and releases; nil where the program does not count them.
  public var allocations: Int64? = 0
  public var minorFaults: Int64 = 0
  public var majorFaults: Int64 = 0
  public var voluntarySwitches: Int64 = 0
  public var involuntarySwitches: Int64 = 0
  /// Ticks given up because the one before came too late.
  public var missedTicks = 0
  /// Ticks that were missed before, or ended after the next was due.
  public var overruns = 0
  /// Observations that a newer one overtook before a tick saw them.
  public var skippedObservations = 0
  /// Samples that the plant took and the loop never saw.
  public var lostSamples = 0
  /// Frames that the parser missed, by their sequence, and such as had a wrong checksum.
  public var lostFrames = 0
  public var badFrames = 0
  public var fallbacks = 0

  enum CodingKeys: String, CodingKey {
    case ticks, allocations, overruns, fallbacks
    case minorFaults = "minor_faults"
    case majorFaults = "major_faults"
    case voluntarySwitches = "voluntary_switches"
    case involuntarySwitches = "involuntary_switches"
    case missedTicks = "missed_ticks"
    case skippedObservations = "skipped_observations"
    case lostSamples = "lost_samples"
    case lostFrames = "parser_gaps"
    case badFrames = "bad_frames"
  }

  mutating func add(_ other: LoopCounts) {
    ticks += other.ticks
    allocations = allocations.flatMap { own in other.allocations.map { own + $0 } }
    minorFaults += other.minorFaults
    majorFaults += other.majorFaults
    voluntarySwitches += other.voluntarySwitches
    involuntarySwitches += other.involuntarySwitches
    missedTicks += other.missedTicks
    overruns += other.overruns
    skippedObservations += other.skippedObservations
    lostSamples += other.lostSamples
    lostFrames += other.lostFrames
    badFrames += other.badFrames
    fallbacks += other.fallbacks
  }
}

/// One pair of slices.
public struct LoopSlice: Sendable, Encodable {
  let event = "loop_slice"
  /// From 1.
  public var index: Int
  public var seconds: Double
  public var loop: Latencies
  /// Nil where it is not installed.
  public var cyclictest: Latencies?
  /// Of the p99 wake-up latencies, ours over its.
  public var ratio: Double?
  public var counts: LoopCounts
}

/// All slices together.
public struct LoopSummary: Sendable, Encodable {
  let event = "loop"
  public var rate: Double
  /// Of the loop alone.
  public var seconds: Double
  public var slices: Int
  public var cpu: Int
  public var priority: Int
  public var loop: Latencies
  /// The work of a tick.
  public var tick: Latencies
  public var cyclictest: Latencies?
  /// Of the p99 wake-up latencies of the pairs, ours over cyclictest's.
  public var ratio: Spread?
  public var counts: LoopCounts
  /// Whether priority, processor and locked memory were granted.
  public var isRealtime: Bool
  /// What was not granted or is missing.
  public var remarks: [String]

  enum CodingKeys: String, CodingKey {
    case event, seconds, slices, cpu, priority, loop, tick, cyclictest, ratio, counts, remarks
    case rate = "rate_hz"
    case isRealtime = "realtime"
  }

  /// The ratio that the loop must keep.
  public static let largestRatio = 1.3
}
