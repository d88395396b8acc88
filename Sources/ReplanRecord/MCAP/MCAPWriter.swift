/// Writes an MCAP file front to back such that every prefix that ends with a chunk is readable by
/// scanning.
///
/// The preamble and each chunk with its index reach the file in one write call each, and so does
/// all that follows the last chunk. A write that fails is taken back, so that the file stays whole.
struct MCAPWriter: ~Copyable, Sendable {
  struct Settings: Sendable {
    /// Longest log time that a chunk covers: what a power cut can cost.
    var chunkNanoseconds: UInt64 = 500_000_000
    /// A chunk is written when it is larger, however short its time.
    var chunkBytes = 1 << 20
    var isCompressed = true
    /// Waits for the disk after each chunk.
    var isSynchronized = true
  }

  private let file: OutputFile
  private let settings: Settings
  private var summary = MCAPSummary()
  private var chunk = MCAPChunk()
  private var offset: UInt64 = 0
  private var checksum: UInt32 = 0
  /// Messages of the chunks that the disk refused, and attachments.
  private(set) var lostMessages = 0
  /// The preamble, until it is written.
  private var pending: [UInt8]

  /// - Postcondition: nothing is written before `begin`.
  init(file: consuming OutputFile, library: String, settings: Settings) {
    self.file = file
    self.settings = settings
    pending = MCAPRecord.magic + MCAPRecord.header(library: library)
  }

  mutating func add(schema id: UInt16, name: String, descriptorSet: [UInt8]) {
    let record = MCAPRecord.schema(id: id, name: name, descriptorSet: descriptorSet)
    summary.add(schema: record)
    pending += record
  }

  mutating func add(channel id: UInt16, schema: UInt16, topic: String) {
    let record = MCAPRecord.channel(id: id, schema: schema, topic: topic)
    summary.add(channel: record)
    pending += record
  }

  mutating func add(attachment name: String, mediaType: String, logTime: UInt64, data: [UInt8]) {
    let record = MCAPRecord.attachment(
      logTime: logTime, name: name, mediaType: mediaType, data: data)
    summary.add(
      attachment: record, at: offset + UInt64(pending.count), logTime: logTime, name: name,
      mediaType: mediaType, size: data.count)
    pending += record
  }

  mutating func add(metadata name: String, values: [String: String]) {
    let record = MCAPRecord.metadata(name: name, values: values)
    summary.add(metadata: record, at: offset + UInt64(pending.count), name: name)
    pending += record
  }

  /// Writes what was added so far.
  mutating func begin() throws(RecordError) {
    try commit(pending)
    pending = []
  }

  /// Writes an attachment at once. Where it throws, the file keeps what it had.
  mutating func attach(
    _ name: String, mediaType: String, logTime: UInt64, data: [UInt8]
  ) throws(RecordError) {
    let record = MCAPRecord.attachment(
      logTime: logTime, name: name, mediaType: mediaType, data: data)
    let start = offset
    do throws(RecordError) {
      try commit(record)
    } catch {
      lostMessages += 1
      throw error
    }
    summary.add(
      attachment: record, at: start, logTime: logTime, name: name, mediaType: mediaType,
      size: data.count)
  }

  mutating func append(
    channel: UInt16, sequence: UInt32, logTime: UInt64, publishTime: UInt64, payload: [UInt8]
  ) throws(RecordError) {
    let message = MCAPRecord.message(
      channel: channel, sequence: sequence, logTime: logTime, publishTime: publishTime,
      payload: payload)
    // A chunk that the disk refuses is lost, the message that did not belong to it is not.
    defer { chunk.append(channel: channel, logTime: logTime, message: message) }
    if chunk.span(with: logTime) >= settings.chunkNanoseconds || chunk.size >= settings.chunkBytes {
      try flush()
    }
  }

  /// Writes the messages that are waiting, as a chunk. Where it throws they are lost; the file
  /// keeps what it had.
  mutating func flush() throws(RecordError) {
    guard !chunk.isEmpty else { return }
    let encoded = chunk.encoded(compressed: settings.isCompressed)
    let messages = chunk.messageCount
    chunk = MCAPChunk()
    let start = offset
    do throws(RecordError) {
      try commit(encoded.record + encoded.index.bytes)
    } catch {
      lostMessages += messages
      throw error
    }
    summary.add(chunk: encoded, at: start)
  }

  /// Writes the last chunk if there is one, a closing metadata record and what makes the file
  /// complete.
  consuming func finish(metadata name: String, values: [String: String]) throws(RecordError) {
    try flush()
    add(metadata: name, values: values)
    var end = [UInt8]()
    end.append(littleEndian: Checksum.crc32(pending, continuing: checksum))
    pending += MCAPRecord.record(.dataEnd, end)
    let start = offset + UInt64(pending.count)
    try commit(pending + summary.encoded(at: start), isEnd: true)
    // Gives back what was reserved and not needed; a pipe has nothing to give.
    try? file.truncate(to: Int(offset))
    if !settings.isSynchronized { try file.synchronize() }
  }

  /// Bytes that the file's end may need beside what the summary holds now: the closing metadata, and
  /// what the next chunk adds.
  private static let endMargin = 16 << 10

  private mutating func commit(_ bytes: [UInt8], isEnd: Bool = false) throws(RecordError) {
    // A disk that is about to be full refuses a chunk, not the end: the file says what it lacks.
    if !isEnd {
      try file.reserve(at: Int(offset), count: bytes.count + summary.size + Self.endMargin)
    }
    do throws(RecordError) {
      try file.write(bytes)
      if settings.isSynchronized { try file.synchronize() }
    } catch {
      // The error that matters is the first; a file that cannot be cut is read by scanning.
      try? file.truncate(to: Int(offset))
      try? file.reserve(at: Int(offset), count: summary.size + Self.endMargin)
      throw error
    }
    offset += UInt64(bytes.count)
    checksum = Checksum.crc32(bytes, continuing: checksum)
  }
}
