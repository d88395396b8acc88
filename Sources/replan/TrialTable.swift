import ReplanCore
import ReplanLearn
import ReplanLoop
import ReplanRecord

/// The figures that a model was judged by.
struct TrialTable {
  private let console: Console

  init(_ console: Console) { self.console = console }

  func show(_ trial: ModelTrial, _ decision: LearnEvent.Promotion) {
    console.object(TrialEvent(trial, decision))
    guard !console.isJSON else { return }
    if let candidate = trial.candidate {
      let place = candidate.isHeldOut ? "held-out episodes" : "episode (which it was trained on)"
      console.result("model \(trial.model), judged on \(place) \(candidate.episodes)")
      for line in errors(candidate, trial).lines { console.result(line) }
    } else {
      console.result("model \(trial.model); there is no episode to judge it on")
    }
    console.result("canary: " + canary(trial))
    let words = decision.reason.map { ": " + $0 } ?? ""
    switch (decision.promoted, decision.forced ?? false) {
    case (true, false): console.result("PROMOTED model \(trial.model).")
    case (true, true): console.result("PROMOTED model \(trial.model) BY FORCE, in spite of\(words)")
    default: console.result("REFUSED model \(trial.model)\(words)")
    }
  }

  private func errors(_ candidate: ModelProvenance.Errors, _ trial: ModelTrial) -> Table {
    let other = trial.runningModel.map { "model \($0)" } ?? "model in use"
    var table = Table([
      "ticks", "fit", "\(other)", "error ratio", "inside 90 %", "\(other)",
    ])
    for (h, steps) in candidate.steps.enumerated() {
      let old = trial.running.flatMap { $0.steps.firstIndex(of: steps) }
      table.add([
        "\(steps)", Table.number(candidate.fit[h], 3),
        old.map { Table.number(trial.running!.fit[$0], 3) } ?? "-",
        h < trial.promotion.ratios.count ? Table.number(trial.promotion.ratios[h], 2) : "-",
        share(candidate.coverage90, h), old.map { share(trial.running!.coverage90, $0) } ?? "-",
      ])
    }
    return table
  }

  private func share(_ coverage: [Double]?, _ h: Int) -> String {
    coverage.map { Table.number(100 * $0[h], 0) + " %" } ?? "-"
  }

  private func canary(_ trial: ModelTrial) -> String {
    let canary = trial.canary
    guard canary.ticks > 0 else { return "no recorded state to plan from" }
    let verdicts = canary.verdicts.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
    let gate = canary.gate.map { gate in
      ", disagreement at most \(Table.number(Double(canary.disagreement ?? 0), 4)) of "
        + Table.number(Double(gate), 4)
    }
    return "\(canary.ticks) plans from recorded states: " + verdicts.joined(separator: ", ")
      + (gate ?? "")
  }
}

/// A judged model as `--json` tells it.
private struct TrialEvent: Encodable {
  struct Canary: Encodable {
    var ticks: Int
    var verdicts: [String: Int]
    var disagreement: Float?
    var gate: Float?
    var objection: String?
  }

  let event = "promotion"
  var model: Int
  var file: String
  var hash: String
  var promoted: Bool
  var forced: Bool
  var reason: String?
  var ratios: [Double]
  var errors: ModelProvenance.Errors?
  var running: Int?
  var runningErrors: ModelProvenance.Errors?
  var canary: Canary

  enum CodingKeys: String, CodingKey {
    case event, model, file, hash, promoted, forced, reason, ratios, errors, running, canary
    case runningErrors = "running_errors"
  }

  init(_ trial: ModelTrial, _ decision: LearnEvent.Promotion) {
    model = trial.model
    file = decision.file
    hash = decision.hash
    promoted = decision.promoted
    forced = decision.forced ?? false
    reason = decision.reason
    ratios = decision.ratios
    errors = trial.candidate
    running = trial.runningModel
    runningErrors = trial.running
    canary = Canary(
      ticks: trial.canary.ticks,
      verdicts: Dictionary(
        uniqueKeysWithValues: trial.canary.verdicts.map { ("\($0.key)", $0.value) }),
      disagreement: trial.canary.disagreement, gate: trial.canary.gate,
      objection: trial.canary.objection)
  }
}
