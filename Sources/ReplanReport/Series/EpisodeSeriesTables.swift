import ReplanRecord

extension SeriesTable {
  /// The plots' data of an episode; a topic without records has no table.
  ///
  /// - Parameter obtained: of each tick, what came of a plan made at it; empty if nobody knows.
  static func tables(of episode: Episode, obtained: [Float] = []) -> [SeriesTable] {
    [
      observations(of: episode), states(of: episode), actions(of: episode),
      ticks(of: episode, obtained),
    ].filter { $0.rows > 0 && !$0.columns.isEmpty }
  }

  private static func observations(of episode: Episode) -> SeriesTable {
    let records = episode.observations
    return SeriesTable(
      name: "observation", time: records.map { episode.seconds($0.logTime) },
      columns: episode.header.observationChannels.enumerated().map { channel, name in
        (name, records.map { $0.values[channel] })
      })
  }

  /// The state estimates; no rows if each is the observation that came in for its tick.
  private static func states(of episode: Episode) -> SeriesTable {
    let measured = Dictionary(episode.observations.map { ($0.logTime, $0.values) }) { $1 }
    let isMeasured = episode.states.allSatisfy { measured[$0.logTime] == $0.values }
    let records = isMeasured ? [] : episode.states
    return SeriesTable(
      name: "state", time: records.map { episode.seconds($0.logTime) },
      columns: episode.header.observationChannels.enumerated().map { channel, name in
        (name, records.map { $0.values[channel] })
      })
  }

  private static func actions(of episode: Episode) -> SeriesTable {
    let records = episode.actions
    return SeriesTable(
      name: "action", time: records.map { episode.seconds($0.logTime) },
      columns: episode.header.actionChannels.enumerated().map { channel, name in
        (name, records.map { $0.values[channel] })
      })
  }

  private static func ticks(of episode: Episode, _ obtained: [Float]) -> SeriesTable {
    let records = episode.ticks
    return SeriesTable(
      name: "tick", time: records.map { episode.seconds($0.logTime) },
      columns: [
        ("plan_cost", records.map(\.planCost)),
        ("obtained_cost", obtained.isEmpty ? records.map { _ in .nan } : obtained),
        // Zero stands for a model of one member and for ticks without a plan.
        ("disagreement", records.map { $0.disagreement > 0 ? $0.disagreement : .nan }),
        ("tick_us", records.map { Float($0.tickMicroseconds) }),
      ])
  }
}
