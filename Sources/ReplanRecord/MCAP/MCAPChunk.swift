/// The messages that will reach the file together, in one write.
struct MCAPChunk: Sendable {
  /// A chunk record and the message indexes that follow it.
  struct Encoded: Sendable {
    var record: [UInt8]
    var index: MCAPMessageIndex.Encoded
    var compression: String
    var size: Int
    var packedSize: Int
    var earliest: UInt64
    var latest: UInt64
  }

  private var records: [UInt8] = []
  private var index = MCAPMessageIndex()
  private(set) var earliest = UInt64.max
  private(set) var latest: UInt64 = 0

  var isEmpty: Bool { records.isEmpty }
  var size: Int { records.count }
  var messageCount: Int { index.messageCount }

  /// Nanoseconds of log time that the chunk would cover with a message at `time`.
  func span(with time: UInt64) -> UInt64 {
    isEmpty ? 0 : max(latest, time) - min(earliest, time)
  }

  mutating func append(channel: UInt16, logTime: UInt64, message: [UInt8]) {
    index.add(channel: channel, logTime: logTime, offset: records.count)
    records += message
    earliest = min(earliest, logTime)
    latest = max(latest, logTime)
  }

  func encoded(compressed: Bool) -> Encoded {
    let packed = compressed ? Zstandard.compress(records) : records
    let compression = compressed ? "zstd" : ""
    var content: [UInt8] = []
    content.reserveCapacity(packed.count + 64)
    content.append(littleEndian: earliest)
    content.append(littleEndian: latest)
    content.append(littleEndian: UInt64(records.count))
    content.append(littleEndian: Checksum.crc32(records))
    content.append(prefixed: compression)
    content.append(littleEndian: UInt64(packed.count))
    content += packed
    return Encoded(
      record: MCAPRecord.record(.chunk, content), index: index.encoded(),
      compression: compression, size: records.count, packedSize: packed.count,
      earliest: earliest, latest: latest)
  }
}
