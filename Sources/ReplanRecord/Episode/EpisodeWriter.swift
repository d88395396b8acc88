import Glibc
import Synchronization

/// Writes one episode to an MCAP file while it happens.
///
/// Robot and metadata come first; then a chunk for each half second of log time, each in one write
/// that has reached the disk before the next. A power cut loses the chunk that was still being
/// collected, and so does a writer that is dropped without `close`; `EpisodeReader` reads what was
/// written. Call it from the recorder's thread, never
/// from the control thread: it allocates, locks and waits for the disk.
///
/// - Throws: what the disk refused. The file keeps the chunks written before; the episode may go
///   on, without the messages of the chunk that failed.
public final class EpisodeWriter: Sendable {
  private enum Topic: UInt16 { case observation = 1, action, tick, state, decision }

  public let path: String
  private let observation: MessageLayout
  private let action: MessageLayout
  private let tick = MessageLayout.tick
  private let state: MessageLayout
  private let decision: MessageLayout
  /// nil once closed.
  private let writer: Mutex<MCAPWriter?>
  private let appendedTooLate = Atomic<Int>(0)
  /// Messages that were lost until `close`.
  private let lostUntilClose = Atomic<Int>(0)

  /// Creates the file; one that exists is an error.
  ///
  /// - Parameter isCompressed: chunks are compressed by Zstandard.
  /// - Parameter isSynchronized: waits for the disk after each chunk. Without it a power cut may
  ///   cost more than the last chunk, a crash of the program alone does not.
  public convenience init(
    path: String, header: EpisodeHeader, isCompressed: Bool = true, isSynchronized: Bool = true
  ) throws(RecordError) {
    if let fault = Self.fault(in: header) { throw .refused(path: path, reason: fault) }
    let file = try OutputFile(creating: path)
    var settings = MCAPWriter.Settings()
    settings.isCompressed = isCompressed
    settings.isSynchronized = isSynchronized
    do throws(RecordError) {
      try self.init(file: file, header: header, settings: settings)
      try Files.synchronizeFolder(of: path)
    } catch {
      unlink(path)
      throw error
    }
  }

  init(
    file: consuming OutputFile, header: EpisodeHeader, settings: MCAPWriter.Settings
  ) throws(RecordError) {
    path = file.path
    observation = .observation(channels: header.observationChannels)
    action = .action(channels: header.actionChannels)
    state = .state(channels: header.observationChannels)
    decision = .decision(channels: header.actionChannels)
    var writer = MCAPWriter(file: file, library: header.build, settings: settings)
    let layouts: [(Topic, MessageLayout)] = [
      (.observation, observation), (.action, action), (.tick, tick), (.state, state),
      (.decision, decision),
    ]
    for (topic, layout) in layouts {
      writer.add(
        schema: topic.rawValue, name: layout.schemaName, descriptorSet: layout.descriptorSet())
    }
    for (topic, layout) in layouts {
      writer.add(channel: topic.rawValue, schema: topic.rawValue, topic: layout.topic)
    }
    writer.add(
      attachment: EpisodeHeader.attachmentName, mediaType: "application/yaml",
      logTime: header.startTime, data: Array(header.robotText.utf8))
    if let prepared = header.prepared {
      writer.add(
        attachment: PreparedTable.attachmentName, mediaType: "text/csv",
        logTime: header.startTime, data: Array(prepared.text.utf8))
    }
    writer.add(metadata: EpisodeHeader.metadataName, values: header.metadata)
    try writer.begin()
    self.writer = Mutex(writer)
  }

  private static func fault(in header: EpisodeHeader) -> String? {
    if header.observationChannels.isEmpty || header.actionChannels.isEmpty {
      return "an episode has at least one observation and one action channel"
    }
    return ChannelNames.fault(in: header.observationChannels)
      ?? ChannelNames.fault(in: header.actionChannels)
  }

  /// - Precondition: one value a channel.
  public func append(observation record: ObservationRecord) throws(RecordError) {
    precondition(record.values.count == observation.channels.count)
    let bookkeeping: [UInt64] = [
      UInt64(record.sequence), UInt64(record.actionSequence), record.plantTime,
      UInt64(record.flags), Double(record.cost).bitPattern,
    ]
    let payload = observation.encode(Self.widened(record.values) + bookkeeping)
    try append(.observation, record.sequence, record.logTime, payload)
  }

