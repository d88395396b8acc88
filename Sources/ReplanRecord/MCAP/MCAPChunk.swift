/// The messages that will reach the file together, in one write.
struct MCAPChunk: Sendable {
  /// A chunk record and the message indexes that follow it.
  struct Encoded {
    var record: [UInt8]
    var index: [UInt8] = []
    /// Where each channel's index begins, from the end of the chunk record.
    var indexOffsets: [(channel: UInt16, value: UInt64)] = []
    var messageCounts: [(channel: UInt16, count: UInt64)] = []
    var compression: String
    var size: Int
    var packedSize: Int
    var earliest: UInt64
    var latest: UInt64
  }

  private var records: [UInt8] = []
  /// Log time and offset of each message, by channel.
  private var index: [UInt16: [(time: UInt64, offset: UInt64)]] = [:]
  private(set) var earliest = UInt64.max
  private(set) var latest: UInt64 = 0

  var isEmpty: Bool { records.isEmpty }
  var size: Int { records.count }
  var messageCount: Int { index.values.reduce(0) { $0 + $1.count } }

  /// Nanoseconds of log time that the chunk would cover with a message at `time`.
  func span(with time: UInt64) -> UInt64 {
    isEmpty ? 0 : max(latest, time) - min(earliest, time)
  }

  mutating func append(channel: UInt16, logTime: UInt64, message: [UInt8]) {
    index[channel, default: []].append((logTime, UInt64(records.count)))
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
    var result = Encoded(
      record: MCAPRecord.record(.chunk, content), compression: compression, size: records.count,
      packedSize: packed.count, earliest: earliest, latest: latest)
    for (channel, entries) in index.sorted(by: { $0.key < $1.key }) {
      result.indexOffsets.append((channel, UInt64(result.index.count)))
      result.messageCounts.append((channel, UInt64(entries.count)))
      var content: [UInt8] = []
      content.append(littleEndian: channel)
      content.append(littleEndian: UInt32(16 * entries.count))
      for entry in entries {
        content.append(littleEndian: entry.time)
        content.append(littleEndian: entry.offset)
      }
      result.index += MCAPRecord.record(.messageIndex, content)
    }
    return result
  }
}
