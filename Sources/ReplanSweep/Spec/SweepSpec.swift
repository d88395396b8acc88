import ReplanRobot

/// A sweep as its file describes it, validated whole: every combination is a robot that loads.
///
/// ```swift
/// let spec = try SweepSpec.load(path: "robots/sweeps/members.yaml")
/// for job in spec.jobs { print(job.path) }
/// ```
public struct SweepSpec: Sendable {
  /// What the simulated plant of a job is.
  public struct Plant: Sendable, Equatable {
    /// Each seed draws another plant; otherwise `seed` draws the one of all jobs.
    public var isDrawn: Bool
    public var seed: UInt64
    public var noise: Double
    /// Samples by which the actuator lags.
    public var actuationDelay: Int
  }

  /// A robot under one setting.
  public struct Variant: Sendable {
    public var robot: String
    public var setting: Setting
    /// The robot file's text with the setting in it.
    public var text: String
    /// Of `refit`: the episode files.
    public var episodes: [String]
  }

  public let name: String
  public let description: String
  public let command: SweepCommand
  public let variants: [Variant]
  public let seeds: [UInt64]
  /// Armed time after which a job of `learn` gives up, s.
  public let maximumExperience: Double
  public let plant: Plant
  /// The file's text.
  public let source: String

  /// Robot by robot, setting by setting, seed by seed.
  public var jobs: [SweepJob] {
    variants.flatMap { variant in seeds.map { SweepJob(self, variant, seed: $0) } }
  }
}
