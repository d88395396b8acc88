public import ReplanHIL
public import ReplanRealtime
public import ReplanRecord

/// Why an episode could not be run, or not to its end.
public enum LoopError: Error, Sendable, CustomStringConvertible {
  case plant(HILError)
  case record(RecordError)
  case realtime(RealtimeError)
  /// Real time was required and something of it could not be had.
  case notRealtime(RealtimeReport)
  /// The fallback that the robot file names cannot work with this model.
  case fallbackUnavailable

  public var description: String {
    switch self {
    case .plant(let error): error.description
    case .record(let error): error.description
    case .realtime(let error): error.description
    case .fallbackUnavailable:
      "guard.fallback is lqr, which this model gives no gain for; refit, or name another fallback "
        + "in the robot file"
    case .notRealtime(let report):
      "--require-realtime, but this host does not grant it:\n\(report)"
    }
  }
}
