/// Takes the good records out of the bytes of an MCAP file and makes a whole file of them.
///
/// Records are kept as they are, but for the message indexes, which are made anew. A chunk whose
/// checksum is wrong is left out; where a length is wrong as well, nothing behind it can be found.
struct MCAPRestorer {
  /// The data section of the new file.
  private(set) var bytes: [UInt8] = MCAPRecord.magic
  /// Where the last good record of the old file ends.
  private(set) var goodOffset: Int
  /// True if the old file's data section has its end.
  private(set) var hasDataEnd = false
  /// Chunks, attachments and indexes whose content is damaged.
  private(set) var damagedRecords = 0
  private(set) var chunks = 0
  private var summary = MCAPSummary()
  private let source: [UInt8]
  private let path: String
  /// The indexes that have to follow the last chunk.
  private var expectedIndex: ArraySlice<UInt8> = []

  /// - Throws: `damaged` if it is no MCAP file, if its first attachment is damaged, or if there is
  ///   damage that is in no chunk, so that nobody knows which of the other records is wrong.
  init(_ source: [UInt8], path: String) throws(RecordError) {
    self.source = source
    self.path = path
    goodOffset = bytes.count
    var reader = try MCAPScanner.begin(source, path: path)
    while !hasDataEnd, !reader.isAtEnd {
      let start = reader.offset
      guard let opcode = try? reader.integer(UInt8.self),
        let length = try? reader.integer(UInt64.self), let content = try? reader.take(length),
        try take(opcode, content, at: start)
      else { break }
      goodOffset = reader.offset
    }
  }

  /// Keeps one record; false if it is none, so that what follows cannot be one either.
  private mutating func take(
    _ opcode: UInt8, _ content: ByteReader, at start: Int
  ) throws(RecordError) -> Bool {
    let record = Array(source[start..<content.end])
    let place = UInt64(bytes.count)
    switch MCAPRecord.Opcode(rawValue: opcode) {
    case .header: break
    case .schema: summary.add(schema: record)
    case .channel: summary.add(channel: record)
    case .attachment:
      guard try add(attachment: content, record) else { return true }
    case .metadata:
      var content = content
      guard let name = try? content.text() else { return false }
      summary.add(metadata: record, at: place, name: name)
    case .chunk:
      add(chunk: content, record)
      return true
    case .messageIndex:
      // A file that was cut off between them lacks some.
      if !expectedIndex.starts(with: record) { damagedRecords += 1 }
      expectedIndex = expectedIndex.dropFirst(record.count)
      return true
    case .dataEnd:
      try checkData(content, end: start)
      hasDataEnd = true
      return true
    default: return false
    }
    bytes += record
    return true
  }

  private mutating func add(
    attachment content: ByteReader, _ record: [UInt8]
  ) throws(RecordError) -> Bool {
    do throws(RecordError) {
      let attachment = try MCAPAttachment(content)
      summary.add(
        attachment: record, at: UInt64(bytes.count), logTime: attachment.logTime,
        name: attachment.name, mediaType: attachment.mediaType, size: attachment.data.remaining)
      return true
    } catch {
      // Without the robot the rest is of no use.
      if summary.attachmentCount == 0 { throw error }
      damagedRecords += 1
      return false
    }
  }

  private mutating func add(chunk content: ByteReader, _ record: [UInt8]) {
    expectedIndex = []
    guard let chunk = try? MCAPChunkContent(content) else {
      damagedRecords += 1
      return
    }
    var index = MCAPMessageIndex()
    for message in chunk.messages {
      index.add(channel: message.channel, logTime: message.logTime, offset: message.offset)
    }
    let encoded = MCAPChunk.Encoded(
      record: record, index: index.encoded(), compression: chunk.compression, size: chunk.size,
      packedSize: chunk.packedSize, earliest: chunk.earliest, latest: chunk.latest)
    summary.add(chunk: encoded, at: UInt64(bytes.count))
    bytes += record + encoded.index.bytes
    expectedIndex = encoded.index.bytes[...]
    chunks += 1
  }

  private func checkData(_ content: ByteReader, end: Int) throws(RecordError) {
    var content = content
    let isRight = (try? content.integer(UInt32.self)) == Checksum.crc32(source, in: 0..<end)
    guard isRight || damagedRecords > 0 else {
      throw content.damaged(
        "the checksum of the data is wrong though every chunk is right, so that what the file "
          + "says of its robot, seed or channels may be wrong", at: end)
    }
  }

  /// The whole file.
  ///
  /// - Parameter closing: metadata that the old file does not have.
  consuming func finished(closing: (name: String, values: [String: String])?) -> [UInt8] {
    if let closing {
      let record = MCAPRecord.metadata(name: closing.name, values: closing.values)
      summary.add(metadata: record, at: UInt64(bytes.count), name: closing.name)
      bytes += record
    }
    var end = [UInt8]()
    end.append(littleEndian: Checksum.crc32(bytes))
    bytes += MCAPRecord.record(.dataEnd, end)
    return bytes + summary.encoded(at: UInt64(bytes.count))
  }
}
