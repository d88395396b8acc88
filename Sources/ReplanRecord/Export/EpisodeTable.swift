import ReplanCore

/// An episode as a table, for other tools: one row a sample, and one for each tick without a sample.
///
/// `time` counts seconds from the first record; observation and action channels stand under their
/// own names. The action of a row is the one in force from its sample to the next, as the next
/// sample names it, otherwise the one that was sent: with row k's state it leads to row k + 1's.
/// Import reads it so. `cost` is what the robot's objective charges, `measured_cost` what the plant
/// sent; `state.CHANNEL` is the tick's state estimate, by the name that a replay gives it. What a row
/// does not have is not a number, in CSV an empty cell.
public struct EpisodeTable: Sendable {
  public struct Column: Sendable, Equatable {
    public enum Values: Sendable, Equatable {
      case floats([Float])
      case doubles([Double])
      case texts([String])
    }

    public let name: String
    public let values: Values
  }

  public private(set) var columns: [Column] = []
  public let count: Int
  private let episode: Episode
  private let rows: [EpisodeRow]

  /// - Parameters:
  ///   - safeAction: in force where a sample names the action 0; empty if unknown.
  ///   - costs: what the objective charges at each observation; empty if unknown.
  public init(_ episode: Episode, safeAction: [Float] = [], costs: [Float] = []) {
    self.episode = episode
    rows = EpisodeRow.rows(of: episode)
    count = rows.count
    let start = episode.firstTime
    add("time", .doubles(rows.map { Double($0.logTime - min($0.logTime, start)) / 1e9 }))
    addChannels(ActionsInForce(episode, safeAction: safeAction))
    add("cost", observed { costs.isEmpty ? .nan : costs[$0] })
    add("measured_cost", observed { episode.observations[$0].cost })
    add("verdict", .texts(rows.map { $0.tick.flatMap(verdict) ?? "" }))
    add("plan_cost", ticked { $0.planCost })
    add("disagreement", ticked { $0.disagreement })
    addEstimates()
    for (name, value) in Self.tickFigures { add(name, ticked(value)) }
    for (name, value) in Self.observationFigures { add(name, observed(value)) }
  }

  private static let tickFigures: [(String, @Sendable (TickRecord) -> Double)] = [
    ("tick", { Double($0.tick) }), ("iterations", { Double($0.iterations) }),
    ("cut", { $0.isCut ? 1 : 0 }),
    ("model_generation", { Double($0.modelGeneration) }),
    ("known_ticks", { Double($0.knownTicks) }), ("state", { Double($0.state) }),
    ("lock", { Double($0.lock) }), ("overrun", { $0.isOverrun ? 1 : 0 }),
    ("wake_us", { $0.wakeMicroseconds }), ("tick_us", { $0.tickMicroseconds }),
    ("age_us", { $0.ageMicroseconds }), ("latency_us", { $0.latencyMicroseconds }),
    ("transport_us", { $0.transportMicroseconds }),
  ]

  private static let observationFigures: [(String, @Sendable (ObservationRecord) -> Double)] = [
    ("sequence", { Double($0.sequence) }), ("action_sequence", { Double($0.actionSequence) }),
    ("plant_time_us", { Double($0.plantTime) }), ("flags", { Double($0.flags) }),
  ]

  private mutating func addChannels(_ actions: ActionsInForce) {
    for (channel, name) in episode.header.observationChannels.enumerated() {
      let values = observed { episode.observations[$0].values[channel] }
      columns.append(Column(name: name, values: values))
    }
    for (channel, name) in episode.header.actionChannels.enumerated() {
      let values = rows.map { row -> Float in
        let sent = row.action.map { episode.actions[$0].values }
        return (row.observation.flatMap(actions.after) ?? sent)?[channel] ?? .nan
      }
      columns.append(Column(name: name, values: .floats(values)))
    }
  }

  /// The point in the name is in no channel's, so that nothing else can be called so.
  private mutating func addEstimates() {
    let estimates = Dictionary(episode.states.map { ($0.tick, $0.values) }) { first, _ in first }
    for (channel, name) in episode.header.observationChannels.enumerated() {
      let values = ticked { estimates[$0.tick]?[channel] ?? .nan }
      columns.append(Column(name: "state." + name, values: values))
    }
  }

  /// Adds a column that is no channel's; where a channel bears its name it takes an underscore, as
  /// in episodes.
  private mutating func add(_ name: String, _ values: Column.Values) {
    let isTaken =
      episode.header.observationChannels.contains(name)
      || episode.header.actionChannels.contains(name)
    columns.append(Column(name: isTaken ? "_" + name : name, values: values))
  }

  private func verdict(_ tick: Int) -> String? {
    Verdict(rawValue: episode.ticks[tick].verdict).map { "\($0)" }
  }

  private func observed(_ value: (Int) -> Float) -> Column.Values {
    .floats(rows.map { $0.observation.map(value) ?? .nan })
  }

  private func observed(_ value: (ObservationRecord) -> Double) -> Column.Values {
    .doubles(rows.map { $0.observation.map { value(episode.observations[$0]) } ?? .nan })
  }

  private func ticked(_ value: (TickRecord) -> Float) -> Column.Values {
    .floats(rows.map { $0.tick.map { value(episode.ticks[$0]) } ?? .nan })
  }

  private func ticked(_ value: (TickRecord) -> Double) -> Column.Values {
    .doubles(rows.map { $0.tick.map { value(episode.ticks[$0]) } ?? .nan })
  }
}