  /// - Precondition: one value a channel.
  public func append(action record: ActionRecord) throws(RecordError) {
    precondition(record.values.count == action.channels.count)
    let bookkeeping = [UInt64(record.sequence), UInt64(record.tick), UInt64(record.flags)]
    let payload = action.encode(Self.widened(record.values) + bookkeeping)
    try append(
      .action, record.sequence, record.logTime, payload, publishTime: record.sentTime)
  }

  public func append(tick record: TickRecord) throws(RecordError) {
    let payload = tick.encode([
      UInt64(record.tick), UInt64(record.verdict), UInt64(record.iterations),
      Double(record.planCost).bitPattern, Double(record.disagreement).bitPattern,
      record.wakeMicroseconds.bitPattern, record.tickMicroseconds.bitPattern,
      record.ageMicroseconds.bitPattern, record.latencyMicroseconds.bitPattern,
      UInt64(record.modelGeneration), record.isOverrun ? 1 : 0, UInt64(record.state),
      record.transportMicroseconds.bitPattern, UInt64(record.knownTicks),
      UInt64(record.lock), UInt64(record.observations), record.isFresh ? 1 : 0,
      UInt64(record.elapsedSamples), record.isCut ? 1 : 0, UInt64(record.actionSequence),
      UInt64(record.observationsChecksum),
    ])
    try append(.tick, record.tick, record.logTime, payload)
  }

  /// - Precondition: one value an observation channel.
  public func append(state record: TickValues) throws(RecordError) {
    precondition(record.values.count == state.channels.count)
    let payload = state.encode(Self.widened(record.values) + [UInt64(record.tick)])
    try append(.state, record.tick, record.logTime, payload)
  }

  /// - Precondition: one value an action channel.
  public func append(decision record: TickValues) throws(RecordError) {
    precondition(record.values.count == decision.channels.count)
    let payload = decision.encode(Self.widened(record.values) + [UInt64(record.tick)])
    try append(.decision, record.tick, record.logTime, payload)
  }

  /// Attaches a model file at once; messages that are waiting for their chunk follow it.
  public func attach(
    model bytes: [UInt8], generation: UInt32, logTime: UInt64
  ) throws(RecordError) {
    try withWriter { writer throws(RecordError) in
      try writer.attach(
        ModelAttachment.name(generation), mediaType: ModelAttachment.mediaType, logTime: logTime,
        data: bytes)
    }
  }

  /// Messages that the file does not hold: those of refused chunks, and those that came after
  /// `close`.
  public var lostMessages: Int {
    writer.withLock { $0?.lostMessages ?? lostUntilClose.load(ordering: .relaxed) }
      + appendedTooLate.load(ordering: .relaxed)
  }

  /// Writes what is waiting for its chunk to fill: for a plant that has fallen silent.
  public func flush() throws(RecordError) {
    try withWriter { writer throws(RecordError) in try writer.flush() }
  }

  /// Completes the file: outcome, index, checksums. Nothing can be appended afterwards.
  ///
  /// If the disk refuses the last chunk, the file is completed without it, and its outcome counts
  /// the messages as dropped beside those that `outcome` counts already.
  public func close(outcome: EpisodeOutcome) throws(RecordError) {
    try writer.withLock { writer throws(RecordError) in
      guard var last = writer.take() else { throw .closed(path: path) }
      let before = last.lostMessages
      var refusal: RecordError?
      do throws(RecordError) { try last.flush() } catch { refusal = error }
      var outcome = outcome
      outcome.droppedRecords += last.lostMessages - before
      lostUntilClose.store(last.lostMessages, ordering: .relaxed)
      try last.finish(metadata: EpisodeOutcome.metadataName, values: outcome.metadata)
      if let refusal { throw refusal }
    }
  }

  private func append(
    _ topic: Topic, _ sequence: UInt32, _ logTime: UInt64, _ payload: [UInt8],
    publishTime: UInt64? = nil
  ) throws(RecordError) {
    do throws(RecordError) {
      try withWriter { writer throws(RecordError) in
        try writer.append(
          channel: topic.rawValue, sequence: sequence, logTime: logTime,
          publishTime: publishTime ?? logTime, payload: payload)
      }
    } catch {
      if case .closed = error { appendedTooLate.wrappingAdd(1, ordering: .relaxed) }
      throw error
    }
  }

  private func withWriter(
    _ body: (inout MCAPWriter) throws(RecordError) -> Void
  ) throws(RecordError) {
    try writer.withLock { writer throws(RecordError) in
      guard writer != nil else { throw .closed(path: path) }
      try body(&writer!)
    }
  }

  /// Widening is exact, so that narrowing gives the same bits back.
  private static func widened(_ values: [Float]) -> [UInt64] {
    values.map { Double($0).bitPattern }
  }
}
