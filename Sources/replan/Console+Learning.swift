import Foundation
import ReplanCore
import ReplanLearn
import ReplanLoop
import ReplanRealtime

/// The learning loop's events and progress in words.
extension Console {
  func show(_ event: LearnEvent) {
    object(event)
    switch event {
    case .start(let start):
      line(
        "\(start.command) \(start.robot) at \(Self.text(start.rate, 0)) Hz with plant "
          + "\(start.plant), seed \(start.seed)"
          + (start.lockstep ? ", in lockstep" : ", in real time")
          + (start.transitions > 0 && start.command == "learn"
            ? "; continuing with \(start.transitions) transitions" : ""))
      if let estimator = start.estimator {
        line(
          "states by \(estimator)"
            + (start.estimatorDelay.map { ", late by \(Self.text(1000 * $0, 1)) ms" } ?? ""))
      }
      line(
        "episode  kind   seconds  so far  return   success  tick p50/p99/max ms   overruns  fallbacks"
      )
    case .fit(let fit):
      let errors = fit.rmse.map { Self.text(Double($0), 4) }.joined(separator: " ")
      line(
        "         fit   \(fit.members) members on \(fit.transitions) transitions "
          + (fit.seen.map { "of \($0) " } ?? "")
          + "in \(Self.text(fit.seconds, 2)) s, one-step error \(errors)")
    case .promotion(let promotion):
      if !promotion.promoted, let reason = promotion.reason {
        line("         kept  the model in use, not \(promotion.file): \(reason)")
      }
    case .episode(let episode):
      line(Self.row(episode))
      for warning in Self.warnings(episode) { line("         " + warning) }
    case .end(let end): show(end)
    }
  }

  func show(_ progress: LearnProgress) {
    switch progress {
    case .fitting(let transitions, let step, let steps):
      redraw("         fit   \(transitions) transitions, step \(step) of \(steps)")
    case .running(let kind, let index, let seconds, let total, let figures):
      redraw(
        Self.pad("\(index)", 7) + "  " + Self.pad(kind.rawValue, 5) + "  "
          + Self.pad(Self.text(seconds, 1), 7) + " of \(Self.text(total, 1)) s, return "
          + "\(Self.text(figures.episodeReturn, 1)), tick "
          + "\(Self.text(Double(figures.tickMicroseconds) / 1000, 2)) ms, overruns "
          + "\(figures.overruns)")
    case .shortfall(let report):
      for shortfall in report.shortfalls { line("not granted: \(shortfall)") }
    }
  }

  private func show(_ end: LearnEvent.End) {
    let spent = "\(Self.text(end.experience, 1)) s of interaction"
    switch (end.success, end.reason) {
    case (true, "success"): line("SUCCESS after \(spent).")
    case (true, let reason): line("DONE: \(reason); \(spent) in this workspace.")
    case (false, let reason): line("NOT ACHIEVED after \(spent): \(reason).")
    }
    guard let workspace = end.workspace else { return }
    line("workspace: \(workspace)")
    line("look at it: replan report \(workspace)")
    line("            open \(workspace)/episodes/*.mcap in Foxglove, Rerun or PlotJuggler;")
    line("            jq . \(workspace)/journal.jsonl")
  }

  /// What the user must hear of although the run goes on.
  private static func warnings(_ episode: LearnEvent.Episode) -> [String] {
    var warnings: [String] = []
    if episode.lostSamples > 0 {
      warnings.append("\(episode.lostSamples) samples of the plant were lost on the line")
    }
    if episode.fallbacks > 0 {
      let causes = episode.verdicts.filter { fallbackNames.contains($0.key) }
        .sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
      warnings.append("fallback: " + causes.joined(separator: ", ") + " ticks")
    }
    if episode.lockLosses > 0 {
      warnings.append("the plant's samples failed to come \(episode.lockLosses) times")
    }
    if episode.dropped > 0 {
      warnings.append(
        "\(episode.dropped) records did not reach the file: \(episode.dropReason ?? "ring full")")
    }
    if !episode.disarmed && episode.end != "vanished" {
      warnings.append("THE PLANT DID NOT CONFIRM DISARMING: see to it that it is off")
    }
    return warnings
  }

  private static let fallbackNames = Set(
    Verdict.all.filter(\.isFallback).map { "\($0)" })

  private static func row(_ episode: LearnEvent.Episode) -> String {
    func milliseconds(_ microseconds: Int64) -> String { text(Double(microseconds) / 1000, 2) }
    let tick = [episode.tick.p50, episode.tick.p99, episode.tick.max].map(milliseconds)
    let isReset = episode.kind == EpisodeOptions.Kind.reset.rawValue
    let achievement = isReset ? "" : episode.success ? "yes" : "no"
    return pad("\(episode.index)", 7) + "  " + pad(episode.kind, 5) + "  "
      + pad(text(episode.seconds, 2), 7) + "  " + pad(text(episode.experience, 2), 6) + "  "
      + pad(text(episode.episodeReturn, 1), 7) + "  " + pad(achievement, 7)
      + "  " + pad(tick.joined(separator: "/"), 20) + "  " + pad("\(episode.overruns)", 8) + "  "
      + pad("\(episode.fallbacks)", 9)
      + (isReset && episode.end == "time up"
        ? "  (NOT AT REST in time)"
        : ["time up", "success"].contains(episode.end) ? "" : "  (\(episode.end))")
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
