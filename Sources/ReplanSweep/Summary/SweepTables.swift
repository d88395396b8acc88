import Foundation

/// A sweep's tables as comma-separated values.
public enum SweepTables {
  /// One line a robot and setting.
  public static func summary(_ summary: SweepSummary) -> String {
    let head = [
      "robot", "setting", "jobs", "done", "failed", "successes", "median_s", "min_s", "max_s",
      "ci95_low_s", "ci95_high_s", "wall_s", "errors",
    ]
    let rows = summary.rows.map { row in
      [
        row.robot, row.label, "\(row.jobs)", "\(row.done)", "\(row.failed)", "\(row.successes)",
        text(row.median), text(row.least), text(row.most), text(row.low), text(row.high),
        text(row.wallTime), (row.errors ?? []).map { "\($0)" }.joined(separator: " "),
      ]
    }
    return csv([head] + rows)
  }

  /// One line a job; those that have no result yet are in it too.
  public static func jobs(_ jobs: [SweepJob], results: (SweepJob) -> JobResult?) -> String {
    let head = [
      "robot", "setting", "seed", "state", "success", "experience_s", "episodes", "wall_s",
      "starts", "reason", "folder",
    ]
    let rows = jobs.map { job in
      let result = results(job)
      return [
        job.robot, job.setting.label, "\(job.seed)", result?.state.rawValue ?? "open",
        result.map { "\($0.isSuccess)" } ?? "", text(result?.experience),
        result?.episodes.map(String.init) ?? "", text(result?.wallTime),
        result.map { "\($0.starts)" } ?? "", result?.reason ?? "", job.path,
      ]
    }
    return csv([head] + rows)
  }

  private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  /// - Source: RFC 4180.
  private static func csv(_ rows: [[String]]) -> String {
    rows.map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  private static func cell(_ text: String) -> String {
    let needsQuotes = text.contains { ",\"\n\r".contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
