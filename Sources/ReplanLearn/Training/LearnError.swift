/// Why a model could not be learned.
public enum LearnError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Every violation of the settings' ranges.
  case invalidSettings([String])
  /// Structure, shape, channels and data do not belong together.
  case mismatch(String)
  case tooFewTransitions(count: Int, needed: Int)
  /// A value that is not finite; `transition` counts from 0.
  case notFinite(transition: Int, channel: String)
  /// The model is to predict the cost, but the plant told none; `transition` counts from 0.
  case noCost(transition: Int)
  /// The cost is to be learned, but the plant does not offer to send one.
  case plantWithoutCost
  /// No transition of the data is whole.
  case nothingToJudge
  /// Weights left the finite numbers.
  case diverged(member: Int, step: Int)
  case cancelled
  /// The operating system refused a worker thread.
  case threadRefused(code: Int32)

  public var description: String {
    switch self {
    case .invalidSettings(let violations):
      return "training settings out of range: " + violations.joined(separator: "; ")
    case .mismatch(let what):
      return what
    case .tooFewTransitions(let count, let needed):
      return "\(count) transitions are too few to fit a model: collect at least \(needed)"
    case .notFinite(let transition, let channel):
      return "transition \(transition), channel \(channel): the value is not finite; "
        + "remove the transition from the data set"
    case .noCost(let transition):
      return "transition \(transition) has no measured cost (OBSERVATION.cost), but the robot's "
        + "objective has a learned_cost: use a plant that sends its cost, or take learned_cost out "
        + "of the robot file"
    case .plantWithoutCost:
      return "the plant does not send a cost (PLANT_DESCRIPTION.capabilities, 8), but the robot's "
        + "objective has a learned_cost: make the plant send one (firmware-sim: --cost), or take "
        + "learned_cost out of the robot file"
    case .nothingToJudge:
      return "there is no transition to judge a model by: give episodes with at least two samples "
        + "in a row, whose actions are known"
    case .diverged(let member, let step):
      return "member \(member) diverged at step \(step): lower the learning rate"
    case .cancelled:
      return "the fit was cancelled"
    case .threadRefused(let code):
      return "the operating system refused a training thread (error \(code)): ask for fewer threads"
    }
  }
}
