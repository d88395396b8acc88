/// What an episode file says of itself, for lists: of a closed file only the end and the head are
/// read, however long it is.
public struct EpisodeOverview: Sendable {
  public let path: String
  public let header: EpisodeHeader
  /// nil if the writer was cut off.
  public let outcome: EpisodeOutcome?
  /// Messages by topic.
  public let messageCounts: [String: Int]
  /// Bytes of the file.
  public let size: Int
  /// Bytes at the end that hold no whole chunk.
  public let droppedBytes: Int

  /// True if the file was closed by its writer.
  public let isComplete: Bool

  /// - Throws: `file` if it cannot be read, `damaged` if its head or its summary is wrong.
  public static func read(_ path: String) throws(RecordError) -> EpisodeOverview {
    let file = try InputFile(path)
    guard let summary = try MCAPSummaryReader(file, attachment: EpisodeHeader.attachmentName)
    else { return EpisodeOverview(ofCutOff: try EpisodeReader.read(path), path, file.size) }
    var assembly = EpisodeAssembly(path: path)
    for record in summary.records { try assembly.add(record) }
    return EpisodeOverview(
      try assembly.episode(droppedBytes: 0), path, file.size, isComplete: true,
      counts: Dictionary(
        summary.messageCounts.compactMap { channel, count in
          assembly.topic(of: channel).map { ($0, count) }
        }, uniquingKeysWith: +))
  }

  private init(
    _ episode: Episode, _ path: String, _ size: Int, isComplete: Bool, counts: [String: Int]
  ) {
    self.path = path
    self.size = size
    header = episode.header
    outcome = episode.outcome
    messageCounts = counts
    droppedBytes = episode.droppedBytes
    self.isComplete = isComplete
  }

  private init(ofCutOff episode: Episode, _ path: String, _ size: Int) {
    self.init(
      episode, path, size, isComplete: false,
      counts: [
        "/observation": episode.observations.count, "/action": episode.actions.count,
        "/tick": episode.ticks.count, "/state": episode.states.count,
        "/decision": episode.decisions.count,
      ])
  }
}

extension EpisodeOverview {
  /// How far the episode came, s: of one that was cut off, as far as its records tell.
  public var seconds: Double {
    outcome?.seconds ?? Double(messageCounts["/observation"] ?? 0) / header.rate
  }
}
