/// Results as lines for people: a row a scenario, below it what was not met.
public struct ScenarioTable: Sendable {
  private let width: Int

  /// - Parameter names: of all scenarios, so that the columns align from the first row on.
  public init(names: [String]) {
    width = max(8, names.map(\.count).max() ?? 0)
  }

  public var head: String { row("scenario", "result", "time", "") }

  /// - Returns: one line or more, without the last line's end.
  public func lines(_ result: ScenarioResult) -> String {
    let seconds = (result.seconds * 10).rounded() / 10
    let isShort = result.reason.map { !$0.contains("\n") } ?? true
    var lines = [
      row(result.name, result.word, "\(seconds) s", isShort ? result.reason ?? "" : "")
    ]
    if !isShort, let reason = result.reason {
      lines += reason.split(separator: "\n").map { "  \($0)" }
    }
    lines += result.failures.map { "  expected: \($0.what); measured: \($0.measured)" }
    if let kept = result.kept { lines.append("  episode: \(kept)") }
    return lines.joined(separator: "\n")
  }

  public func foot(_ results: [ScenarioResult]) -> String {
    "\(results.passed) passed, \(results.failed) failed, \(results.skipped) skipped, "
      + "\(results.errors) could not be run"
  }

  private func row(_ name: String, _ result: String, _ time: String, _ rest: String) -> String {
    let cells = [padded(name, width), padded(result, 7), padded(time, 7), rest]
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
