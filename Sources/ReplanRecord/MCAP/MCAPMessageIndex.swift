/// Log time and offset of each message of a chunk, by channel.
struct MCAPMessageIndex: Sendable {
  /// Message index records, as they follow their chunk.
  struct Encoded: Sendable {
    var bytes: [UInt8] = []
    /// Where each channel's index begins, from the first byte on.
    var offsets: [(channel: UInt16, value: UInt64)] = []
    var messageCounts: [(channel: UInt16, count: UInt64)] = []
  }

  private var entries: [UInt16: [(time: UInt64, offset: UInt64)]] = [:]
  private(set) var messageCount = 0

  /// - Parameter offset: of the message's record, in the chunk as it is before compression.
  mutating func add(channel: UInt16, logTime: UInt64, offset: Int) {
    entries[channel, default: []].append((logTime, UInt64(offset)))
    messageCount += 1
  }

  func encoded() -> Encoded {
    var result = Encoded()
    for (channel, entries) in entries.sorted(by: { $0.key < $1.key }) {
      result.offsets.append((channel, UInt64(result.bytes.count)))
      result.messageCounts.append((channel, UInt64(entries.count)))
      var content: [UInt8] = []
      content.append(littleEndian: channel)
      content.append(littleEndian: UInt32(16 * entries.count))
      for entry in entries {
        content.append(littleEndian: entry.time)
        content.append(littleEndian: entry.offset)
      }
      result.bytes += MCAPRecord.record(.messageIndex, content)
    }
    return result
  }
}
