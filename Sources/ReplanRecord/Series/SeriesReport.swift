/// What a series was like and what became of its rows.
public struct SeriesReport: Sendable, Equatable, Encodable {
  /// Intervals between rows, s; the mean and its deviation without the gaps.
  public struct Intervals: Sendable, Equatable, Encodable {
    public var median = Double.nan
    public var mean = Double.nan
    public var deviation = Double.nan
    public var least = Double.nan
    public var greatest = Double.nan

    enum CodingKeys: String, CodingKey {
      case median = "median_s"
      case mean = "mean_s"
      case deviation = "deviation_s"
      case least = "least_s"
      case greatest = "greatest_s"
    }
  }

  /// Rows that were left out for one reason.
  public struct Drop: Sendable, Equatable, Encodable {
    public var reason: String
    public var rows: Int
    /// The line of the first of them.
    public var line: Int
  }

  public var path: String
  public var rows: Int
  /// Samples on the tick, and the unbroken runs that they form.
  public var samples = 0
  public var runs = 0
  public var tick: Double
  /// Where the times come from.
  public var time: String
  public var intervals = Intervals()
  /// Intervals too long to be one tick, and the rows that are missing in them.
  public var gaps = 0
  public var missedRows = 0
  /// How often time ran backwards; a new run begins there.
  public var restarts = 0
  /// True if samples lie between rows.
  public var isInterpolated = false
  public var drops: [Drop] = []
  /// Bytes of a last row that its writer did not finish.
  public var cutBytes = 0

  enum CodingKeys: String, CodingKey {
    case path = "file"
    case rows, samples, runs, time, intervals, gaps, restarts, drops
    case tick = "tick_s"
    case missedRows = "missed_rows"
    case isInterpolated = "interpolated"
    case cutBytes = "cut_bytes"
  }

  /// Standard deviation of the interval as a share of it.
  public var jitter: Double { intervals.deviation / intervals.median }

  /// How much longer the recording's interval is than the tick, as a share of it.
  public var mismatch: Double { intervals.median / tick - 1 }

  mutating func drop(_ reason: String, line: Int) {
    guard let place = drops.firstIndex(where: { $0.reason == reason }) else {
      drops.append(Drop(reason: reason, rows: 1, line: line))
      return
    }
    drops[place].rows += 1
  }
}

extension SeriesReport {
  /// The report in sentences, the important first.
  public var lines: [String] {
    func ms(_ seconds: Double) -> String { "\((seconds * 1e6).rounded() / 1e3) ms" }
    func counted(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)" + (count == 1 ? "" : "s")
    }
    func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
    var lines = [
      "\(counted(rows, "row")), \(counted(samples, "sample")) of \(ms(tick)) in "
        + counted(runs, "unbroken run"),
      "time from \(time): interval \(ms(intervals.mean)) +- \(ms(intervals.deviation)), "
        + "\(ms(intervals.least)) to \(ms(intervals.greatest))",
    ]
    if isInterpolated {
      lines.append(
        "interpolated onto the tick: observations linearly, actions held and averaged")
    } else if mismatch.magnitude > 0.001 {
      lines.append(
        "rows are taken as samples, though their interval is \(percent(mismatch.magnitude)) "
          + (mismatch > 0 ? "longer" : "shorter") + " than the tick")
    } else {
      lines.append("rows are taken as samples")
    }
    if gaps > 0 {
      lines.append(
        "\(counted(gaps, "gap")) with \(counted(missedRows, "row")) missing; nothing is carried across"
      )
    }
    if restarts > 0 {
      lines.append("time runs backwards at \(counted(restarts, "row")); a run begins there")
    }
    for drop in drops {
      lines.append(
        "\(counted(drop.rows, "row")) left out, the first in line \(drop.line): \(drop.reason)")
    }
    if cutBytes > 0 { lines.append("the last row is cut off and left out") }
    return lines
  }
}
