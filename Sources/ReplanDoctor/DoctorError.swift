public import ReplanHIL
public import ReplanRealtime

/// Why a measurement could not be made.
public enum DoctorError: Error, Sendable, CustomStringConvertible {
  case plant(HILError)
  case realtime(RealtimeError)
  /// The plant sent nothing for so many seconds, or disarmed by itself.
  case silent(path: String, seconds: Double)
  /// The probe ended with too little to estimate from.
  case tooShort(transitions: Int, needed: Int, end: LatencyProbe.End)
  /// The user asked to stop.
  case stopped

  public var description: String {
    switch self {
    case .plant(let error): error.description
    case .realtime(let error): error.description
    case .silent(let path, let seconds):
      "\(path): no observation for \(seconds) s; is the plant still running?"
    case .tooShort(let transitions, let needed, let end):
      "the probe \(end.words) with \(transitions) transitions, and \(needed) are needed: choose a "
        + "smaller --amplitude, or place the plant in the middle of its envelope"
    case .stopped: "stopped on request"
    }
  }
}
