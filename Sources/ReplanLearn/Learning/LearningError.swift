public import ReplanHIL
public import ReplanLoop
public import ReplanRecord

/// Why a run ended before its task was decided.
public enum LearningError: Error, Sendable, CustomStringConvertible {
  case loop(LoopError)
  case record(RecordError)
  case learn(LearnError)

  public var description: String {
    switch self {
    case .loop(let error): error.description
    case .record(let error): error.description
    case .learn(let error): error.description
    }
  }
}

extension EpisodeResult {
  /// Why no further episode can follow this one; nil if it can.
  func loss(path: String) -> LoopError? {
    switch end {
    case .success, .atRest, .timeUp, .stopped, .plantEnded, .guardStopped, .overrun,
      .emergencyStop:
      nil
    case .vanished: .plant(.vanished(path: path, reason: "in episode \(index)"))
    case .silent where refusedObservations > 0:
      .plant(
        .lost(
          path: path,
          what: "sent nothing usable any more in episode \(index): \(refusedObservations) "
            + "observations had another number of channels"))
    case .silent: .plant(.lost(path: path, what: "has fallen silent in episode \(index)"))
    case .plantFault: .plant(.lost(path: path, what: "reports a fault in episode \(index)"))
    case .disarmed: .plant(.lost(path: path, what: "disarmed itself in episode \(index)"))
    }
  }
}
