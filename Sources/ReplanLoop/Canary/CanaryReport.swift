public import ReplanCore

/// What a controller did with a model that nobody's robot was given to yet.
public struct CanaryReport: Sendable, Equatable {
  /// States that it was shown.
  public var ticks = 0
  /// Ticks by verdict.
  public var verdicts: [Verdict: Int] = [:]
  /// Plans or actions that were no finite numbers.
  public var notFinite = 0
  /// Actions beyond what the robot file allows.
  public var outsideLimits = 0
  /// The largest disagreement at a plan's first tick, and the bound that it is held against; nil where
  /// there is none.
  public var disagreement: Float?
  public var gate: Float?

  /// Share of the ticks whose plan led beyond what the model knows; those that the recorded state itself
  /// made impossible are left out.
  public var unknownShare: Double {
    let judged = ticks - Self.states.reduce(0) { $0 + verdicts[$1, default: 0] }
    return Double(verdicts[.unknown, default: 0]) / Double(max(judged, 1))
  }

  /// A larger share speaks against the model: it would mostly be the fallback that acts.
  public static let largestUnknownShare = 0.2

  /// What speaks against the model; nil if nothing does.
  public var objection: String? {
    if notFinite > 0 { return "\(notFinite) of \(ticks) plans from recorded states are not finite" }
    if outsideLimits > 0 {
      return "\(outsideLimits) of \(ticks) actions from recorded states leave their limits"
    }
    let missing = verdicts[.noPlan, default: 0]
    if missing > 0 { return "it gives no plan from \(missing) of \(ticks) recorded states" }
    if unknownShare > Self.largestUnknownShare {
      return "from \(Int((100 * unknownShare).rounded())) % of the recorded states its plans lead "
        + "beyond what it knows (guard.gate)"
    }
    return nil
  }

  /// Verdicts about the recorded state, which say nothing of the model.
  private static let states: [Verdict] = [
    .stale, .notFinite, .outOfRange, .implausible, .outsideEnvelope,
  ]
}
