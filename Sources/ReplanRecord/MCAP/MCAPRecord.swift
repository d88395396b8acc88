/// The records of an MCAP file that episodes consist of.
///
/// - Source: MCAP format specification, mcap.dev/spec, version 0. Every record is an opcode, its
///   length in 64 bits, and its fields.
enum MCAPRecord {
  enum Opcode: UInt8 {
    case header = 1
    case footer, schema, channel, message, chunk, messageIndex, chunkIndex, attachment
    case attachmentIndex, statistics, metadata, metadataIndex, summaryOffset, dataEnd
  }

  static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
  /// Opcode and length.
  static let prefixSize = 9
  /// The footer with its prefix.
  static let footerSize = prefixSize + 20

  /// A record from its opcode and content.
  static func record(_ opcode: Opcode, _ content: [UInt8]) -> [UInt8] {
    var bytes = [opcode.rawValue]
    bytes.reserveCapacity(prefixSize + content.count)
    bytes.append(littleEndian: UInt64(content.count))
    bytes += content
    return bytes
  }

  static func header(library: String) -> [UInt8] {
    var content: [UInt8] = []
    content.append(prefixed: "")
    content.append(prefixed: library)
    return record(.header, content)
  }

  /// A schema in protobuf's self-description.
  static func schema(id: UInt16, name: String, descriptorSet: [UInt8]) -> [UInt8] {
    var content: [UInt8] = []
    content.append(littleEndian: id)
    content.append(prefixed: name)
    content.append(prefixed: "protobuf")
    content.append(littleEndian: UInt32(descriptorSet.count))
    content += descriptorSet
    return record(.schema, content)
  }

  static func channel(id: UInt16, schema: UInt16, topic: String) -> [UInt8] {
    var content: [UInt8] = []
    content.append(littleEndian: id)
    content.append(littleEndian: schema)
    content.append(prefixed: topic)
    content.append(prefixed: "protobuf")
    content.append(map: [:])
    return record(.channel, content)
  }

  static func message(
    channel: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64, payload: [UInt8]
  ) -> [UInt8] {
    var content: [UInt8] = []
    content.reserveCapacity(22 + payload.count)
    content.append(littleEndian: channel)
    content.append(littleEndian: sequence)
    content.append(littleEndian: logTime)
    content.append(littleEndian: publishTime)
    content += payload
    return record(.message, content)
  }

  static func attachment(
    logTime: UInt64, name: String, mediaType: String, data: [UInt8]
  ) -> [UInt8] {
    var content: [UInt8] = []
    content.append(littleEndian: logTime)
    content.append(littleEndian: logTime)
    content.append(prefixed: name)
    content.append(prefixed: mediaType)
    content.append(littleEndian: UInt64(data.count))
    content += data
    content.append(littleEndian: Checksum.crc32(content))
    return record(.attachment, content)
  }

  static func metadata(name: String, values: [String: String]) -> [UInt8] {
    var content: [UInt8] = []
    content.append(prefixed: name)
    content.append(map: values)
    return record(.metadata, content)
  }
}

extension [UInt8] {
  /// Appends MCAP's map of texts; sorted, so that equal maps give equal bytes.
  mutating func append(map values: [String: String]) {
    var entries: [UInt8] = []
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      entries.append(prefixed: key)
      entries.append(prefixed: value)
    }
    append(littleEndian: UInt32(entries.count))
    self += entries
  }

  /// Appends MCAP's map from channel to a number.
  mutating func append(map values: [(channel: UInt16, value: UInt64)]) {
    append(littleEndian: UInt32(10 * values.count))
    for entry in values {
      append(littleEndian: entry.channel)
      append(littleEndian: entry.value)
    }
  }
}
