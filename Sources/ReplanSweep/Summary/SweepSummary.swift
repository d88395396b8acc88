/// The figures of a robot under one setting, over all seeds.
public struct SweepRow: Sendable, Encodable {
  public var robot: String
  /// Values by dotted key.
  public var setting: [String: String]
  /// The same in words, in the order of the sweep's file.
  public var label: String
  public var command: SweepCommand
  /// Jobs in all, such that ran to their end, and such that failed.
  public var jobs: Int
  public var done: Int
  public var failed: Int
  public var successes: Int
  /// Armed time to success, s; those without success count as longer than any. nil where a figure
  /// does not exist.
  public var median: Double?
  public var least: Double?
  public var most: Double?
  /// 95 % interval of the median; an upper end of nil says that there is no bound.
  public var low: Double?
  public var high: Double?
  /// Median wall time of a job, s.
  public var wallTime: Double?
  /// Of `refit`: median one-step error of each channel, in its unit.
  public var errors: [Double]?

  enum CodingKeys: String, CodingKey {
    case robot, setting, label, command, jobs, done, failed, successes, errors
    case median = "median_s"
    case least = "min_s"
    case most = "max_s"
    case low = "ci95_low_s"
    case high = "ci95_high_s"
    case wallTime = "wall_s"
  }
}

/// The table of a sweep: one row a robot and setting.
public struct SweepSummary: Sendable {
  public let rows: [SweepRow]

  public init(_ spec: SweepSpec, results: (SweepJob) -> JobResult?) {
    let jobs = spec.jobs
    rows = spec.variants.indices.map { index in
      let own = jobs[index * spec.seeds.count..<(index + 1) * spec.seeds.count]
      return SweepRow(spec, spec.variants[index], own.map(results))
    }
  }
}

extension SweepRow {
  fileprivate init(
    _ spec: SweepSpec, _ variant: SweepSpec.Variant, _ results: [JobResult?]
  ) {
    let done = results.compactMap { $0 }.filter { $0.state == .done }
    let successes = done.filter(\.isSuccess)
    let seconds = spec.command == .learn ? successes.compactMap(\.experience) : []
    let median = Median(
      seconds, unknown: spec.command == .learn ? done.count - successes.count : 0)
    self.init(
      robot: variant.robot,
      setting: Dictionary(
        uniqueKeysWithValues: variant.setting.pairs.map { ($0.key, $0.value) }),
      label: variant.setting.label, command: spec.command, jobs: results.count,
      done: done.count, failed: results.count { $0?.state == .failed },
      successes: successes.count, median: median.value, least: seconds.min(),
      most: seconds.max(), low: median.interval?.lowerBound.finite,
      high: median.interval?.upperBound.finite, wallTime: Median(done.map(\.wallTime)).value,
      errors: spec.command == .refit ? Self.medians(done.compactMap(\.errors)) : nil)
  }

  /// The median of each channel.
  private static func medians(_ errors: [[Float]]) -> [Double]? {
    guard let first = errors.first else { return nil }
    return first.indices.map { channel in
      Median(errors.map { Double($0[channel]) }).value ?? .nan
    }
  }
}

extension Double {
  fileprivate var finite: Double? { isFinite ? self : nil }
}
