import Foundation
import Testing

@testable import ReplanRecord

/// numpy and Python's csv are the referees.
@Suite struct EpisodeTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func floats(_ table: EpisodeTable, _ name: String) throws -> [Float] {
    guard case .floats(let values) = try #require(table.columns.first { $0.name == name }).values
    else { throw RecordError.mapping(reason: name) }
    return values
  }

  /// Ticks whose records have one log time, as the recorder writes them.
  private func episode(ticks: Int, header: EpisodeHeader = Samples.header()) -> Episode {
    var episode = Samples.episode(ticks: ticks, header: header)
    for tick in 0..<ticks {
      episode.ticks[tick].logTime = episode.observations[tick].logTime
      episode.actions[tick].logTime = episode.observations[tick].logTime
    }
    return episode
  }

  @Test func aRowIsASampleWithItsTickAndTheActionThatFollowsIt() throws {
    var episode = episode(ticks: 10)
    episode.ticks[4].verdict = 0
    // Until the first sample the plant was reset.
    episode.header.startTime -= 2_000_000_000
    episode.states.remove(at: 7)
    let table = EpisodeTable(episode, safeAction: [-1], costs: (0..<10).map(Float.init))
    #expect(table.count == 10)
    #expect(try floats(table, "position") == episode.observations.map { $0.values[0] })
    #expect(try floats(table, "cost") == (0..<10).map(Float.init))
    let estimates = try floats(table, "state.position")
    #expect(Array(estimates[..<7]) == episode.states[..<7].map { $0.values[0] })
    #expect(estimates[7].isNaN && estimates[9] == episode.states[8].values[0])
    // Sample k + 1 names action k, which tick k - 1 sent, and sample 1 the safe one.
    let sent = episode.actions.map { $0.values[0] }
    #expect(try floats(table, "force") == [-1, sent[0], sent[1]] + sent[2...7] + [sent[9]])
    guard case .texts(let verdicts) = table.columns.first(where: { $0.name == "verdict" })!.values
    else { throw RecordError.mapping(reason: "verdict") }
    #expect(verdicts == (0..<10).map { $0 == 4 ? "planned" : "explored" })
    guard case .doubles(let times) = table.columns[0].values else {
      throw RecordError.mapping(reason: "time")
    }
    #expect(times == (0..<10).map { Double($0) * 20_000_000 / 1e9 })
  }

  @Test func samplesWithoutATickAndTicksWithoutASampleAreRowsToo() throws {
    var episode = episode(ticks: 6)
    episode.ticks.remove(at: 2)
    episode.observations.remove(at: 4)
    let table = EpisodeTable(episode)
    #expect(table.count == 6)
    #expect(
      try floats(table, "plan_cost").map(\.isNaN) == [false, false, true, false, false, false])
    #expect(try floats(table, "angle").map(\.isNaN) == [false, false, false, false, true, false])
  }

  @Test func aChannelKeepsItsNameWhereAFigureHasItToo() {
    let header = Samples.header(observations: ["time", "cost"], actions: ["tick"])
    let names = EpisodeTable(episode(ticks: 2, header: header)).columns.map(\.name)
    #expect(names.starts(with: ["_time", "time", "cost", "tick", "_cost", "measured_cost"]))
    #expect(names.contains("_tick") && Set(names).count == names.count)
  }

  @Test func theRefereesReadEveryBit() throws {
    var episode = episode(ticks: 60)
    episode.observations[7].cost = .nan
    let table = EpisodeTable(episode, costs: [Float](repeating: 1 / 3, count: 60))
    try table.write(as: .csv, to: folder.file("e.csv"))
    try table.write(as: .npz, to: folder.file("e.npz"))
    let referee = try PythonReferee("referee_table.py", folder.file("e.csv"), folder.file("e.npz"))
    let found = try JSONDecoder().decode([String: [String]].self, from: referee.result())
    #expect(Set(found.keys) == Set(table.columns.map(\.name)))
    for column in table.columns {
      let expected: [String] =
        switch column.values {
        case .floats(let values): values.map { $0.isNaN ? "nan" : hex($0.bitPattern, 8) }
        case .doubles(let values): values.map { $0.isNaN ? "nan" : hex($0.bitPattern, 16) }
        case .texts(let values): values
        }
      #expect(found[column.name] == expected, "\(column.name)")
    }
  }

  private func hex(_ bits: some BinaryInteger, _ width: Int) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: width - digits.count) + digits
  }

  @Test func anExistingFileIsReplacedOnlyIfSaid() throws {
    let table = EpisodeTable(episode(ticks: 2))
    try folder.write([1], "e.csv")
    #expect(throws: RecordError.self) { try table.write(as: .csv, to: folder.file("e.csv")) }
    #expect(try folder.read("e.csv") == [1])
    try table.write(as: .csv, to: folder.file("e.csv"), replacing: true)
    #expect(try folder.read("e.csv").count > 100)
  }

  @Test func importReadsWhatExportWrites() throws {
    var episode = episode(ticks: 60)
    // Finite values, as a log has them.
    for tick in 0..<60 {
      episode.observations[tick].values = [Float(tick) / 3, Float(tick) / 7]
      episode.actions[tick].values = [Float(tick) / 11]
    }
    try EpisodeTable(episode, safeAction: [0]).write(as: .csv, to: folder.file("e.csv"))
    let channels = SeriesChannels(
      observations: [.init(name: "position"), .init(name: "angle")], actions: ["force"])
    let conversion = try SeriesConversion(
      Series.read(folder.file("e.csv")), to: channels, settings: SeriesSettings(tick: 0.02))
    let imported = conversion.episode(header: episode.header)
    #expect(imported.observations.map(\.values) == episode.observations.map(\.values))
    #expect(
      imported.transitions(latency: 0, safeAction: [0])
        == episode.transitions(latency: 0, safeAction: [0]))
  }
}
