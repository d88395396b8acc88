import Foundation
import ReplanBench

/// The loop's figures as tables on standard output, or as objects with `--json`.
struct LoopTable {
  private let console: Console

  init(_ console: Console) { self.console = console }

  func begin(_ schedule: SliceSchedule, cpu: Int, isAlone: Bool, isMissing: Bool) {
    if isMissing && !isAlone {
      console.line("cyclictest is not installed, so nothing is compared; \(CyclicTest.remedy)")
    }
    console.line(
      "the loop at \(Int(LoopRobot.rate)) Hz on processor \(cpu): \(schedule.pairs) slices of "
        + "\(text(schedule.seconds, 1)) s" + (isMissing ? "" : ", as many of cyclictest"))
  }

  /// One pair, as a line of progress.
  func show(_ slice: LoopSlice) {
    console.object(slice)
    var line = "slice \(slice.index): p99 \(slice.loop.p99) us"
    if let theirs = slice.cyclictest, let ratio = slice.ratio {
      line += ", cyclictest \(theirs.p99) us, ratio \(text(ratio, 2))"
    }
    console.line(line)
  }

  func show(_ summary: LoopSummary) {
    console.clear()
    console.object(summary)
    guard !console.isJSON else {
      for remark in summary.remarks { console.line(remark) }
      return
    }
    console.result("wake-up latency, us      ticks     p50     p99   p99.9       max")
    console.result(row("loop", summary.loop))
    if let theirs = summary.cyclictest { console.result(row("cyclictest", theirs)) }
    console.result(row("work of a tick", summary.tick))
    console.result("")
    if let ratio = summary.ratio {
      console.result(
        "p99, loop / cyclictest: \(text(ratio.median, 2)) (median of \(summary.slices) pairs, "
          + "\(text(ratio.low, 2))...\(text(ratio.high, 2))); bar \(LoopSummary.largestRatio): "
          + verdict(ratio.median <= LoopSummary.largestRatio))
    }
    show(summary.counts)
    for remark in summary.remarks { console.line(remark) }
  }

  func begin(watched schedule: SliceSchedule, cpu: Int) {
    console.line(
      "the loop at \(Int(LoopRobot.rate)) Hz on processor \(cpu): \(schedule.pairs) slices of "
        + "\(text(schedule.seconds, 1)) s while \(WatchBench.usualClients) pages look on, as many "
        + "while nobody does")
  }

  func show(_ slice: WatchSlice) {
    console.object(slice)
    console.line(
      "slice \(slice.index): p99 \(slice.watched.p99) us watched, \(slice.alone.p99) us alone, ratio "
        + text(slice.ratio, 2))
  }

  func show(_ summary: WatchSummary) {
    console.clear()
    console.object(summary)
    for remark in summary.remarks { console.line(remark) }
    guard !console.isJSON else { return }
    console.result("wake-up latency, us      ticks     p50     p99   p99.9       max")
    console.result(row("watched", summary.watched))
    console.result(row("alone", summary.alone))
    console.result("")
    if let ratio = summary.ratio {
      console.result(
        "p99, watched / alone: \(text(ratio.median, 2)) (median of \(summary.slices) pairs, "
          + "\(text(ratio.low, 2))...\(text(ratio.high, 2))); bar \(WatchSummary.largestRatio): "
          + verdict(ratio.median <= WatchSummary.largestRatio))
    }
    console.result("sent to \(summary.clients) pages: \(summary.bytes / 1024) KiB")
    show(summary.counts)
  }

  private func show(_ counts: LoopCounts) {
    let allocations = counts.allocations.map { "\($0)" } ?? "not counted"
    console.result(
      "control thread, \(counts.ticks) ticks while armed:\n"
        + "  allocations           \(allocations) (bar 0: \(verdict(counts.allocations == 0)))\n"
        + "  page faults           \(counts.minorFaults) minor, \(counts.majorFaults) major (bar 0: "
        + verdict(counts.minorFaults + counts.majorFaults == 0) + ")\n"
        + "  context switches      \(counts.voluntarySwitches) voluntary, "
        + "\(counts.involuntarySwitches) involuntary\n"
        + "  missed ticks          \(counts.missedTicks) (\(counts.overruns) overruns)\n"
        + "  skipped observations  \(counts.skippedObservations)\n"
        + "  gaps at the parser    \(counts.lostFrames), bad frames \(counts.badFrames), "
        + "lost samples \(counts.lostSamples) (bar 0: "
        + verdict(counts.lostFrames + counts.badFrames + counts.lostSamples == 0) + ")")
  }

  private func row(_ name: String, _ latencies: Latencies) -> String {
    name.padding(toLength: 20, withPad: " ", startingAt: 0) + pad("\(latencies.count)", 10)
      + pad("\(latencies.p50)", 8) + pad("\(latencies.p99)", 8) + pad("\(latencies.p999)", 8)
      + pad("\(latencies.max)", 10)
  }

  private func verdict(_ isMet: Bool) -> String { isMet ? "met" : "not met" }

  private func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
