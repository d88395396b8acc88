/// Why a model could not be identified.
public enum IdentifyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The robot file names no equations of motion.
  case noPhysics(robot: String)
  /// The records hold less than the parameters need.
  case tooLittleData(samples: Int, needed: Int)
  /// A residual is learned from whole states, and these channels were not measured.
  case unmeasured(channels: [String])
  /// No channel of the equation was measured.
  case nothingMeasured(channels: [String])
  /// No start led to finite predictions.
  case noFit(starts: Int)
  /// A channel stands still in all records.
  case constant(channel: String)
  /// None of the orders asked for can be.
  case noOrder(orders: [Int], longest: Int)
  /// Actions come into force later than the model can look back.
  case delayTooLong(samples: Int, longest: Int)
  case cancelled

  public var description: String {
    switch self {
    case .noPhysics(let robot):
      "robot \(robot) names no equations of motion: add model: {physics: …} to its file "
        + "(docs/IDENTIFY.md lists them), or identify an ensemble"
    case .tooLittleData(let samples, let needed):
      "\(samples) samples are too few for the parameters that are to be fitted: record at least "
        + "\(needed), or fix parameters in the robot file (model.parameters)"
    case .unmeasured(let channels):
      "a hybrid learns its residual from whole states, and \(channels.joined(separator: ", ")) was not "
        + "measured: map a column to it by --map column=channel, or identify with --kind physics"
    case .nothingMeasured(let channels):
      "none of the state channels \(channels.joined(separator: ", ")) has data: map columns to them "
        + "by --map column=channel"
    case .noFit(let starts):
      "from none of \(starts) starts the equations of motion predict the records: check signs and "
        + "units of the channels, and give parameters a start and bounds in the robot file "
        + "(model.parameters)"
    case .constant(let channel):
      "channel \(channel) stands still in all recordings, so that they do not tell what it does: "
        + "excite it (replan collect), or leave it out of the robot file"
    case .noOrder(let orders, let longest):
      "none of the orders \(orders.map(String.init).joined(separator: ", ")) is possible: 1 to "
        + "\(longest) are, by the channels that a state can have"
    case .delayTooLong(let samples, let longest):
      "a delay of \(samples) samples is longer than the history of \(longest) that a state can "
        + "hold: put it into the robot file (latency)"
    case .cancelled:
      "the identification was cancelled"
    }
  }
}
