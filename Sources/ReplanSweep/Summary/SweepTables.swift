import Foundation

/// A sweep's tables as comma-separated values.
public enum SweepTables {
  /// One line a robot and setting.
  public static func summary(_ summary: SweepSummary) -> String {
    let head = [
      "robot", "setting", "jobs", "done", "failed", "successes", "median_s", "min_s", "max_s",
      "ci95_low_s", "ci95_high_s", "wall_s", "errors",
    ]
    let rows = summary.rows.map { row -> [String] in
      let counts = [row.jobs, row.done, row.failed, row.successes].map { "\($0)" }
      let seconds = [row.median, row.least, row.most, row.low, row.high, row.wallTime].map(text)
      let errors = (row.errors ?? []).map { "\($0)" }.joined(separator: " ")
      return [row.robot, row.label] + counts + seconds + [errors]
    }
    return csv([head] + rows)
  }

  /// One line a job; those that have no result yet are in it too.
  public static func jobs(_ jobs: [SweepJob], results: (SweepJob) -> JobResult?) -> String {
    let head = [
      "robot", "setting", "seed", "state", "success", "experience_s", "episodes", "wall_s",
      "starts", "reason", "folder",
    ]
    let rows = jobs.map { job -> [String] in
      let own = [job.robot, job.setting.label, "\(job.seed)"]
      guard let result = results(job) else {
        return own + ["open", "", "", "", "", "", "", job.path]
      }
      let episodes = result.episodes.map { "\($0)" } ?? ""
      let figures = [
        result.state.rawValue, "\(result.isSuccess)", text(result.experience), episodes,
        text(result.wallTime), "\(result.starts)", result.reason,
      ]
      return own + figures + [job.path]
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
