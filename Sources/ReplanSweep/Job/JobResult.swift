/// What a job came to: `result.json` in its folder, one line of JSON.
public struct JobResult: Codable, Sendable {
  public enum State: String, Codable, Sendable {
    /// Ran to its end, with success or without; it is not run again.
    case done
    /// Broke off; it is run again when the sweep is.
    case failed
  }

  public var robot: String
  public var setting: [JobOrder.Pair]
  public var seed: UInt64
  public var command: SweepCommand
  public var state: State
  /// `learn`: whether an episode succeeded; `refit`: whether there is a model.
  public var isSuccess: Bool
  /// Armed time of all its episodes, s; nil for `refit`.
  public var experience: Double?
  public var episodes: Int?
  /// Of `refit`: one-step error of each channel on held-out transitions, in its unit.
  public var errors: [Float]?
  /// Wall time of the run that ended it, s.
  public var wallTime: Double
  /// How often it was begun; above 1 if it was interrupted and continued.
  public var starts: Int
  /// Why it ended, in words.
  public var reason: String
  /// Of the job that this is the result of; another job's result does not count.
  public var identity: String
  public var build: String

  enum CodingKeys: String, CodingKey {
    case robot, setting, seed, command, state, episodes, errors, starts, reason, identity, build
    case isSuccess = "success"
    case experience = "experience_s"
    case wallTime = "wall_s"
  }
}
