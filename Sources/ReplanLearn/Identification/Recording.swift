import ReplanCore
public import ReplanRecord
public import ReplanRobot

/// A recording as identification and validation use it: unbroken runs of samples at the model's
/// tick, and what was done to get them.
public struct Recording: Sendable {
  public var path: String
  /// States and the actions in force between them, the robot's latency taken into account.
  public var trajectories: [Trajectory]
  /// The samples of a table at their own time stamps, for methods that integrate between them; empty
  /// for an episode, whose samples are on the tick.
  public var samples: [SampledRun] = []
  /// What became of the rows of a table; nil for an episode.
  public var report: SeriesReport?
  /// Samples that were left out as spikes.
  public var spikes: [SpikeFilter.Spike] = []

  public var transitions: Int { trajectories.reduce(0) { $0 + $1.count } }
}

extension Recording {
  /// Reads an episode (`.mcap`) or a table of another program.
  ///
  /// - Parameters:
  ///   - map: which column of a table fills which channel.
  ///   - settings: how a table is brought onto the robot's tick.
  ///   - admitsUnmeasured: observation channels without a column are taken for states that were not
  ///     measured, and are not a number; otherwise they are an error.
  /// - Throws: `RecordError` that names the file, and for a table the line or the columns at fault.
  public static func read(
    _ path: String, for robot: RobotDescription, map: ColumnMap, settings: SeriesSettings,
    admitsUnmeasured: Bool = false
  ) throws(RecordError) -> Recording {
    path.hasSuffix(".mcap")
      ? try episode(path, for: robot)
      : try table(path, for: robot, map, settings, admitsUnmeasured)
  }

  private static func episode(
    _ path: String, for robot: RobotDescription
  ) throws(RecordError) -> Recording {
    let episode = try EpisodeReader.read(path)
    guard episode.header.observationChannels == robot.observation.map(\.name),
      episode.header.actionChannels == robot.action.map(\.name)
    else {
      throw .refused(path: path, reason: "its channels are not those of robot \(robot.name)")
    }
    guard abs(episode.header.tick - robot.period) <= 1e-9 else {
      throw .refused(
        path: path,
        reason: "its tick is \(episode.header.tick) s, robot \(robot.name) has \(robot.period) s")
    }
    let limits = robot.limits()
    return Recording(
      path: path,
      trajectories: episode.trajectories(
        latency: robot.latency, safeAction: robot.action.indices.map { limits.safe[$0] }))
  }

  private static func table(
    _ path: String, for robot: RobotDescription, _ map: ColumnMap, _ settings: SeriesSettings,
    _ admitsUnmeasured: Bool
  ) throws(RecordError) -> Recording {
    let series = try Series.read(path)
    var channels = SeriesChannels(robot)
    let all = channels.observations
    let missing = Set(
      all.map(\.name).filter { name in
        !map.entries.contains { $0.channel == name } && series.column(name) == nil
      })
    let filter = admitsUnmeasured ? nil : VelocityFilter(robot, missing: missing)
    if admitsUnmeasured || filter != nil {
      channels.observations = all.filter { !missing.contains($0.name) }
    }
    let places = all.indices.filter { channels.observations.contains(all[$0]) }
    func placed(_ runs: [SampledRun]) -> [SampledRun] {
      let whole =
        places.count == all.count ? runs : runs.map { $0.placed(at: places, of: all.count) }
      return filter.map { whole.map($0.completed) } ?? whole
    }
    let conversion = try SeriesConversion(series, to: channels, map: map, settings: settings)
    var asLogged = settings
    asLogged.sampling = .rows
    let samples =
      conversion.report.isInterpolated
      ? try SeriesConversion(series, to: channels, map: map, settings: asLogged).runs
      : conversion.runs
    return Recording(
      path: path,
      trajectories: placed(conversion.runs).compactMap {
        Trajectory($0, latency: robot.latency)
      }, samples: placed(samples), report: conversion.report)
  }
}

extension Trajectory {
  /// A run of samples; where the plant delays actions, the one in force is that of `latency` samples
  /// before, so that the first samples have none.
  ///
  /// - Returns: nil if no transition is left.
  init?(_ run: SampledRun, latency: Int) {
    guard run.count > latency + 1 else { return nil }
    self.init(actionCount: run.actionCount, start: Array(run.state(latency)))
    for k in latency..<run.count - 1 {
      append(action: Array(run.action(k - latency)), state: Array(run.state(k + 1)))
    }
  }
}
