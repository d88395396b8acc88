import Foundation
import Testing

@testable import ReplanRecord

@Suite struct EpisodeOverviewTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [false, true]) func tellsWhatAWholeReadingTells(isCompressed: Bool) throws {
    let path = folder.file("e.mcap")
    var episode = Samples.episode(ticks: 60)
    episode.outcome?.verdicts = ["planned": 58, "late": 2]
    try Samples.write(episode, to: path, isCompressed: isCompressed)
    let overview = try EpisodeOverview.read(path)
    #expect(overview.header == episode.header && overview.outcome == episode.outcome)
    #expect(overview.isComplete && overview.seconds == 2.5)
    #expect(
      overview.messageCounts == [
        "/observation": 60, "/action": 60, "/tick": 60, "/state": 60, "/decision": 60,
      ])
    #expect(overview.size == (try folder.read("e.mcap")).count)
  }

  @Test func aFileThatWasCutOffTellsWhatItsChunksTell() throws {
    let path = folder.file("e.mcap")
    try Samples.write(Samples.episode(ticks: 60), to: path, isClosed: false)
    try folder.write(try folder.read("e.mcap").dropLast(3), "e.mcap")
    let overview = try EpisodeOverview.read(path)
    #expect(!overview.isComplete && overview.outcome == nil && overview.droppedBytes > 0)
    #expect(overview.messageCounts["/tick"] == 50 || overview.messageCounts["/tick"] == 60)
    #expect(overview.seconds > 0.9)
  }

  @Test func chunksAreNotLookedAt() throws {
    let path = folder.file("e.mcap")
    try Samples.write(Samples.episode(ticks: 60), to: path)
    var bytes = try folder.read("e.mcap")
    let middle = bytes.count / 2
    for place in middle..<(middle + 100) { bytes[place] = 0 }
    try folder.write(bytes, "e.mcap")
    #expect(throws: RecordError.self) { try EpisodeReader.read(path) }
    #expect(try EpisodeOverview.read(path).outcome == Samples.outcome)
  }

  @Test func noBytesMakeItTrap() throws {
    let path = folder.file("e.mcap")
    try Samples.write(Samples.episode(ticks: 5), to: path)
    let source = try folder.read("e.mcap")
    var random = SeededGenerator(seed: 9)
    for _ in 0..<400 {
      var bytes = source
      // Where the end is read.
      let start = Int.random(in: bytes.count / 2..<bytes.count, using: &random)
      for place in start..<min(bytes.count, start + 8) {
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      try folder.write(bytes, "d.mcap")
      do throws(RecordError) {
        _ = try EpisodeOverview.read(folder.file("d.mcap"))
      } catch {
        #expect(error.description.hasPrefix(folder.path))
      }
    }
  }

  @Test func otherFilesAreRefused() throws {
    try folder.write([1, 2], "short")
    #expect(throws: RecordError.self) { try EpisodeOverview.read(folder.file("short")) }
    #expect(throws: RecordError.self) { try EpisodeOverview.read(folder.file("none")) }
    #expect(throws: RecordError.self) { try EpisodeOverview.read(folder.path) }
  }
}
