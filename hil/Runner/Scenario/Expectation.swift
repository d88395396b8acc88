public import ReplanCore

/// Something that must be true of a scenario's episode.
public enum Expectation: Sendable, Equatable {
  /// How often a verdict may come.
  public struct Count: Sendable, Equatable {
    public var verdict: Verdict
    public var range: ClosedRange<Int>
  }

  /// How much of an episode its file has to hold.
  public enum Completeness: String, Sendable, CaseIterable {
    case complete
    /// The disk refused some of it: the loss is counted, and what was written before can be read.
    case partial
  }

  /// The robot's success conditions hold for its hold time, by `within` s.
  case reachesTarget(within: Double)
  /// They hold at every sample from then on.
  case holdsTarget(from: Double)
  case staysInEnvelope
  /// A fallback verdict comes within that many ms.
  case fallback(withinMilliseconds: Double, of: Double?)
  /// From `within` s after `of` on, every action is planned.
  case recovers(within: Double, of: Double?)
  /// Plans are executed again at the end, or the run has ended with its cause named.
  case recoversOrStops
  case noOverruns
  /// The plant by itself applies its safe action: its watchdog says so, or it is disarmed.
  case plantSafe(withinMilliseconds: Double, of: Double?)
  /// The episode ends in one of these ways, by `Word`.
  case ends([String])
  case verdicts([Count])
  case actionsInLimits
  /// The run is refused, and the words for it contain these.
  case error(contains: String)
  case recording(Completeness)
  /// Every fault of that name together, or without a name each fault by itself, has acted so often.
  case faultsAct(of: String?, atLeast: Int)

  /// True if it means nothing in simulated time.
  public var needsRealTime: Bool { self == .noOverruns }

  /// True if a run that was refused can meet it.
  var isAboutRefusals: Bool {
    if case .faultsAct = self { true } else { expectsRefusal }
  }

  /// True if it can only be met by a run that is refused.
  var expectsRefusal: Bool {
    switch self {
    case .error: true
    case .ends(let words): words.contains(Word.refused)
    default: false
    }
  }
}
