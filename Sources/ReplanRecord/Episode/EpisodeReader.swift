/// Reads episode files, whole ones and those whose writer was cut off.
///
/// A file that its writer closed must be whole: any wrong checksum is an error. One that was cut
/// off is scanned up to its last whole chunk, and tells how many bytes followed it.
public enum EpisodeReader {
  /// - Throws: `file` if it cannot be read, `damaged` if its head or a checksum is wrong.
  public static func read(_ path: String) throws(RecordError) -> Episode {
    try decode(try Files.read(path), path: path)
  }

  /// Reads the content of a file; `path` names it in errors.
  public static func decode(_ bytes: [UInt8], path: String) throws(RecordError) -> Episode {
    var scanner = try MCAPScanner(bytes, path: path)
    var assembly = EpisodeAssembly(path: path)
    do throws(RecordError) {
      while let record = try scanner.next() {
        try assembly.add(record)
      }
    } catch {
      if scanner.isFinished || !assembly.hasHead || scanner.isChecksumWrong { throw error }
    }
    if let counts = scanner.messageCount, counts != assembly.messageCount {
      throw .damaged(
        path: path, offset: scanner.goodOffset,
        reason: "\(assembly.messageCount) of \(counts) messages found")
    }
    return try assembly.episode(
      droppedBytes: scanner.isFinished ? 0 : bytes.count - scanner.goodOffset)
  }

  /// Bytes at a file's end that tell whether its writer closed it.
  static let tailSize = MCAPRecord.footerSize + MCAPRecord.magic.count

  /// True if these last bytes of a file are those of a closed one; its content is not looked at.
  static func isFinished(tail: some Collection<UInt8>) -> Bool {
    tail.count == tailSize && tail.first == MCAPRecord.Opcode.footer.rawValue
      && tail.suffix(MCAPRecord.magic.count).elementsEqual(MCAPRecord.magic)
  }
}

/// Collects the records of a file into an episode.
struct EpisodeAssembly {
  let path: String
  private var schemas: [UInt16: (name: String, data: [UInt8], offset: Int)] = [:]
  private var layouts: [UInt16: MessageLayout] = [:]
  private var robotText: String?
  private var metadata: [String: MetadataValues] = [:]
  private var observations: [ObservationRecord] = []
  private var actions: [ActionRecord] = []
  private var ticks: [TickRecord] = []
  private var states: [TickValues] = []
  private var decisions: [TickValues] = []
  private var models: [UInt32: [UInt8]] = [:]
  private var prepared: PreparedTable?

  init(path: String) { self.path = path }

  /// True once everything that comes before the first chunk is there.
  var hasHead: Bool {
    // Files of format 1 have the first three topics only.
    layouts.count >= 3 && robotText != nil && metadata[EpisodeHeader.metadataName] != nil
  }

  var messageCount: Int { counts.reduce(0, +) }

  func topic(of channel: UInt16) -> String? { layouts[channel]?.topic }

  private var counts: [Int] {
    [observations.count, actions.count, ticks.count, states.count, decisions.count]
  }

  mutating func add(_ record: MCAPScanner.Record) throws(RecordError) {
    switch record {
    case .schema(let id, let name, let data, let offset): schemas[id] = (name, data, offset)
    case .channel(let id, let schema, let topic, let offset):
      try add(channel: id, schema: schema, topic: topic, offset: offset)
    case .attachment(let name, let data, let offset):
      if name == PreparedTable.attachmentName {
        prepared = PreparedTable(text: String(decoding: data, as: UTF8.self))
        guard prepared != nil else {
          throw .damaged(
            path: path, offset: offset, reason: "\(name) is no table of prepared actions")
        }
      }
      if let generation = ModelAttachment.generation(of: name) { models[generation] = data }
      guard name == EpisodeHeader.attachmentName else { return }
      guard let text = String(validating: data, as: UTF8.self) else {
        throw .damaged(path: path, offset: offset, reason: "the robot file is not UTF-8")
      }
      robotText = text
    case .metadata(let name, let values): metadata[name] = values
    case .messages(let messages): try add(messages)
    }
  }

  private mutating func add(
    channel: UInt16, schema: UInt16, topic: String, offset: Int
  ) throws(RecordError) {
    let name = topic.dropFirst().capitalized
    guard let schema = schemas[schema], schema.name == "replan." + name,
      let channels = MessageLayout.channels(ofSchema: schema.data, name: name)
    else {
      throw .damaged(
        path: path, offset: offset, reason: "topic \(topic) is not one that Replan writes")
    }
    switch topic {
    case "/observation": layouts[channel] = .observation(channels: channels)
    case "/action": layouts[channel] = .action(channels: channels)
    case "/state": layouts[channel] = .state(channels: channels)
    case "/decision": layouts[channel] = .decision(channels: channels)
    default: layouts[channel] = .tick
    }
  }

  /// Takes all messages of a chunk or, if one is wrong, none.
  private mutating func add(_ messages: [MCAPChunkContent.Message]) throws(RecordError) {
    let counts = counts
    do throws(RecordError) {
      for message in messages { try add(message) }
    } catch {
      observations.removeLast(observations.count - counts[0])
      actions.removeLast(actions.count - counts[1])
      ticks.removeLast(ticks.count - counts[2])
      states.removeLast(states.count - counts[3])
      decisions.removeLast(decisions.count - counts[4])
      throw error
    }
  }

  private mutating func add(_ message: MCAPChunkContent.Message) throws(RecordError) {
    guard let layout = layouts[message.channel] else {
      throw message.payload.damaged("a message of channel \(message.channel), which is unknown")
    }
    var payload = message.payload
    let fields = try layout.decode(&payload)
    let values = FieldValues(layout: layout, fields: fields, reader: message.payload)
    switch layout.name {
    case "Observation": observations.append(try values.observation(message.logTime))
    case "Action": actions.append(try values.action(message.logTime, sent: message.publishTime))
    case "State": states.append(try values.values(message.logTime))
    case "Decision": decisions.append(try values.values(message.logTime))
    default: ticks.append(try values.tick(message.logTime))
    }
  }

  func episode(droppedBytes: Int) throws(RecordError) -> Episode {
    guard hasHead, let metadata = metadata[EpisodeHeader.metadataName], let robotText else {
      throw .damaged(path: path, offset: 0, reason: "the file was cut off before its first chunk")
    }
    var episode = Episode(
      header: try EpisodeHeader(
        metadata: metadata, robotText: robotText, observationChannels: channels("Observation"),
        actionChannels: channels("Action"), prepared: prepared))
    if let outcome = self.metadata[EpisodeOutcome.metadataName] {
      episode.outcome = try EpisodeOutcome(metadata: outcome)
    }
    episode.observations = observations
    episode.actions = actions
    episode.ticks = ticks
    episode.states = states
    episode.decisions = decisions
    episode.models = models
    episode.droppedBytes = droppedBytes
    return episode
  }

  private func channels(_ name: String) -> [String] {
    layouts.values.first { $0.name == name }?.channels ?? []
  }
}

extension Substring {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
