public import ReplanHIL
public import ReplanRealtime
public import ReplanRecord

/// Why an episode could not be run, or not to its end.
public enum LoopError: Error, Sendable, CustomStringConvertible {
  case plant(HILError)
  /// None of the ways that the robot file names brings the plant to its initial state; what the last one
  /// said.
  case noReset(String, ways: [String])
  /// The operator, asked to reset the plant, has not answered in that time; nil if nobody was there to.
  case operatorSilent(seconds: Double?)
  case record(RecordError)
  case realtime(RealtimeError)
  /// Real time was required and something of it could not be had.
  case notRealtime(RealtimeReport)
  /// The fallback that the robot file names cannot work with this model.
  case fallbackUnavailable
  /// The robot file bounds disagreement, and the model does not say what is usual.
  case gateUnavailable
  /// The last episode ended by a stop that nobody has acknowledged.
  case latched
  /// An episode lacks, for good, what its ticks depended on.
  case notReplayable(path: String, reason: String)
  /// The model that an episode was run with is altered or not there.
  case modelUnavailable(path: String, reason: String)
  /// What is to be changed about a robot is what was measured of it.
  case otherSignals(String)

  public var description: String {
    switch self {
    case .plant(let error): error.description
    case .noReset(let reason, let ways):
      "\(reason); the ways in episode.reset_by of the robot file are exhausted "
        + "(\(ways.joined(separator: ", "))): "
        + (ways.contains("operator")
          ? "see to the plant, then start again"
          : "have a person asked too, by [\((ways + ["operator"]).joined(separator: ", "))]")
    case .operatorSilent(let seconds?):
      "the operator has not answered within \(seconds) s (episode.reset_timeout); the plant is disarmed"
    case .operatorSilent:
      "the input of the terminal has ended before the operator answered; the plant is disarmed"
    case .record(let error): error.description
    case .realtime(let error): error.description
    case .fallbackUnavailable:
      "guard.fallback is lqr, which this model gives no gain for; refit, or name another fallback "
        + "in the robot file"
    case .gateUnavailable:
      "the robot file sets guard.gate, but this model does not say how much its members disagree "
        + "where it has data; refit with two members or more, or leave guard.gate out"
    case .latched:
      "the last episode was stopped for a reason that has to be seen to; then start again"
    case .notReplayable(let path, let reason): "\(path): cannot be replayed: \(reason)"
    case .modelUnavailable(let path, let reason): "\(path): \(reason)"
    case .otherSignals(let what):
      "the \(what) cannot be changed in a replay: the recorded observations are what they are"
    case .notRealtime(let report):
      "--require-realtime, but this host does not grant it:\n\(report)"
    }
  }
}
