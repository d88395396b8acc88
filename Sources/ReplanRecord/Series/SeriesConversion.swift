/// A series on a robot's tick: its runs of samples, and a report of what was done.
///
/// Irregular sampling is never taken for uniform: rows become samples only if their interval is the
/// tick and steady (or the caller says so), otherwise samples are interpolated; nothing is carried
/// across a gap.
public struct SeriesConversion: Sendable, Equatable {
  public let channels: SeriesChannels
  public let runs: [SampledRun]
  public let report: SeriesReport

  /// - Throws: `mapping` if columns and channels do not fit, `table` if no two rows can be used.
  public init(
    _ series: Series, to channels: SeriesChannels, map: ColumnMap = ColumnMap(),
    settings: SeriesSettings
  ) throws(RecordError) {
    let values = try map.values(of: series, for: channels)
    let costs = map.costs(of: series)
    let time = try SeriesTime(series, settings)
    var report = SeriesReport(
      path: series.path, rows: series.count, tick: settings.tick, time: time.origin)
    report.cutBytes = series.cutBytes
    let usable = try UsableRows(
      series, time: time.seconds, values: values, names: channels.names, settings: settings,
      report: &report)
    report.isInterpolated = Self.interpolates(report, settings)
    let ranges = zip(channels.observations, values).map { channel, column in
      channel.isAngle ? AngleRange(of: column) : nil
    }
    var runs: [SampledRun] = []
    for range in usable.runs {
      let rows = usable.rows[range]
      let source = RunSource(
        channels: channels, times: Array(usable.times[range]),
        values: values.map { column in rows.map { column[$0] } }, costs: rows.map { costs[$0] },
        ranges: ranges, actionTiming: settings.actionTiming)
      let run = report.isInterpolated ? source.interpolated(settings) : source.asRecorded()
      if run.count > 1 { runs.append(run) }
    }
    guard !runs.isEmpty else {
      throw .table(
        path: series.path, line: series.lines[0],
        reason: "no two rows are a tick of \(settings.tick) s apart without a gap between them")
    }
    report.runs = runs.count
    report.samples = runs.reduce(0) { $0 + $1.count }
    self.channels = channels
    self.runs = runs
    self.report = report
  }

  private static func interpolates(_ report: SeriesReport, _ settings: SeriesSettings) -> Bool {
    switch settings.sampling {
    case .rows: false
    case .interpolate: true
    case .automatic: !(report.mismatch.magnitude <= 0.02 && report.jitter <= 0.05)
    }
  }
}
