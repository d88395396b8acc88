import Foundation
import ReplanBench
import Synchronization

/// The bench's figures as tables on standard output, or as objects with `--json`.
final class BenchTable: Sendable {
  private enum Section { case none, network, tick, fit }

  private let console: Console
  /// The table that is being printed.
  private let section = Mutex(Section.none)
  private let rate = Mutex(0.0)

  init(_ console: Console) { self.console = console }

  func progress(_ text: String) { console.redraw("measuring " + text) }

  /// Clears the line of the last progress.
  func end() { console.clear() }

  func show(_ event: BenchEvent) {
    console.object(event)
    guard !console.isJSON else { return }
    switch event {
    case .start(let start):
      rate.withLock { $0 = start.rate }
      console.result("\(start.processor), \(start.processors) processors")
      console.result(
        "robot \(start.robot) at \(number(start.rate)) Hz"
          + (start.realtime ? "" : "; without real-time priority"))
    case .peak(let peak):
      console.result("\npeak of one core: \(text(peak.gflops, 1)) GFLOP/s (fused multiply-add)")
    case .network(let network): show(network)
    case .tick(let tick): show(tick)
    case .refit(let refit):
      console.result(
        "\ntraining: \(millions(refit.examplesMembers)) million examples x members/s "
          + "(\(refit.members) members \(refit.shape), batch \(refit.batch), "
          + "\(refit.threads) threads)")
    case .fitRate(let fit): show(fit)
    }
  }

  func number(_ value: Double) -> String {
    value == value.rounded() ? text(value, 0) : text(value, 2)
  }

  private func show(_ network: BenchEvent.Network) {
    if begins(.network) {
      console.result("network           members  million evaluations/s  of peak")
    }
    console.result(
      network.shape.padding(toLength: 16, withPad: " ", startingAt: 0)
        + pad("\(network.members)", 9) + pad(millions(network.evaluations), 23)
        + pad(percent(network.peakShare), 9))
  }

  private func show(_ tick: BenchEvent.Tick) {
    if begins(.tick) {
      let period = rate.withLock { text(1000 / $0, 1) }
      console.result(
        "tick        setting      p50 ms   p99 ms  arena KiB  p99 of the period, \(period) ms")
    }
    let name = tick.planner + (tick.isOwn ? " *" : "")
    console.result(
      name.padding(toLength: 12, withPad: " ", startingAt: 0)
        + tick.setting.padding(toLength: 13, withPad: " ", startingAt: 0)
        + pad(milliseconds(tick.p50), 6) + pad(milliseconds(tick.p99), 9)
        + pad("\((tick.arenaBytes + 1023) / 1024)", 11) + "  " + Self.bar(tick.periodShare) + " "
        + percent(tick.periodShare)
        + (tick.fallbacks > 0 ? "  (\(tick.fallbacks) of \(tick.ticks) fell back)" : ""))
  }

  private func show(_ fit: BenchEvent.Fit) {
    if begins(.fit) {
      console.result("what fits, \(fit.planner): p99 under \(percent(FitRate.share)) of the period")
      console.result(
        "rate Hz  horizon ticks     s  candidates  iterations   p99 ms  p99 of the period")
    }
    let result = fit.result
    let seconds = text(Double(result.horizon) / result.rate, 2)
    console.result(
      pad(number(result.rate), 7) + pad("\(result.horizon)", 15) + pad(seconds, 6)
        + pad(result.candidates.map { "\($0)" } ?? "-", 12)
        + pad(result.iterations.map { "\($0)" } ?? "-", 12) + pad(milliseconds(result.p99), 9)
        + "  " + Self.bar(result.periodShare) + " " + percent(result.periodShare) + remark(result))
  }

  private func remark(_ fit: FitRate) -> String {
    if !fit.fits { return "  nothing fits" }
    guard fit.isShortened else { return "" }
    return "  shortened from \(text(Double(fit.wantedHorizon) / fit.rate, 2)) s"
  }

  /// True for the first row of a table; starts it with an empty line.
  private func begins(_ next: Section) -> Bool {
    let isNew = section.withLock { section in
      defer { section = next }
      return section != next
    }
    if isNew { console.result("") }
    return isNew
  }

  /// Twenty characters for a whole period; none filled for what is not a number.
  static func bar(_ share: Double) -> String {
    let filled = share.isNaN ? 0 : Int((min(max(share, 0), 1) * 20).rounded())
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: 20 - filled) + (share > 1 ? ">" : "]")
  }

  private func milliseconds(_ microseconds: Double) -> String { text(microseconds / 1000, 3) }
  private func millions(_ value: Double) -> String { text(value / 1e6, 2) }
  private func percent(_ share: Double) -> String { text(100 * share, 0) + " %" }

  private func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
