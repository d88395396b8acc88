import Foundation
import ReplanDoctor
import ReplanRealtime
import Synchronization

/// The doctor's findings as a table on standard output, or as objects with `--json`; remedies come
/// last and each only once.
final class DoctorTable: Sendable {
  private struct State {
    var checks: [Check] = []
    var hasEnded = false
  }

  private let console: Console
  private let state = Mutex(State())

  init(_ console: Console) { self.console = console }

  func progress(_ what: String, _ share: Double) {
    console.redraw("measuring \(what): \(Int((100 * share).rounded())) %")
  }

  func show(_ check: Check) {
    let isFirst = state.withLock { state in
      state.checks.append(check)
      return state.checks.count == 1
    }
    console.object(check)
    guard !console.isJSON else { return }
    if isFirst { console.result(column("check", 24) + column("finding", 10) + "found") }
    console.result(column(check.name, 24) + column(check.finding.rawValue, 10) + check.found)
  }

  func show(_ wake: WakeLatency) {
    console.object(wake)
    if !console.isJSON {
      console.result("")
      console.result(
        "wake-up latency at \(text(wake.rate, 0)) Hz, \(wake.count) ticks in "
          + "\(text(wake.seconds, 1)) s" + (wake.missed > 0 ? ", \(wake.missed) missed" : ""))
      console.result("           p50       p99     p99.9       max")
      let values = [wake.p50, wake.p99, wake.p999, wake.max]
      console.result("us    " + values.map { pad("\($0)", 8) }.joined(separator: "  "))
      console.result(
        "share "
          + values.map { pad(text(100 * wake.share($0), 2) + " %", 8) }
          .joined(separator: "  ") + "  of the period")
      // The remedies are those of the checks, which come last.
      for shortfall in wake.report.shortfalls {
        console.result("not granted: \(shortfall.what): \(shortfall.why)")
      }
      console.result("")
    }
    show(wake.check)
  }

  func show(_ link: LinkFigures) {
    console.object(link)
    if !console.isJSON {
      console.result("")
      console.result("link at \(link.path)      p50       p99       max")
      row("round trip, us", link.roundTrip, link.path)
      row("sample jitter, us", link.jitter, link.path)
      if let offset = link.offset, let drift = link.drift, let error = link.driftError {
        console.result(
          "the plant's clock less ours: \(text(offset * 1e-6, 6)) s, drifting by "
            + "\(text(drift, 1)) ppm (+- \(text(error, 1)))")
      }
      console.result(
        "\(link.samples) samples at \(text(link.sampleRate, 2)) Hz, \(link.lostSamples) lost; "
          + "\(link.roundTrips) round trips, \(link.unanswered) unanswered")
      console.result("")
    }
    for check in link.checks { show(check) }
  }

  private func row(_ name: String, _ spread: LinkFigures.Spread, _ path: String) {
    console.result(
      column(name, "link at \(path)".count + 1)
        + [spread.p50, spread.p99, spread.max].map { pad("\($0)", 8) }.joined(separator: "  "))
  }

  func show(_ finding: LatencyFinding, rate: Double, _ checks: [Check]) {
    console.object(finding)
    if !console.isJSON {
      console.result("")
      console.result("latency  residual  1: the action so many ticks before explains nothing")
      for (ticks, residual) in finding.residuals.enumerated() {
        let mark = ticks == finding.ticks ? "  <" : ""
        console.result(
          pad("\(ticks)", 7) + pad(text(residual, 3), 10) + "  " + BenchTable.bar(residual) + mark)
      }
      console.result(
        "\(finding.ticks) ticks, \(text(1000 * Double(finding.ticks) / rate, 1)) ms, from "
          + "\(finding.transitions) transitions; the runner-up's residual is "
          + "\(text(finding.confidence, 2)) times as large"
          + (finding.isClear ? "" : ": not clear"))
      console.result("")
    }
    for check in checks { show(check) }
  }

  /// Remedies and the sum; the second call does nothing.
  ///
  /// - Returns: the number of problems.
  @discardableResult
  func end() -> Int {
    struct DoctorEvent: Encodable {
      let event = "doctor"
      var problems: Int
      var warnings: Int
      var unknown: Int
    }
    let (checks, isSecond) = state.withLock { state in
      defer { state.hasEnded = true }
      return (state.checks, state.hasEnded)
    }
    let count = { (finding: Check.Finding) in checks.count { $0.finding == finding } }
    let problems = count(.problem)
    guard !isSecond else { return problems }
    console.object(
      DoctorEvent(problems: problems, warnings: count(.warning), unknown: count(.unknown)))
    guard !console.isJSON else { return problems }
    remedies(checks)
    console.result(
      "\nproblems: \(problems), warnings: \(count(.warning)), unknown: \(count(.unknown))")
    return problems
  }

  private func remedies(_ checks: [Check]) {
    var told: Set<String> = []
    let order: [Check.Finding] = [.problem, .warning, .unknown]
    for finding in order {
      for check in checks where check.finding == finding && !check.remedy.isEmpty {
        guard told.insert(check.remedy + check.command).inserted else { continue }
        if told.count == 1 { console.result("\nWhat to do") }
        console.result("\(check.name) (\(finding.rawValue)): \(check.why).")
        console.result("  -> \(check.remedy)")
        if !check.command.isEmpty { console.result("     \(check.command)") }
      }
    }
  }

  private func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
