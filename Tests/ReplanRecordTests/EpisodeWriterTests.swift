import Foundation
import Glibc
import Testing

@testable import ReplanRecord

/// PyPI's `mcap` with `mcap-protobuf-support` is the referee.
@Suite struct EpisodeWriterTests {
  struct Verdict: Decodable {
    struct Message: Decodable {
      var logTime: UInt64
      var fields: [String: String]

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        logTime = try container.decode(UInt64.self)
        fields = try container.decode([String: String].self)
      }
    }

    var index: [String: [Message]]
    var scan: [String: [Message]]
    var attachments: [String: String]
    var metadata: [String: [String: String]]
    var schemas: [String]
    var spans: [UInt64]
    var compression: [String]
  }

  private func verdict(
    _ episode: Episode, isCompressed: Bool = false
  ) throws -> Verdict {
    let folder = try TemporaryFolder()
    try Samples.write(episode, to: folder.file("0001.mcap"), isCompressed: isCompressed)
    let referee = try PythonReferee("referee_episode.py", folder.file("0001.mcap"))
    return try JSONDecoder().decode(Verdict.self, from: referee.result())
  }

  private func bits(_ value: Double) -> String { bits(value.bitPattern) }

  private func bits(_ value: some BinaryInteger) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func fields(of record: TickRecord) -> [String: String] {
    [
      "tick": bits(record.tick), "verdict": bits(record.verdict),
      "iterations": bits(record.iterations), "plan_cost": bits(Double(record.planCost)),
      "disagreement": bits(Double(record.disagreement)),
      "wake_us": bits(record.wakeMicroseconds), "tick_us": bits(record.tickMicroseconds),
      "age_us": bits(record.ageMicroseconds),
      "latency_us": bits(record.latencyMicroseconds),
      "model_generation": bits(record.modelGeneration),
      "overrun": bits(record.isOverrun ? 1 : 0), "state": bits(record.state),
      "transport_us": bits(record.transportMicroseconds),
      "known_ticks": bits(record.knownTicks), "lock": bits(record.lock),
      "observations": bits(record.observations), "fresh": bits(record.isFresh ? 1 : 0),
      "elapsed_samples": bits(record.elapsedSamples), "cut": bits(record.isCut ? 1 : 0),
      "action_sequence": bits(record.actionSequence),
      "observations_crc": bits(record.observationsChecksum),
    ]
  }

  @Test(arguments: [false, true])
  func theRefereeReadsEveryValueByItsName(isCompressed: Bool) throws {
    let episode = Samples.episode(ticks: 125)
    let verdict = try verdict(episode, isCompressed: isCompressed)
    for topics in [verdict.index, verdict.scan] {
      let observations = try #require(topics["/observation"])
      try #require(observations.count == 125)
      for (message, record) in zip(observations, episode.observations) {
        #expect(message.logTime == record.logTime)
        #expect(
          message.fields == [
            "position": bits(Double(record.values[0])), "angle": bits(Double(record.values[1])),
            "sequence": bits(record.sequence), "action_sequence": bits(record.actionSequence),
            "plant_time_us": bits(record.plantTime), "flags": bits(record.flags),
            "cost": bits(Double(record.cost)),
          ])
      }
      let actions = try #require(topics["/action"])
      try #require(actions.count == 125)
      for (message, record) in zip(actions, episode.actions) {
        #expect(message.logTime == record.logTime)
        #expect(
          message.fields == [
            "force": bits(Double(record.values[0])), "sequence": bits(record.sequence),
            "tick": bits(record.tick), "flags": bits(record.flags),
          ])
      }
      let ticks = try #require(topics["/tick"])
      try #require(ticks.count == 125)
      for (message, record) in zip(ticks, episode.ticks) {
        #expect(message.fields == fields(of: record))
      }
      let states = try #require(topics["/state"])
      try #require(states.count == 125)
      for (message, record) in zip(states, episode.states) {
        #expect(
          message.fields == [
            "position": bits(Double(record.values[0])), "angle": bits(Double(record.values[1])),
            "tick": bits(record.tick),
          ])
      }
      let decisions = try #require(topics["/decision"])
      try #require(decisions.count == 125)
      for (message, record) in zip(decisions, episode.decisions) {
        #expect(
          message.fields == [
            "force": bits(Double(record.values[0])), "tick": bits(record.tick),
          ])
      }
    }
    #expect(verdict.compression == [isCompressed ? "zstd" : ""])
  }

  @Test func theRefereeFindsRobotMetadataAndOutcome() throws {
    let verdict = try verdict(Samples.episode(ticks: 30))
    #expect(verdict.attachments == ["robot.yaml": Samples.robotText])
    #expect(verdict.metadata["replan"]?["seed"] == "18446744073709551615")
    #expect(verdict.metadata["replan"]?["rate_hz"] == "50.0")
    #expect(verdict.metadata["replan"]?["robot"] == "cart-pole")
    #expect(verdict.metadata["replan"]?["model_hash"] == "abc")
    #expect(verdict.metadata["outcome"]?["return"] == "-12.0625")
    #expect(verdict.metadata["outcome"]?["success"] == "true")
    #expect(verdict.metadata["replan"]?["gate"] == "0.1")
    #expect(verdict.metadata["outcome"]?["dropped"] == "4")
    #expect(
      verdict.schemas == [
        "replan.Action", "replan.Decision", "replan.Observation", "replan.State", "replan.Tick",
      ])
  }

  @Test func noChunkCoversMoreThanHalfASecond() throws {
    let verdict = try verdict(Samples.episode(ticks: 125))
    #expect(verdict.spans.count == 5)
    #expect(verdict.spans.allSatisfy { $0 < 500_000_000 })
  }

  @Test func aChannelKeepsItsNameWhereBookkeepingHasTheSame() throws {
    let header = Samples.header(
      observations: ["sequence", "flags", "cost", "x_1", "x1", "sequence_"],
      actions: ["tick", "sequence"])
    let episode = Samples.episode(ticks: 10, header: header)
    let verdict = try verdict(episode)
    for (message, record) in zip(verdict.index["/observation"]!, episode.observations) {
      #expect(message.fields["sequence"] == bits(Double(record.values[0])))
      #expect(message.fields["_sequence"] == bits(record.sequence))
      #expect(message.fields["_flags"] == bits(record.flags))
      #expect(message.fields["_cost"] == bits(Double(record.cost)))
      #expect(message.fields["x_1"] == bits(Double(record.values[3])))
      #expect(message.fields["x1"] == bits(Double(record.values[4])))
      #expect(message.fields["sequence_"] == bits(Double(record.values[5])))
      #expect(message.fields["plant_time_us"] == bits(record.plantTime))
    }
    for (message, record) in zip(verdict.index["/action"]!, episode.actions) {
      #expect(message.fields["tick"] == bits(Double(record.values[0])))
      #expect(message.fields["_tick"] == bits(record.tick))
    }
  }

  @Test func theLargestRobotIsReadToo() throws {
    let header = Samples.header(
      observations: (0..<32).map { "channel_\($0)" }, actions: (0..<16).map { "motor\($0)" })
    let episode = Samples.episode(ticks: 8, header: header)
    let verdict = try verdict(episode)
    let last = try #require(verdict.scan["/observation"]?.last)
    #expect(last.fields["channel_31"] == bits(Double(episode.observations[7].values[31])))
    #expect(last.fields.count == 37)
  }

  @Test func anEpisodeWithoutMessagesIsWhole() throws {
    let verdict = try verdict(Samples.episode(ticks: 0))
    #expect(verdict.index.isEmpty && verdict.spans.isEmpty)
  }

  @Test func badChannelNamesAreRefusedAndLeaveNoFile() throws {
    let folder = try TemporaryFolder()
    for names in [["Angle"], ["a", "a"], ["_x"], [""], [], ["a b"], ["é"]] {
      #expect(throws: RecordError.self) {
        try EpisodeWriter(
          path: folder.file("e.mcap"), header: Samples.header(observations: names))
      }
    }
    #expect(access(folder.file("e.mcap"), F_OK) != 0)
  }

  @Test func anExistingFileIsNeverOverwritten() throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], "e.mcap")
    let error = #expect(throws: RecordError.self) {
      try EpisodeWriter(path: folder.file("e.mcap"), header: Samples.header())
    }
    #expect(error == .file(path: folder.file("e.mcap"), operation: "create", code: EEXIST))
    #expect(try folder.read("e.mcap") == [1, 2, 3])
  }

  @Test func aClosedEpisodeTakesNothingMore() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("e.mcap")
    let writer = try EpisodeWriter(path: path, header: Samples.header())
    try writer.close(outcome: Samples.outcome)
    let tick = Samples.episode(ticks: 1).ticks[0]
    #expect(throws: RecordError.closed(path: path)) { try writer.append(tick: tick) }
    #expect(throws: RecordError.closed(path: path)) { try writer.close(outcome: Samples.outcome) }
  }

  @Test func aFullDiskIsAnErrorThatSaysSo() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0)
    let error = #expect(throws: RecordError.self) {
      try EpisodeWriter(
        file: OutputFile(path: "/dev/full", descriptor: descriptor), header: Samples.header(),
        settings: MCAPWriter.Settings())
    }
    #expect(error == .file(path: "/dev/full", operation: "write", code: ENOSPC))
    #expect(error?.description.contains("free some space") == true)
  }

  /// /dev/full takes the file's place between two chunks.
  @Test func aDiskThatFillsUpCostsTheChunkThatItRefuses() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("e.mcap")
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
    let kept = dup(descriptor)
    let full = open("/dev/full", O_WRONLY)
    try #require(descriptor >= 0 && kept >= 0 && full >= 0)
    let episode = Samples.episode(ticks: 100)
    let writer = try EpisodeWriter(
      file: OutputFile(path: path, descriptor: descriptor), header: episode.header,
      settings: MCAPWriter.Settings())
    for record in episode.observations[..<50] { try writer.append(observation: record) }
    dup2(full, descriptor)
    let error = #expect(throws: RecordError.self) {
      try writer.append(observation: episode.observations[50])
    }
    #expect(error == .file(path: path, operation: "write", code: ENOSPC))
    let cut = try EpisodeReader.read(path)
    #expect(cut.observations == Array(episode.observations[..<25]) && cut.droppedBytes == 0)
    // Space again: the episode goes on with the message at which the disk was full.
    dup2(kept, descriptor)
    for record in episode.observations[51...] { try writer.append(observation: record) }
    try writer.close(outcome: Samples.outcome)
    let whole = try EpisodeReader.read(path)
    let expected = episode.observations[..<25] + episode.observations[50...]
    #expect(whole.isComplete && whole.observations == Array(expected))
    close(kept)
    close(full)
  }
}
