import ReplanCore
import ReplanLoop
import ReplanRobot

/// What the controller did.
extension Judge {
  /// The first fallback from then on, and how soon it came.
  func fallback(_ recording: Recording, within: Double, of: Double) -> Finding {
    let slack = recording.period / 2
    if recording.ticks.last(where: { $0.time < of - slack })?.verdict.isFallback == true {
      return (false, "fallen back before")
    }
    let first = recording.ticks.first { $0.verdict.isFallback && $0.time >= of - slack }
    guard let first else { return (false, "never") }
    return (
      first.time <= of + within + slack,
      "\(Word.of(first.verdict)) after \(Figure.milliseconds(first.time - of))"
    )
  }

  /// The last action that was not planned, and whether it was soon enough.
  func recovers(_ recording: Recording, within: Double, of: Double) -> Finding {
    guard let last = recording.ticks.last else { return (false, "no tick") }
    let limit = of + within + recording.period / 2
    guard last.time > limit else {
      return (false, "the episode ended at \(Figure.seconds(last.time)): \(recording.end)")
    }
    let lapse = recording.ticks.last { $0.verdict != .planned && $0.verdict != .explored }
    guard let lapse else { return (true, "never lapsed") }
    let words = "last \(Word.of(lapse.verdict)) at \(Figure.seconds(lapse.time))"
    return (lapse.time <= limit, words)
  }

  /// Whether the run came to its time and its last half second was planned, or was stopped, with the
  /// cause named: the plant's loss by the end itself, the guard's stop by its verdict.
  func recoversOrStops(_ recording: Recording) -> Finding {
    guard let last = recording.ticks.last else { return (false, "no tick") }
    if recording.end != Word.of(LoopEnd.timeUp) && recording.end != Word.of(LoopEnd.success) {
      let cause = recording.ticks.last { $0.verdict.isFallback }.map { Word.of($0.verdict) }
      let isNamed = recording.end != Word.of(LoopEnd.guardStopped) || last.verdict.isFallback
      return (
        recording.isStopped && isNamed,
        "\(recording.end) at \(Figure.seconds(last.time))" + (cause.map { ", \($0)" } ?? "")
          + (recording.isStopped ? "" : ", not latched")
      )
    }
    let lapse = recording.ticks.last { $0.verdict.isFallback }
    guard let lapse else { return (true, "never fell back") }
    return (
      lapse.time < last.time - 0.5,
      "last \(Word.of(lapse.verdict)) at \(Figure.seconds(lapse.time))"
    )
  }

  func noOverruns(_ recording: Recording) -> Finding {
    let count = recording.ticks.count(where: \.isOverrun)
    return (
      count == 0 && !recording.ticks.isEmpty, "\(count) in \(recording.ticks.count) ticks"
    )
  }

  func verdicts(_ recording: Recording, _ counts: [Expectation.Count]) -> Finding {
    var ok = true
    let words = counts.map { count in
      let found = recording.ticks.count { $0.verdict == count.verdict }
      if !count.range.contains(found) { ok = false }
      return "\(found) \(Word.of(count.verdict))"
    }
    return (ok, words.joined(separator: ", "))
  }

  /// What was sent keeps limits and slew; what was applied keeps the limits, whatever was sent.
  func actionsInLimits(_ recording: Recording) -> Finding {
    guard !recording.actions.isEmpty else { return (false, "no action") }
    var previous = Recording.Action(tick: -1, values: robot.action.map(\.safe))
    for action in recording.actions {
      if let fault = limitFault(action.values) { return (false, "tick \(action.tick): \(fault)") }
      // Actions that did not get onto the line leave a gap that counts as ticks of slew.
      let ticks = Double(max(1, action.tick - previous.tick))
      for (index, channel) in robot.action.enumerated() {
        guard let slew = channel.slew else { continue }
        let change = abs(action.values[index] - previous.values[index])
        guard change <= slew * recording.period * ticks * (1 + 1e-5) + 1e-5 else {
          return (
            false,
            "tick \(action.tick): \(channel.name) changed by \(Figure.value(change)) \(channel.unit)"
          )
        }
      }
      previous = action
    }
    for sample in recording.plant ?? [] {
      guard let fault = limitFault(sample.applied) else { continue }
      return (false, "applied at \(Figure.seconds(sample.time)): \(fault)")
    }
    return (true, "\(recording.actions.count) actions")
  }

  private func limitFault(_ values: [Double]) -> String? {
    for (channel, value) in zip(robot.action, values) {
      // Written so that a value that is not a number is outside; single precision rounds.
      let slack = 1e-5 * max(abs(channel.limits.low), abs(channel.limits.high))
      let isInside =
        value >= channel.limits.low - slack && value <= channel.limits.high + slack
      if !isInside { return "\(channel.name) is \(Figure.value(value)) \(channel.unit)" }
    }
    return nil
  }

  func error(_ recording: Recording, _ words: String) -> Finding {
    guard let refusal = recording.refusal else { return (false, "it ran: \(recording.end)") }
    return (refusal.contains(words), refusal)
  }

  func file(_ recording: Recording, _ completeness: Expectation.Completeness) -> Finding {
    let isPartial = recording.loss != nil && !recording.ticks.isEmpty
    let words = recording.loss ?? "complete, \(recording.ticks.count) ticks"
    switch completeness {
    case .complete: return (recording.isComplete && recording.loss == nil, words)
    case .partial: return (isPartial, words)
    }
  }
}
