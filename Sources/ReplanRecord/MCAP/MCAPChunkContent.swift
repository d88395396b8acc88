/// A chunk as a file holds it: unpacked, and its checksum right.
struct MCAPChunkContent {
  struct Message {
    var channel: UInt16
    var logTime: UInt64
    var publishTime: UInt64
    /// Where its record begins in the unpacked chunk.
    var offset: Int
    var payload: ByteReader
  }

  let earliest: UInt64
  let latest: UInt64
  let compression: String
  let packedSize: Int
  let size: Int
  /// Schemas and channels that other programs' writers put into a chunk, before their messages.
  let definitions: [MCAPScanner.Record]
  let messages: [Message]

  /// - Parameter content: of the chunk record.
  init(_ content: ByteReader) throws(RecordError) {
    var content = content
    let start = content.offset
    earliest = try content.integer(UInt64.self)
    latest = try content.integer(UInt64.self)
    let size = try content.integer(UInt64.self)
    let checksum = try content.integer(UInt32.self)
    compression = try content.text()
    var packed = try content.take(try content.integer(UInt64.self))
    guard content.isAtEnd else { throw content.damaged("a chunk with bytes behind its end") }
    packedSize = packed.remaining
    let place = packed.offset
    let records: [UInt8]
    switch compression {
    case "": records = packed.rest()
    case "zstd":
      guard let unpacked = Zstandard.decompress(packed.rest(), size: size) else {
        throw content.damaged("a chunk that does not unpack to \(size) bytes", at: start)
      }
      records = unpacked
    default: throw content.damaged("a chunk compressed by \"\(compression)\"", at: start)
    }
    guard UInt64(records.count) == size, Checksum.crc32(records).isRight(checksum) else {
      throw content.damaged("the checksum of a chunk is wrong", at: start)
    }
    self.size = records.count
    var reader = ByteReader(records, path: content.path, base: place)
    var definitions: [MCAPScanner.Record] = []
    var messages: [Message] = []
    while !reader.isAtEnd {
      let offset = reader.offset
      let opcode = try reader.integer(UInt8.self)
      let record = try reader.take(try reader.integer(UInt64.self))
      switch MCAPRecord.Opcode(rawValue: opcode) {
      case .message: messages.append(try Message(record, at: offset))
      case .schema: definitions.append(try MCAPScanner.Record(schema: record, at: place))
      case .channel: definitions.append(try MCAPScanner.Record(channel: record, at: place))
      default: continue
      }
    }
    self.definitions = definitions
    self.messages = messages
  }
}

extension MCAPChunkContent.Message {
  /// - Parameter content: of the message record.
  init(_ content: ByteReader, at offset: Int) throws(RecordError) {
    var content = content
    channel = try content.integer(UInt16.self)
    _ = try content.take(4)
    logTime = try content.integer(UInt64.self)
    publishTime = try content.integer(UInt64.self)
    self.offset = offset
    payload = content
  }
}

extension UInt32 {
  /// True if a checksum that is stated is this one; 0 states none, by MCAP's specification.
  func isRight(_ stated: UInt32) -> Bool { stated == 0 || stated == self }
}
