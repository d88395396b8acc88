import Foundation
import Glibc
import Testing

@testable import ReplanRecord

@Suite struct EpisodeRecoveryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Chunks of five ticks, a model before the first and one in the middle.
  private func bytes(
    ticks: Int, isCompressed: Bool = false, isClosed: Bool = true
  ) throws -> [UInt8] {
    let path = folder.file("\(UUID()).mcap")
    let episode = Samples.episode(ticks: ticks)
    var settings = MCAPWriter.Settings()
    settings.chunkNanoseconds = 100_000_000
    settings.isCompressed = isCompressed
    settings.isSynchronized = false
    let writer = try EpisodeWriter(
      file: OutputFile(creating: path), header: episode.header, settings: settings)
    let start = episode.header.startTime
    try writer.attach(model: [1, 2, 3], generation: 0, logTime: start)
    for tick in 0..<ticks {
      if tick == ticks - 6 { try writer.attach(model: [0xFF, 1], generation: 1, logTime: start) }
      try writer.append(observation: episode.observations[tick])
      try writer.append(tick: episode.ticks[tick])
      try writer.append(action: episode.actions[tick])
      try writer.append(state: episode.states[tick])
      try writer.append(decision: episode.decisions[tick])
    }
    if isClosed { try writer.close(outcome: Samples.outcome) } else { try writer.flush() }
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  /// The file's records: opcode, start, end.
  private func records(_ bytes: [UInt8]) -> [(opcode: UInt8, start: Int, end: Int)] {
    var reader = ByteReader(bytes, path: "")
    _ = try? reader.take(8)
    var list: [(opcode: UInt8, start: Int, end: Int)] = []
    var start = reader.offset
    while let opcode = try? reader.integer(UInt8.self),
      let size = try? reader.integer(UInt64.self), (try? reader.take(size)) != nil
    {
      list.append((opcode, start, reader.offset))
      start = reader.offset
    }
    return list
  }

  private func restored(
    _ bytes: [UInt8]
  ) throws -> (episode: Episode, recovery: EpisodeRecovery, bytes: [UInt8]) {
    let (whole, recovery) = try EpisodeRecovery.restored(
      bytes, path: "e.mcap", episodeReturn: { _ in -7 })
    let content = try #require(whole)
    return (try EpisodeReader.decode(content, path: "e.mcap"), recovery, content)
  }

  @Test(arguments: [false, true])
  func aFileCutAnywhereInItsLastTwoChunksIsWholeAgainWithoutTheLast(isCompressed: Bool) throws {
    let expected = Samples.episode(ticks: 15)
    let bytes = try bytes(ticks: 15, isCompressed: isCompressed, isClosed: false)
    let all = records(bytes)
    let chunks = all.filter { $0.opcode == 6 }
    try #require(chunks.count == 3 && all.contains { $0.opcode == 9 && $0.start > chunks[0].end })
    for size in chunks[0].end...bytes.count {
      let (episode, recovery, _) = try restored(Array(bytes[..<size]))
      let count = 5 * chunks.count { $0.end <= size }
      try #require(episode.isComplete && episode.outcome?.reason == "cut off")
      try #require(episode.observations == Array(expected.observations[..<count]))
      try #require(episode.ticks == Array(expected.ticks[..<count]))
      try #require(episode.decisions == Array(expected.decisions[..<count]))
      let lastEnd = all.last { $0.end <= size }!.end
      try #require(recovery.lostBytes == size - lastEnd && recovery.damagedRecords == 0)
    }
  }

  @Test func theOutcomeIsWhatTheRecordsTell() throws {
    let bytes = try bytes(ticks: 15, isClosed: false)
    let (episode, recovery, _) = try restored(bytes)
    // Verdict 1 is "explored"; tick 3 is an overrun.
    #expect(
      episode.outcome
        == EpisodeOutcome(
          seconds: 0.3, isSuccess: false, episodeReturn: -7, ticks: 15, overruns: 1, fallbacks: 0,
          reason: "cut off", verdicts: ["explored": 15]))
    #expect(episode.models == [0: [1, 2, 3], 1: [0xFF, 1]])
    #expect(recovery.observations == 15 && recovery.ticks == 15 && recovery.lostBytes == 0)
  }

  /// The writer died within its last write: what it said of the end is kept if it is there.
  @Test func aFileCutInItsEndKeepsItsOutcome() throws {
    let bytes = try bytes(ticks: 15)
    let all = records(bytes)
    let outcome = try #require(all.last { $0.opcode == 0x0C })
    let lastIndex = try #require(all.last { $0.opcode == 7 })
    for size in lastIndex.end..<bytes.count {
      let (episode, recovery, whole) = try restored(Array(bytes[..<size]))
      let isKept = size >= outcome.end
      try #require(episode.outcome?.reason == (isKept ? "success" : "cut off"))
      try #require(episode.observations.count == 15)
      if isKept { try #require(whole == bytes) }
      if size >= outcome.end + 13 { try #require(recovery.lostBytes == 0) }
    }
  }

  @Test(arguments: [false, true])
  func theRefereeReadsARecoveredFileByItsIndex(isCompressed: Bool) throws {
    let bytes = try bytes(ticks: 60, isCompressed: isCompressed, isClosed: false)
    try folder.write(restored(Array(bytes.dropLast(700))).bytes, "r.mcap")
    let referee = try PythonReferee("referee_episode.py", folder.file("r.mcap"))
    let verdict = try JSONDecoder().decode(EpisodeWriterTests.Verdict.self, from: referee.result())
    #expect(verdict.index["/observation"]?.count == 55 && verdict.metadata["outcome"] != nil)
  }

  @Test func aDamagedChunkIsLeftOut() throws {
    let episode = Samples.episode(ticks: 15)
    var bytes = try bytes(ticks: 15, isCompressed: true)
    let chunk = records(bytes).filter { $0.opcode == 6 }[1]
    bytes[chunk.end - 10] ^= 1
    #expect(throws: RecordError.self) { try EpisodeReader.decode(bytes, path: "e.mcap") }
    let (restored, recovery, _) = try restored(bytes)
    #expect(
      restored.observations == Array(episode.observations[..<5] + episode.observations[10...]))
    #expect(restored.outcome == Samples.outcome)
    // The chunk, and the five indexes that nothing precedes any more.
    #expect(recovery.damagedRecords == 6 && recovery.lostBytes == 0)
  }

  @Test func damageThatIsInNoChunkIsNotGuessedAt() throws {
    var bytes = try bytes(ticks: 15)
    let metadata = records(bytes).first { $0.opcode == 0x0C }!
    let seed = try #require(bytes[metadata.start...].firstRange(of: Array("seed".utf8)))
    bytes[seed.upperBound + 5] ^= 1
    let error = #expect(throws: RecordError.self) { try restored(bytes) }
    #expect(error?.description.contains("may be wrong") == true)
  }

  @Test func whatIsNoEpisodeIsRefused() throws {
    let bytes = try bytes(ticks: 15)
    let head = records(bytes).first { $0.opcode == 0x0C }!.end
    for content in [[], Array("name: x".utf8), Array(bytes[..<(head - 1)])] {
      #expect(throws: RecordError.self) { try restored(content) }
    }
    #expect(try restored(Array(bytes[..<head])).episode.observations.isEmpty)
  }

  @Test func noBytesMakeItTrapOrPassWrongValues() throws {
    let source = try bytes(ticks: 15)
    let episode = Samples.episode(ticks: 15)
    var random = SeededGenerator(seed: 8)
    var (recovered, refused) = (0, 0)
    for _ in 0..<1500 {
      var bytes = source
      let start = Int.random(in: 8..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1...16, using: &random))
      if Bool.random(using: &random) {
        bytes.removeSubrange(start..<end)
      } else {
        for place in start..<end { bytes[place] = UInt8.random(in: 0...255, using: &random) }
      }
      do throws(RecordError) {
        guard let whole = try EpisodeRecovery.restored(bytes, path: "e.mcap").bytes else {
          continue
        }
        let read = try EpisodeReader.decode(whole, path: "e.mcap")
        try? #require(read.observations.allSatisfy(episode.observations.contains))
        #expect(read.isComplete)
        recovered += 1
      } catch {
        refused += 1
      }
    }
    #expect(recovered > 300 && refused > 100)
  }

  @Test func theFileAsItWasFoundIsKeptBesideIt() throws {
    let bytes = try bytes(ticks: 15, isClosed: false).dropLast(600)
    try folder.write(bytes, "0001.mcap")
    let path = folder.file("0001.mcap")
    let recovery = try EpisodeRecovery.recover(path)
    #expect(!recovery.isWhole && recovery.original == path + ".cut")
    #expect(try folder.read("0001.mcap.cut") == Array(bytes))
    #expect(try EpisodeReader.read(path).observations.count == 10)
    let again = try EpisodeRecovery.recover(path)
    #expect(again.isWhole && again.original == nil && again.observations == 10)
    // A file that was kept before is not overwritten.
    try folder.write(bytes, "0001.mcap")
    #expect(try EpisodeRecovery.recover(path).original == path + ".cut2")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy {
        !$0.hasSuffix(".tmp")
      })
  }

  @Test func aWorkspaceIsRecoveredWhileNobodyUsesIt() throws {
    let path = folder.file("w")
    let cut = try bytes(ticks: 15, isClosed: false).dropLast(600)
    var workspace: Workspace? = try Workspace(path: path, robotText: "name: r") { _ in nil }
    try Samples.write(Samples.episode(ticks: 5), to: workspace!.nextEpisode().path)
    try Data(cut).write(to: URL(filePath: workspace!.nextEpisode().path))
    try Data([1]).write(to: URL(filePath: workspace!.nextEpisode().path))
    #expect(Workspace.isInUse(path))
    #expect(throws: RecordError.locked(path: path, process: Int(getpid()))) {
      try EpisodeRecovery.recover(workspace: path) { _ in }
    }
    #expect(throws: RecordError.self) {
      try EpisodeRecovery.recover(path + "/episodes/0002.mcap")
    }
    workspace = nil
    #expect(!Workspace.isInUse(path))
    var results: [Result<EpisodeRecovery, RecordError>] = []
    try EpisodeRecovery.recover(workspace: path) { results.append($0) }
    #expect(results.count == 3)
    #expect(try results[0].get().isWhole)
    #expect(try results[1].get().observations == 10)
    #expect(throws: RecordError.self) { try results[2].get() }
    #expect(throws: RecordError.self) {
      try EpisodeRecovery.recover(workspace: folder.path) { _ in }
    }
  }
}
