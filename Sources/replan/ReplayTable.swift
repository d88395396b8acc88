import Foundation
import ReplanLoop

/// A replay's result as lines on standard output, or as objects with `--json`.
final class ReplayTable {
  /// More rows than these are thinned out.
  private static let rows = 40

  private let console: Console
  private let channels: [String]

  init(_ console: Console, channels: [String]) {
    self.console = console
    self.channels = channels
  }

  func show(_ start: ReplayEvent.Start) {
    console.object(ReplayEvent.start(start))
    guard !console.isJSON else { return }
    let model = start.model.isEmpty ? "" : ", model \(start.model.prefix(12))…"
    console.result(
      "\(start.file): \(start.robot), \(start.kind), \(start.ticks) ticks at "
        + "\(start.rate.formatted()) Hz\(start.lockstep ? " in lockstep" : ""), "
        + "seed \(start.seed)\(model)")
    console.result("recorded by \(start.build), built for \(start.processor)")
    if !start.complete { console.result("cut off while it was written: what follows is lost") }
    if !start.changes.isEmpty {
      console.result("what if: " + start.changes.joined(separator: ", "))
    }
  }

  // MARK: comparison

  func show(_ report: ReplayReport) {
    console.clear()
    if let first = report.first {
      console.object(ReplayEvent.difference(ReplayEvent.Difference(first)))
    }
    console.object(ReplayEvent.end(ReplayEvent.End(report)))
    guard !console.isJSON else { return }
    if let first = report.first {
      console.result(
        "tick \(first.tick): \(first.field) was recorded as \(first.recorded) "
          + "(\(first.recorded.bitText)) and comes out as \(first.recomputed) "
          + "(\(first.recomputed.bitText))")
      console.result(
        "NOT THE SAME: \(report.differentTicks) of \(report.ticks) ticks differ, from tick "
          + "\(first.tick) on")
    } else {
      let refits = report.refits > 0 ? ", \(report.refits) refits taken over" : ""
      console.result(
        "\(report.gap == nil ? "THE SAME" : "the same so far"): \(report.ticks) ticks, "
          + "\(report.fields) values agree bit for bit\(refits)")
    }
    if let gap = report.gap { console.result("NOT VERIFIED \(gap)") }
    console.result(
      "computed in \(text(report.seconds, 2)) s, "
        + "\(text(report.recordedSeconds / max(report.seconds, 1e-9), 1)) times real time")
  }

  // MARK: what-if

  func showHeading() {
    guard !console.isJSON else { return }
    let names = channels.flatMap { [pad($0, 14), pad("what if", 11)] }.joined()
    console.result(
      pad("tick", 6) + pad("plan cost", 12) + pad("what if", 12) + names
        + "  verdicts where they differ")
  }

  func show(_ row: WhatIfTick, of count: Int, from start: Int) {
    console.object(ReplayEvent.whatIf(ReplayEvent.WhatIf(row, channels: channels)))
    let step = (count + Self.rows - 1) / Self.rows
    guard !console.isJSON, (row.tick - start) % step == 0 else { return }
    let actions = channels.indices.map {
      pad(text(Double(row.recorded.action[$0]), 4), 14)
        + pad(text(Double(row.changed.action[$0]), 4), 11)
    }.joined()
    let verdicts =
      row.recorded.verdict == row.changed.verdict
      ? "" : "  \(row.recorded.verdict), what if: \(row.changed.verdict)"
    console.result(
      pad("\(row.tick)", 6) + pad(cost(row.recorded.cost), 12)
        + pad(cost(row.changed.cost), 12) + actions + verdicts)
  }

  func show(_ summary: WhatIfSummary) {
    console.object(ReplayEvent.whatIfEnd(ReplayEvent.WhatIfEnd(summary)))
    guard !console.isJSON else { return }
    if summary.ticks > Self.rows {
      console.result(
        "\(summary.ticks) ticks, thinned out to \(Self.rows) rows at most; all with --json")
    }
    console.result(
      "of \(summary.ticks) ticks another first action in \(summary.differentActions), another verdict in "
        + "\(summary.differentVerdicts)")
    console.result(
      "change of an action: mean \(text(summary.meanChange, 4)), largest "
        + "\(text(Double(summary.largestChange), 4)) at tick \(summary.largestChangeTick)")
    guard summary.planned > 0 else { return }
    console.result(
      "mean plan cost over \(summary.planned) ticks planned both ways: "
        + "\(text(summary.meanCost, 4)), what if: "
        + "\(text(summary.changedMeanCost, 4))")
  }

  private func cost(_ value: Float) -> String {
    value.isFinite ? text(Double(value), 4) : "-"
  }
  private func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}

/// What the comparison of several episodes came to.
struct ReplayTotal: Encodable {
  let event = "total"
  var episodes: Int
  var exact: Int
  /// Episodes of which a tick differs or could not be verified.
  var different: Int

  func show(_ console: Console) {
    console.object(self)
    guard !console.isJSON else { return }
    let others = episodes - exact - different
    console.result(
      "\(exact) of \(episodes) episodes agree bit for bit"
        + (different > 0 ? "; not the same or not verified: \(different)" : "")
        + (others > 0 ? "; not compared: \(others)" : ""))
  }
}
