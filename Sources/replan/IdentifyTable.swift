import Foundation
import ReplanLearn
import ReplanRecord
import Synchronization

/// What an identification found as tables on standard output, or as objects with `--json`.
final class IdentifyTable: Sendable {
  private struct State {
    /// The model, or the part, whose table is being printed.
    var table = ""
    var channel = ""
    var files = 0
  }

  private let console: Console
  private let state = Mutex(State())

  init(_ console: Console) { self.console = console }

  /// Clears the line of the last progress.
  func end() { console.clear() }

  func show(_ event: IdentificationEvent) {
    console.object(event)
    guard !console.isJSON else { return }
    switch event {
    case .data(let data): show(data)
    case .memory(let memory): show(memory)
    // The line that tells of the model has its time.
    case .training: break
    case .order(let order): show(order)
    case .coefficient(let coefficient): show(coefficient)
    case .parameter(let parameter): show(parameter)
    case .confounded(let parameters): show(parameters)
    case .identified(let model): show(model)
    case .delay(let delay): show(delay)
    case .validation(let figures): show(figures)
    case .residuals(let residuals): show(residuals)
    case .ranking(let rank): show(rank)
    }
  }

  private func show(_ delay: IdentificationEvent.Delay) {
    let share = String(format: "%.1f", 100 * delay.confidence)
    let found = "latency of the plant: \(delay.ticks) ticks, confidence \(share) %"
    let remark: String
    switch (delay.declared, delay.isClear) {
    case (_, false):
      remark =
        "; too little to rely on, excite more (replan collect --excitation prbs); "
        + "\(delay.declared.map { "\($0), as the robot file says," } ?? "0") is taken"
    case (nil, true): remark = ", which the model's file says"
    case (let declared?, true) where declared != delay.ticks:
      remark =
        "; THE ROBOT FILE SAYS \(declared), which is taken: set latency: \(delay.ticks) in it, or leave "
        + "the key out"
    case (_?, true): remark = ", as the robot file says"
    }
    console.result(found + remark)
  }

  private func show(_ data: IdentificationEvent.DataRead) {
    if begins("data " + data.role) {
      console.result("recordings to \(data.role == "data" ? "fit to" : "judge on")")
    }
    let count = state.withLock { state in
      state.files += 1
      return state.files
    }
    let spikes = data.spikes > 0 ? ", \(data.spikes) spikes left out" : ""
    let line = "  \(data.file): \(data.transitions) transitions in \(data.runs) runs\(spikes)"
    // Of many files of one kind the first tell enough; all are in the objects of --json.
    let isNotable = data.spikes > 0 || !(data.table?.drops.isEmpty ?? true)
    guard count <= 3 || isNotable else {
      if count == 4 { console.result("  … and more") }
      return
    }
    console.result(line)
    guard count <= 3 else { return }
    for text in data.table?.lines ?? [] { console.result("    " + text) }
  }

  private func show(_ memory: IdentificationEvent.MemoryTried) {
    if begins("memory") {
      console.result("ticks of history  loss held out  RMSE over \(memory.steps) steps")
    }
    console.result(
      pad("\(memory.history)", 16) + pad(number(memory.loss), 15) + "  "
        + memory.rmse.map(number).joined(separator: " "))
  }

  private func show(_ tried: IdentificationEvent.OrderTried) {
    if begins("order") {
      let over = tried.steps.map { "\($0) steps" } ?? "the simulation"
      console.result("method  order  history  loss held out  eigenvalue  RMSE over \(over)")
    }
    console.result(
      tried.method.padding(toLength: 6, withPad: " ", startingAt: 0) + pad("\(tried.order)", 7)
        + pad("\(tried.history)", 9) + pad(number(tried.loss), 15)
        + pad(number(tried.eigenvalue), 12) + "  "
        + tried.rmse.map(number).joined(separator: " ") + (tried.isChosen ? "  chosen" : ""))
  }

  private func show(_ coefficient: IdentificationEvent.Coefficient) {
    if begins("coefficients " + coefficient.channel) {
      console.result("next \(coefficient.channel) from           value     +- deviation")
    }
    let count = state.withLock { state in
      state.files += 1
      return state.files
    }
    // Of a long history the first tell enough; all are in the model's file and the objects of --json.
    guard count <= Self.mostCoefficients else {
      if count == Self.mostCoefficients + 1 { console.result("  … and more") }
      return
    }
    console.result(
      coefficient.regressor.padding(
        toLength: max(20, coefficient.regressor.count), withPad: " ", startingAt: 0)
        + pad(number(coefficient.value), 14) + pad(coefficient.deviation.map(number) ?? "", 16))
  }

