import ReplanRecord

extension SeriesTable {
  /// The plots' data of an episode; a topic without records has no table.
  static func tables(of episode: Episode) -> [SeriesTable] {
    [observations(of: episode), actions(of: episode), ticks(of: episode)].filter { $0.rows > 0 }
  }

  private static func observations(of episode: Episode) -> SeriesTable {
    let records = episode.observations
    return SeriesTable(
      name: "observation", time: records.map { episode.seconds($0.logTime) },
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

  private static func ticks(of episode: Episode) -> SeriesTable {
    let records = episode.ticks
    return SeriesTable(
      name: "tick", time: records.map { episode.seconds($0.logTime) },
      columns: [
        ("plan_cost", records.map(\.planCost)),
        // Zero stands for a model of one member and for ticks without a plan.
        ("disagreement", records.map { $0.disagreement > 0 ? $0.disagreement : .nan }),
        ("tick_us", records.map { Float($0.tickMicroseconds) }),
      ])
  }
}
