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
    guard UInt64(records.count) == size, Checksum.crc32(records) == checksum else {
      throw content.damaged("the checksum of a chunk is wrong", at: start)
    }
    self.size = records.count
    messages = try Self.messages(ByteReader(records, path: content.path, base: place))
  }

  private static func messages(_ records: ByteReader) throws(RecordError) -> [Message] {
    var records = records
    var messages: [Message] = []
    while !records.isAtEnd {
      let offset = records.offset
      let opcode = try records.integer(UInt8.self)
      var record = try records.take(try records.integer(UInt64.self))
      guard opcode == MCAPRecord.Opcode.message.rawValue else { continue }
      let channel = try record.integer(UInt16.self)
      _ = try record.take(4)
      let logTime = try record.integer(UInt64.self)
      let publishTime = try record.integer(UInt64.self)
      messages.append(
        Message(
          channel: channel, logTime: logTime, publishTime: publishTime, offset: offset,
          payload: record))
    }
    return messages
  }
}
