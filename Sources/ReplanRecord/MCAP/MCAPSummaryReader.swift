/// What the end of a closed MCAP file tells, and the records that it leads to: all that is needed to
/// list a file without reading its chunks.
struct MCAPSummaryReader {
  /// Schemas and channels, then metadata, and attachments with the name that was asked for.
  private(set) var records: [MCAPScanner.Record] = []
  /// Messages by channel.
  private(set) var messageCounts: [UInt16: Int] = [:]

  /// - Parameter attachment: the name of those to be read; models can be large.
  /// - Returns: nil if the file was not closed by its writer.
  init?(_ file: borrowing InputFile, attachment: String) throws(RecordError) {
    let tail = try file.read(at: file.size - EpisodeReader.tailSize, count: EpisodeReader.tailSize)
    guard EpisodeReader.isFinished(tail: tail) else { return nil }
    var footer = ByteReader(tail, path: file.path, base: file.size - tail.count)
    _ = try footer.take(UInt64(MCAPRecord.prefixSize))
    let start = try footer.integer(UInt64.self)
    _ = try footer.integer(UInt64.self)
    let checksum = try footer.integer(UInt32.self)
    let end = file.size - MCAPRecord.magic.count - 4
    guard start < UInt64(end) else { throw footer.damaged("the footer leads behind the file") }
    let summary = try file.read(at: Int(start), count: end - Int(start))
    guard Checksum.crc32(summary) == checksum else {
      throw footer.damaged("the checksum of the summary is wrong")
    }
    try read(
      ByteReader(summary, path: file.path, base: Int(start)), start: Int(start), file, attachment)
  }

  private mutating func read(
    _ summary: ByteReader, start: Int, _ file: borrowing InputFile, _ attachment: String
  ) throws(RecordError) {
    var summary = summary
    while !summary.isAtEnd {
      let place = start + summary.offset
      let opcode = try summary.integer(UInt8.self)
      // The footer closes what was read; its checksum has been taken off.
      if opcode == MCAPRecord.Opcode.footer.rawValue { return }
      var content = try summary.take(try summary.integer(UInt64.self))
      switch MCAPRecord.Opcode(rawValue: opcode) {
      case .schema: records.append(try .init(schema: content, at: place))
      case .channel: records.append(try .init(channel: content, at: place))
      case .statistics: try count(&content)
      case .metadataIndex:
        let (record, at) = try pointed(&content, file)
        records.append(try .init(metadata: record, at: at))
      case .attachmentIndex:
        var index = content
        _ = try index.take(40)
        guard try index.text() == attachment else { continue }
        let (record, at) = try pointed(&content, file)
        records.append(try .init(attachment: record, at: at))
      default: continue
      }
    }
  }

  private mutating func count(_ content: inout ByteReader) throws(RecordError) {
    _ = try content.take(42)
    var counts = try content.take(UInt64(try content.integer(UInt32.self)))
    while !counts.isAtEnd {
      let channel = try counts.integer(UInt16.self)
      messageCounts[channel] = Int(clamping: try counts.integer(UInt64.self))
    }
  }

  /// The record that an index entry, which begins with its place and length, leads to.
  private func pointed(
    _ index: inout ByteReader, _ file: borrowing InputFile
  ) throws(RecordError) -> (content: ByteReader, offset: Int) {
    let offset = try index.integer(UInt64.self)
    let length = try index.integer(UInt64.self)
    guard offset < UInt64(file.size), length <= UInt64(file.size) - offset else {
      throw index.damaged("an index entry leads behind the file")
    }
    var record = ByteReader(
      try file.read(at: Int(offset), count: Int(length)), path: file.path, base: Int(offset))
    _ = try record.take(1)
    return (try record.take(try record.integer(UInt64.self)), Int(offset))
  }
}
