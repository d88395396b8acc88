public import ReplanRobot

/// Compares expectations with a recording; each by a function of its own, which knows nothing else.
public struct Judge: Sendable {
  let robot: RobotDescription
  /// When the first fault begins and the last one is over, s.
  let firstBegin: Double
  let lastEnd: Double

  /// - Parameters:
  ///   - firstBegin: since when `fallback` and `plant_safe` count if they do not say.
  ///   - lastEnd: the same for `recovers`.
  public init(robot: RobotDescription, firstBegin: Double = 0, lastEnd: Double = 0) {
    self.robot = robot
    self.firstBegin = firstBegin
    self.lastEnd = lastEnd
  }

  /// Judges one expectation; one about an episode does not hold for a run that was refused.
  public func judge(_ expectation: Expectation, _ recording: Recording) -> Judgement {
    if let refusal = recording.refusal, !expectation.isAboutRefusals {
      return Judgement(what: words(expectation), ok: false, measured: "refused: \(refusal)")
    }
    let (ok, measured) = finding(expectation, recording)
    return Judgement(what: words(expectation), ok: ok, measured: measured)
  }

  typealias Finding = (ok: Bool, measured: String)

  private func finding(_ expectation: Expectation, _ recording: Recording) -> Finding {
    switch expectation {
    case .reachesTarget(let within): reachesTarget(recording, within: within)
    case .holdsTarget(let from): holdsTarget(recording, from: from)
    case .staysInEnvelope: staysInEnvelope(recording)
    case .fallback(let within, let of):
      fallback(recording, within: within / 1000, of: of ?? firstBegin)
    case .recovers(let within, let of): recovers(recording, within: within, of: of ?? lastEnd)
    case .recoversOrStops: recoversOrStops(recording)
    case .noOverruns: noOverruns(recording)
    case .plantSafe(let within, let of):
      plantSafe(recording, within: within / 1000, of: of ?? firstBegin)
    case .ends(let words): (words.contains(recording.end), recording.end)
    case .verdicts(let counts): verdicts(recording, counts)
    case .actionsInLimits: actionsInLimits(recording)
    case .error(let words): error(recording, words)
    case .recording(let completeness): file(recording, completeness)
    case .faultsAct(let name, let count): faultsAct(recording, name, count)
    }
  }

  private func words(_ expectation: Expectation) -> String {
    switch expectation {
    case .reachesTarget(let within): "target reached within \(Figure.seconds(within))"
    case .holdsTarget(let from): "target held from \(Figure.seconds(from)) on"
    case .staysInEnvelope: "envelope kept"
    case .fallback(let within, let of):
      "fallback within \(Figure.milliseconds(within / 1000)) of "
        + Figure.seconds(of ?? firstBegin)
    case .recovers(let within, let of):
      "planned again within \(Figure.seconds(within)) of \(Figure.seconds(of ?? lastEnd))"
    case .recoversOrStops: "recovers, or stops with the cause named"
    case .noOverruns: "no overruns"
    case .plantSafe(let within, let of):
      "plant safe by itself within \(Figure.milliseconds(within / 1000)) of "
        + Figure.seconds(of ?? firstBegin)
    case .ends(let words): "ends by " + words.joined(separator: " or ")
    case .verdicts(let counts): counts.map(words).joined(separator: ", ")
    case .actionsInLimits: "actions in limits"
    case .error(let words): "refused with \"\(words)\""
    case .recording(let completeness): "recording \(completeness.rawValue)"
    case .faultsAct(let name, let count):
      "\(name ?? "every fault") acts at least \(count == 1 ? "once" : "\(count) times")"
    }
  }

  private func words(_ count: Expectation.Count) -> String {
    let (low, high) = (count.range.lowerBound, count.range.upperBound)
    let range =
      high >= 1_000_000 ? "at least \(low)" : low == 0 ? "at most \(high)" : "\(low)-\(high)"
    return "\(range) \(Word.of(count.verdict))"
  }
}