  private static let mostCoefficients = 12

  private func show(_ parameter: IdentificationEvent.Parameter) {
    if begins("parameters") {
      console.result(
        "parameter                    value     +- deviation       95 %: from            to  unit")
    }
    let remark =
      switch parameter.origin {
      case "fixed": "  kept as given"
      case "undetermined": "  not told by the data"
      default: ""
      }
    console.result(
      parameter.name.padding(
        toLength: max(20, parameter.name.count), withPad: " ", startingAt: 0)
        + pad(number(parameter.value), 14) + pad(parameter.deviation.map(number) ?? "", 16)
        + pad(parameter.low.map(number) ?? "", 17) + pad(parameter.high.map(number) ?? "", 14)
        + "  "
        + parameter.unit + remark)
  }

  private func show(_ found: IdentificationEvent.Confounded) {
    let names = found.parameters.joined(separator: ", ")
    if let correlation = found.correlation {
      console.result(
        "hardly told apart: \(names) (correlation \(String(format: "%.3f", correlation)))")
    } else {
      console.result(
        found.parameters.count > 1
          ? "not told apart by these data: \(names)" : "not told by these data: \(names)")
    }
  }

  private func show(_ model: IdentificationEvent.Identified) {
    _ = begins("identified")
    console.result(
      "\(model.kind): \(model.summary), fitted in \(String(format: "%.1f", model.seconds)) s"
        + (model.file.map { ", stored as \($0)" } ?? ""))
  }

  private func show(_ figures: IdentificationEvent.Figures) {
    if begins("validation " + figures.model) {
      console.result(
        "\(figures.model)\nchannel                  steps        RMSE  fit                       "
          + "      in 90 %    spread = epistemic + aleatoric")
    }
    let isNew = state.withLock { state in
      defer { state.channel = figures.channel }
      return state.channel != figures.channel
    }
    let name = isNew ? "\(figures.channel), \(figures.unit)" : ""
    // A state that the records do not hold has nothing to be compared with.
    guard figures.count > 0 else {
      if isNew { console.result("\(name): not measured") }
      return
    }
    let steps =
      switch figures.horizon {
      case .steps(let steps): "\(steps)"
      case .simulation: "sim."
      }
    console.result(
      name.padding(toLength: max(22, name.count), withPad: " ", startingAt: 0) + pad(steps, 8)
        + pad(number(figures.rmse), 12) + "  " + BenchTable.bar(figures.nrmseFit) + " "
        + pad(percent(figures.nrmseFit), 8)
        + pad(figures.coverage90.map(percent) ?? "-", 10) + pad(number(figures.spread), 10)
        + pad(number(figures.epistemic), 12) + pad(number(figures.aleatoric), 12))
  }

  private func show(_ residuals: IdentificationEvent.Residuals) {
    if begins("residuals " + residuals.model) {
      console.result(
        "one-step residuals            correlated with   largest  99 % bound  outside of bound")
    }
    let largest = residuals.values.map(\.magnitude).max() ?? 0
    console.result(
      residuals.channel.padding(toLength: 30, withPad: " ", startingAt: 0)
        + (residuals.action ?? "their past").padding(toLength: 16, withPad: " ", startingAt: 0)
        + pad(String(format: "%.3f", largest), 9) + pad(String(format: "%.3f", residuals.bound), 12)
        + pad("\(residuals.outside) of \(residuals.values.count) lags", 18))
  }

  private func show(_ rank: IdentificationEvent.Rank) {
    if begins("ranking") {
      console.result("rank  mean fit over \(rank.steps) steps  kind        model")
    }
    console.result(
      pad("\(rank.rank)", 4) + pad(percent(rank.score), 24) + "  "
        + rank.kind.padding(toLength: 12, withPad: " ", startingAt: 0) + rank.model)
  }

  /// True for the first row of a table; starts it with an empty line.
  private func begins(_ table: String) -> Bool {
    let (isNew, isFirst) = state.withLock { state in
      defer {
        if state.table != table {
          state.channel = ""
          state.files = 0
        }
        state.table = table
      }
      return (state.table != table, state.table.isEmpty)
    }
    if isNew && !isFirst { console.result("") }
    return isNew
  }

  private func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.4g", value) : "diverged"
  }

  private func percent(_ share: Double) -> String {
    share.isFinite ? String(format: "%.1f %%", 100 * share) : "-"
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
