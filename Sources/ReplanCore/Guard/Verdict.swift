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
  /// The observation holds an implausible value.
  case outOfRange
  /// The state has left the envelope.
  case outsideEnvelope
  /// No candidate has a finite cost, or no fresh plan for longer than the last one may be followed.
  case noPlan
  /// No model has been adopted.
  case noModel

  /// True if the action is the fallback's.
  @inlinable public var isFallback: Bool {
    switch self {
    case .planned, .explored, .bridged, .shifted: false
    case .stale, .notFinite, .outOfRange, .outsideEnvelope, .noPlan, .noModel: true
    }
  }
}
