/// What an MCAP file repeats at its end, so that a reader finds everything without scanning.
struct MCAPSummary: Sendable {
  private var schemas: [UInt8] = []
  private var channels: [UInt8] = []
  private var chunkIndexes: [UInt8] = []
  private var attachmentIndexes: [UInt8] = []
  private var metadataIndexes: [UInt8] = []
  private var schemaCount: UInt16 = 0
  private var channelCount: UInt32 = 0
  private(set) var attachmentCount: UInt32 = 0
  private var metadataCount: UInt32 = 0
  private var chunkCount: UInt32 = 0
  private var messageCounts: [UInt16: UInt64] = [:]
  private var earliest = UInt64.max
  private var latest: UInt64 = 0

  mutating func add(schema record: [UInt8]) {
    schemas += record
    schemaCount += 1
  }

  mutating func add(channel record: [UInt8]) {
    channels += record
    channelCount += 1
  }

  /// Indexes an attachment whose record begins at `offset` of the file.
  mutating func add(
    attachment record: [UInt8], at offset: UInt64, logTime: UInt64, name: String,
    mediaType: String, size: Int
  ) {
    var content: [UInt8] = []
    content.append(littleEndian: offset)
    content.append(littleEndian: UInt64(record.count))
    content.append(littleEndian: logTime)
    content.append(littleEndian: logTime)
    content.append(littleEndian: UInt64(size))
    content.append(prefixed: name)
    content.append(prefixed: mediaType)
    attachmentIndexes += MCAPRecord.record(.attachmentIndex, content)
    attachmentCount += 1
  }

  mutating func add(metadata record: [UInt8], at offset: UInt64, name: String) {
    var content: [UInt8] = []
    content.append(littleEndian: offset)
    content.append(littleEndian: UInt64(record.count))
    content.append(prefixed: name)
    metadataIndexes += MCAPRecord.record(.metadataIndex, content)
    metadataCount += 1
  }

  /// Indexes a chunk whose record begins at `offset` of the file.
  mutating func add(chunk: MCAPChunk.Encoded, at offset: UInt64) {
    var content: [UInt8] = []
    content.append(littleEndian: chunk.earliest)
    content.append(littleEndian: chunk.latest)
    content.append(littleEndian: offset)
    content.append(littleEndian: UInt64(chunk.record.count))
    let start = offset + UInt64(chunk.record.count)
    content.append(map: chunk.index.offsets.map { ($0.channel, start + $0.value) })
    content.append(littleEndian: UInt64(chunk.index.bytes.count))
    content.append(prefixed: chunk.compression)
    content.append(littleEndian: UInt64(chunk.packedSize))
    content.append(littleEndian: UInt64(chunk.size))
    chunkIndexes += MCAPRecord.record(.chunkIndex, content)
    chunkCount += 1
    earliest = min(earliest, chunk.earliest)
    latest = max(latest, chunk.latest)
    for (channel, count) in chunk.index.messageCounts {
      messageCounts[channel, default: 0] += count
    }
  }

  /// Bytes of the records that it holds.
  var size: Int {
    schemas.count + channels.count + chunkIndexes.count + attachmentIndexes.count
      + metadataIndexes.count
  }

  /// Summary, summary offsets, footer and closing magic for a summary that begins at `start`.
  func encoded(at start: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var offsets: [UInt8] = []
    let groups: [(MCAPRecord.Opcode, [UInt8])] = [
      (.schema, schemas), (.channel, channels), (.statistics, statistics),
      (.chunkIndex, chunkIndexes), (.attachmentIndex, attachmentIndexes),
      (.metadataIndex, metadataIndexes),
    ]
    for (opcode, records) in groups where !records.isEmpty {
      var content = [opcode.rawValue]
      content.append(littleEndian: start + UInt64(bytes.count))
      content.append(littleEndian: UInt64(records.count))
      offsets += MCAPRecord.record(.summaryOffset, content)
      bytes += records
    }
    let offsetStart = start + UInt64(bytes.count)
    bytes += offsets
    bytes.append(MCAPRecord.Opcode.footer.rawValue)
    bytes.append(littleEndian: UInt64(MCAPRecord.footerSize - MCAPRecord.prefixSize))
    bytes.append(littleEndian: start)
    bytes.append(littleEndian: offsetStart)
    bytes.append(littleEndian: Checksum.crc32(bytes))
    return bytes + MCAPRecord.magic
  }

  private var statistics: [UInt8] {
    var content: [UInt8] = []
    content.append(littleEndian: messageCounts.values.reduce(0, +))
    content.append(littleEndian: schemaCount)
    content.append(littleEndian: channelCount)
    content.append(littleEndian: attachmentCount)
    content.append(littleEndian: metadataCount)
    content.append(littleEndian: chunkCount)
    content.append(littleEndian: chunkCount == 0 ? 0 : earliest)
    content.append(littleEndian: latest)
    content.append(map: messageCounts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    return MCAPRecord.record(.statistics, content)
  }
}
