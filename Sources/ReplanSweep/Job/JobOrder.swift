import Foundation

/// What a job's folder says is to be done there: `job.json`.
///
/// The folder is complete by itself, so that the job can be run from anywhere, also by a queue and
/// after the sweep's file was changed.
public struct JobOrder: Codable, Sendable {
  public struct Pair: Codable, Sendable {
    public var key: String
    public var value: String
  }

  public var robot: String
  public var setting: [Pair]
  public var seed: UInt64
  public var command: SweepCommand
  public var options: [String]
  public var episodes: [String]
  public var identity: String

  init(_ job: SweepJob) {
    robot = job.robot
    setting = job.setting.pairs.map { Pair(key: $0.key, value: $0.value) }
    seed = job.seed
    command = job.command
    options = job.options
    episodes = job.episodes
    identity = job.identity
  }
}
