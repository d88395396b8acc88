/// Reads the records of an MCAP file front to back and checks every checksum on the way.
struct MCAPScanner {
  enum Record {
    case schema(id: UInt16, name: String, data: [UInt8], offset: Int)
    case channel(id: UInt16, schema: UInt16, topic: String, offset: Int)
    case attachment(name: String, data: [UInt8], offset: Int)
    case metadata(name: String, values: MetadataValues)
    /// The messages of one chunk.
    case messages([MCAPChunkContent.Message])
  }

  let path: String
  /// True if the file ends with a footer and the magic: its writer closed it.
  let isFinished: Bool
  /// True once the checksum of the whole data section was wrong.
  private(set) var isChecksumWrong = false
  /// Messages in the file by its own count; nil until a finished file was scanned to its end.
  private(set) var messageCount: Int?
  private var reader: ByteReader
  private var isAtDataEnd = false
  /// Records of the last chunk that have not been given out.
  private var waiting: [Record] = []

  init(_ bytes: [UInt8], path: String) throws(RecordError) {
    self.path = path
    isFinished = EpisodeReader.isFinished(tail: bytes.suffix(EpisodeReader.tailSize))
    reader = try Self.begin(bytes, path: path)
  }

  /// The place behind the magic bytes at a file's start.
  ///
  /// - Throws: `damaged` if the file does not begin with them.
  static func begin(_ bytes: [UInt8], path: String) throws(RecordError) -> ByteReader {
    var reader = ByteReader(bytes, path: path)
    guard !bytes.isEmpty else {
      throw reader.damaged("the file is empty: its writer was cut off before it wrote anything")
    }
    guard bytes.count >= MCAPRecord.magic.count else { throw reader.damaged("a cut-off MCAP file") }
    var magic = try reader.take(UInt64(MCAPRecord.magic.count))
    guard magic.rest() == MCAPRecord.magic else {
      throw reader.damaged("not an MCAP file of version 0", at: 0)
    }
    return reader
  }

  /// Where the record that was read last begins, or all that was read ends: what is before is good.
  private(set) var goodOffset = 0

  /// The next record that matters; nil behind the data section.
  mutating func next() throws(RecordError) -> Record? {
    if !waiting.isEmpty { return waiting.removeFirst() }
    while !isAtDataEnd {
      let start = reader.offset
      goodOffset = start
      guard !reader.isAtEnd else { return nil }
      let opcode = try reader.integer(UInt8.self)
      var content = try reader.take(try reader.integer(UInt64.self))
      switch MCAPRecord.Opcode(rawValue: opcode) {
      case .schema: return try Record(schema: content, at: start)
      case .channel: return try Record(channel: content, at: start)
      case .attachment: return try Record(attachment: content, at: start)
      case .metadata: return try Record(metadata: content, at: start)
      case .chunk:
        let chunk = try MCAPChunkContent(content)
        waiting = chunk.definitions + [.messages(chunk.messages)]
        return waiting.removeFirst()
      case .message: return .messages([try MCAPChunkContent.Message(content, at: start)])
      case .dataEnd: try finish(&content, start)
      case .header, .messageIndex: continue
      default: throw reader.damaged("a record of kind \(opcode) in the data section", at: start)
      }
    }
    goodOffset = reader.offset
    return nil
  }

  /// Checks the data section, and the summary behind it if the file is finished.
  private mutating func finish(_ content: inout ByteReader, _ start: Int) throws(RecordError) {
    let checksum = try content.integer(UInt32.self)
    guard Checksum.crc32(reader.bytes, in: 0..<start).isRight(checksum) else {
      isChecksumWrong = true
      throw reader.damaged("the checksum of the data is wrong", at: start)
    }
    isAtDataEnd = true
    guard isFinished else { return }
    let summaryStart = reader.offset
    let checked = reader.end - MCAPRecord.magic.count - 4
    var footer = reader
    _ = try footer.take(UInt64(max(0, checked - 16 - footer.offset)))
    guard try footer.integer(UInt64.self) == UInt64(summaryStart) else {
      throw footer.damaged("the footer does not point to the summary")
    }
    _ = try footer.integer(UInt64.self)
    let expected = Checksum.crc32(reader.bytes, in: summaryStart..<max(summaryStart, checked))
    guard expected.isRight(try footer.integer(UInt32.self)) else {
      throw footer.damaged("the checksum of the summary is wrong")
    }
    messageCount = try countOfMessages()
  }

  private func countOfMessages() throws(RecordError) -> Int? {
    var summary = reader
    while summary.remaining > MCAPRecord.footerSize + MCAPRecord.magic.count {
      let opcode = try summary.integer(UInt8.self)
      var content = try summary.take(try summary.integer(UInt64.self))
      guard opcode == MCAPRecord.Opcode.statistics.rawValue else { continue }
      return Int(exactly: try content.integer(UInt64.self))
    }
    return nil
  }
}
