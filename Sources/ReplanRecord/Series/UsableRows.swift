/// The rows of a series that can be used, in unbroken runs.
struct UsableRows {
  /// Row numbers; within a run times rise without a gap.
  private(set) var runs: [Range<Int>] = []
  /// The rows of all runs, one after another, which `runs` index.
  private(set) var rows: [Int] = []
  /// Times of the rows. They rise across runs too, also where the file's clock was set back.
  private(set) var times: [Double] = []

  /// Sorts rows out, looks at the intervals and splits at gaps; tells all of it to the report.
  ///
  /// - Parameter values: one array a channel, of one value a row.
  init(
    _ series: Series, time: [Double], values: [[Double]], names: [String],
    settings: SeriesSettings, report: inout SeriesReport
  ) throws(RecordError) {
    var starts: [Int] = []
    var offset = 0.0
    for row in 0..<series.count {
      let line = series.lines[row]
      guard time[row].isFinite else {
        report.drop("there is no time", line: line)
        continue
      }
      if let missing = names.indices.first(where: { !values[$0][row].isFinite }) {
        report.drop("there is no value of \(names[missing])", line: line)
        continue
      }
      if let last = rows.last {
        if time[row] == time[last] {
          report.drop("the time is that of the row before", line: line)
          continue
        }
        if time[row] < time[last] {
          report.restarts += 1
          starts.append(rows.count)
          offset = times[times.count - 1] + 2 * settings.tick - time[row]
        }
      }
      rows.append(row)
      times.append(time[row] + offset)
    }
    guard rows.count >= 2 else {
      let reasons = report.drops.map { "\($0.rows) rows: \($0.reason)" }.joined(separator: "; ")
      throw .table(
        path: series.path, line: series.lines.first ?? 1,
        reason: "\(rows.count) of \(series.count) rows can be used"
          + (reasons.isEmpty ? "" : " (\(reasons))"))
    }
    split(at: starts, settings, &report)
    dropSingles(series, &report)
  }

  private mutating func split(
    at starts: [Int], _ settings: SeriesSettings, _ report: inout SeriesReport
  ) {
    let restarts = Set(starts)
    let steps = rows.indices.dropFirst().filter { !restarts.contains($0) }
    let intervals = steps.map { times[$0] - times[$0 - 1] }
    guard !intervals.isEmpty else {
      runs = rows.indices.map { $0..<$0 + 1 }
      return
    }
    let sorted = intervals.sorted()
    let median = sorted[sorted.count / 2]
    let usual = sorted.prefix { $0 <= settings.gap * median }
    let mean = usual.reduce(0, +) / Double(usual.count)
    let variance = usual.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(usual.count)
    report.intervals = SeriesReport.Intervals(
      median: median, mean: mean, deviation: variance.squareRoot(), least: sorted[0],
      greatest: sorted[sorted.count - 1])
    report.gaps = intervals.count - usual.count
    var start = 0
    for row in rows.indices.dropFirst() {
      let interval = times[row] - times[row - 1]
      let isRestart = restarts.contains(row)
      guard isRestart || interval > settings.gap * median else { continue }
      if !isRestart { report.missedRows += max(1, Int((interval / median).rounded()) - 1) }
      runs.append(start..<row)
      start = row
    }
    runs.append(start..<rows.count)
  }

  /// A sample without a neighbour says nothing of the dynamics.
  private mutating func dropSingles(_ series: Series, _ report: inout SeriesReport) {
    for run in runs where run.count == 1 {
      report.drop(
        "it stands alone between two gaps", line: series.lines[rows[run.lowerBound]])
    }
    runs.removeAll { $0.count == 1 }
  }
}
