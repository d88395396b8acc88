/// What the tick found and therefore did. Tick conditions are verdicts, never errors.
public enum Verdict: UInt8, Sendable, BitwiseCopyable {
  /// A fresh plan from a fresh observation.
  case planned
  /// An action of the base policy.
  case explored
  /// No fresh observation; the plan starts from a prediction.
  case bridged
  /// No fresh plan in time; the next action of the last one.
  case shifted
  /// No fresh observation for longer than prediction may bridge.
  case stale
  /// The observation holds a value that is not finite.
  case notFinite
  /// The observation holds a value outside the channel's range.
  case outOfRange
  /// The state has left the envelope.
  case outsideEnvelope
  /// No candidate has a finite cost.
  case noPlan
  /// No model has been adopted.
  case noModel
  /// The observation is further from the last than the plant can have moved.
  case implausible
  /// No fresh plan in time, for longer than the last one may be followed.
  case late
  /// The fresh plan would leave the envelope; a more cautious one that stays inside is executed.
  case restrained
  /// Whatever is planned leaves the envelope.
  case leavingEnvelope
  /// The members disagree about what the plan leads to: it leaves what the model knows.
  case unknown
  /// The next action of a plan that is to be executed further before another is made.
  case followed
  /// An action of the feedback that brings the plant to rest.
  case settled

  /// True if the action is the fallback's.
  @inlinable public var isFallback: Bool {
    switch self {
    case .planned, .explored, .bridged, .shifted, .restrained, .followed, .settled: false
    case .stale, .notFinite, .outOfRange, .implausible, .outsideEnvelope, .noPlan, .late, .noModel,
      .leavingEnvelope, .unknown:
      true
    }
  }

  /// True if the state is known nevertheless, so that a fallback may depend on it.
  var knowsState: Bool {
    switch self {
    case .outsideEnvelope, .noPlan, .late, .leavingEnvelope, .unknown: true
    case .stale, .notFinite, .outOfRange, .implausible, .noModel, .planned, .explored, .bridged,
      .shifted, .restrained, .followed, .settled:
      false
    }
  }
}
