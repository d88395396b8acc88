import Testing

@testable import ReplanRecord

@Suite struct EpisodeReaderTests {
  private func bytes(
    _ episode: Episode, isCompressed: Bool = false, isClosed: Bool = true
  ) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try Samples.write(
      episode, to: folder.file("e.mcap"), isCompressed: isCompressed, isClosed: isClosed)
    return try folder.read("e.mcap")
  }

  private func result(_ bytes: [UInt8]) -> Result<Episode, RecordError> {
    Result { () throws(RecordError) in try EpisodeReader.decode(bytes, path: "e.mcap") }
  }

  /// Ends of the file's records from its beginning, with the records' opcodes.
  private func records(_ bytes: [UInt8]) -> [(opcode: UInt8, end: Int)] {
    var reader = ByteReader(bytes, path: "")
    _ = try? reader.take(8)
    var list: [(opcode: UInt8, end: Int)] = []
    while let opcode = try? reader.integer(UInt8.self),
      let size = try? reader.integer(UInt64.self), (try? reader.take(size)) != nil
    {
      list.append((opcode, reader.offset))
    }
    return list
  }

  @Test(arguments: [false, true])
  func readsBackWhatWasWritten(isCompressed: Bool) throws {
    let episode = Samples.episode(ticks: 125)
    let read = try EpisodeReader.decode(
      bytes(episode, isCompressed: isCompressed), path: "e.mcap")
    #expect(read == episode)
    #expect(read.isComplete)
  }

  @Test func notANumberStaysWhatItIs() throws {
    var episode = Samples.episode(ticks: 2)
    episode.observations[1].cost = .nan
    let read = try EpisodeReader.decode(bytes(episode), path: "e.mcap")
    #expect(read.observations[1].cost.isNaN)
  }

  /// A change that rounding would hide is one all the same.
  @Test func digitsThatNobodyRecordedAreDamage() throws {
    let layout = MessageLayout.observation(channels: ["x"])
    func record(x: Double, cost: Double = .nan) throws(RecordError) -> ObservationRecord {
      let fields = [x.bitPattern, 1, 1, 1, 1, cost.bitPattern]
      return try FieldValues(layout: layout, fields: fields, reader: ByteReader([], path: "e.mcap"))
        .observation(0)
    }
    for x in [0.5, -.infinity, Double(Float(0.1)), Double(Float.leastNonzeroMagnitude)] {
      #expect(try record(x: x).values == [Float(x)])
    }
    for x in [(0.5).nextUp, 0.1, 1e300, 1e-60] {
      let error = #expect(throws: RecordError.self) { try record(x: x) }
      #expect(error?.description.contains("/observation x is") == true)
      #expect(throws: RecordError.self) { try record(x: 0, cost: x) }
    }
  }

  @Test(arguments: [false, true])
  func aFileCutAnywhereInItsLastTwoChunksLosesAtMostTheLast(isCompressed: Bool) throws {
    let episode = Samples.episode(ticks: 15)
    let bytes = try Samples.cutOff(episode, isCompressed: isCompressed)
    let chunkEnds = records(bytes).filter { $0.opcode == 6 }.map(\.end)
    try #require(chunkEnds.count == 3)
    for size in chunkEnds[0]...bytes.count {
      let read = try EpisodeReader.decode(Array(bytes[..<size]), path: "e.mcap")
      let whole = chunkEnds.count { $0 <= size }
      let expected = 5 * whole
      try #require(read.observations == Array(episode.observations[..<expected]))
      try #require(read.actions == Array(episode.actions[..<expected]))
      try #require(read.header == episode.header)
      try #require(read.outcome == nil && !read.isComplete)
      let lastEnd = records(Array(bytes[..<size])).last!.end
      try #require(read.droppedBytes == size - lastEnd)
    }
  }

  @Test func aFileCutBeforeItsFirstChunkIsAnErrorAndOneCutInItsSummaryIsNot() throws {
    let episode = Samples.episode(ticks: 30)
    let bytes = try bytes(episode)
    let all = records(bytes)
    let head = all.first { $0.opcode == 0x0C }!.end
    for size in 0..<head {
      #expect(throws: RecordError.self) {
        try EpisodeReader.decode(Array(bytes[..<size]), path: "e.mcap")
      }
    }
    #expect(try EpisodeReader.decode(Array(bytes[..<head]), path: "e").observations.isEmpty)
    let dataEnd = all.first { $0.opcode == 0x0F }!.end
    for size in dataEnd..<bytes.count {
      let read = try EpisodeReader.decode(Array(bytes[..<size]), path: "e.mcap")
      try #require(read.observations == episode.observations)
      try #require(read.outcome == episode.outcome)
      try #require(read.droppedBytes == size - dataEnd)
    }
  }

  /// A closed file either reads as it was written or is refused; a wrong value never passes.
  @Test(arguments: [false, true])
  func damageToAClosedFileIsNoticed(isCompressed: Bool) throws {
    let episode = Samples.episode(ticks: 40)
    let bytes = try bytes(episode, isCompressed: isCompressed)
    var random = SeededGenerator(seed: isCompressed ? 3 : 4)
    var refused = 0
    for _ in 0..<1500 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      }
      switch result(damaged) {
      case .success(let read):
        try #require(read.header == episode.header)
        try #require(
          read.observations == Array(episode.observations.prefix(read.observations.count)))
        try #require(read.droppedBytes > 0)
      case .failure(let error):
        refused += 1
        try #require(error.description.hasPrefix("e.mcap: "))
      }
    }
    #expect(refused > 1000)
  }

  /// Cuts, shifts and overwrites: nothing that a file can hold makes the reader trap.
  @Test func noBytesMakeTheReaderTrap() throws {
    var random = SeededGenerator(seed: 5)
    let sources = [
      try bytes(Samples.episode(ticks: 30)),
      try bytes(Samples.episode(ticks: 30), isClosed: false),
      try bytes(Samples.episode(ticks: 30), isCompressed: true, isClosed: false),
    ]
    var (readable, refused) = (0, 0)
    for round in 0..<3000 {
      var bytes = sources[round % 3]
      let start = Int.random(in: 8..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...16, using: &random))
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 2: for place in start..<end { bytes[place] = 0xFF }
      default: for place in start..<end { bytes[place] = UInt8.random(in: 0...255, using: &random) }
      }
      switch result(bytes) {
      case .success(let read):
        try #require(read.observations.count <= 31)
        readable += 1
      case .failure(let error):
        try #require(error.description.hasPrefix("e.mcap: "))
        refused += 1
      }
    }
    #expect(readable > 300 && refused > 300)
  }

  /// PyPI's mcap writes schemas and channels into chunks, and leaves out checksums.
  @Test(arguments: [[], ["plain"]])
  func whatOtherProgramsWroteAnewIsRead(options: [String]) throws {
    let folder = try TemporaryFolder()
    let episode = Samples.episode(ticks: 60)
    try Samples.write(episode, to: folder.file("e.mcap"))
    let arguments = [folder.file("e.mcap"), folder.file("anew.mcap")] + options
    _ = try PythonReferee("rewrite_episode.py", arguments).result()
    #expect(try EpisodeReader.read(folder.file("anew.mcap")) == episode)
    // Its checksums count where there are any.
    var bytes = try folder.read("anew.mcap")
    if options.isEmpty {
      let chunk = try #require(records(bytes).first { $0.opcode == 6 })
      bytes[chunk.end - 9] ^= 1
      #expect(throws: RecordError.self) { try EpisodeReader.decode(bytes, path: "e.mcap") }
    }
  }

  @Test func otherFilesAreRefusedWithTheirPath() throws {
    for content in [[], Array("name: x".utf8), [UInt8](repeating: 0x89, count: 500)] {
      let error = #expect(throws: RecordError.self) {
        try EpisodeReader.decode(content, path: "dir/e.mcap")
      }
      #expect(error?.description.hasPrefix("dir/e.mcap: ") == true)
    }
    #expect(throws: RecordError.self) { try EpisodeReader.read("/nonexistent/e.mcap") }
    #expect(throws: RecordError.self) { try EpisodeReader.read("/tmp") }
  }
}
