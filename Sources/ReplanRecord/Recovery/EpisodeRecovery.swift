import Glibc

/// Completes episode files whose writer was cut off, or whose content was damaged.
///
/// What is good of the file stays as it is: every whole chunk, robot, models. Index, statistics and
/// an outcome that says "cut off" are added, so that any reader of MCAP opens it and seeks in it. The
/// new file takes the old one's place in one step; the old one is kept beside it as `FILE.cut`.
public struct EpisodeRecovery: Sendable, Equatable {
  public let path: String
  /// True if the file was whole and nothing was done.
  public var isWhole = false
  public var observations = 0
  public var ticks = 0
  /// Bytes at the end that hold no whole record.
  public var lostBytes = 0
  /// Chunks, attachments and indexes that were left out or made anew because they were damaged.
  public var damagedRecords = 0
  /// Where the file as it was found is kept.
  public var original: String?

  /// Recovers one file; one of a workspace only while nobody uses that.
  ///
  /// - Parameter episodeReturn: minus the summed cost of an episode that was cut off, if it can be
  ///   told.
  /// - Throws: `damaged` if the file was cut off before its first chunk or is no episode, `locked`,
  ///   `file`; it stays as it is then.
  public static func recover(
    _ path: String, episodeReturn: (Episode) -> Double = { _ in .nan }
  ) throws(RecordError) -> EpisodeRecovery {
    let folder = Files.parent(of: Files.parent(of: path))
    guard Files.exists(folder + "/" + WorkspaceFolder.robot) else {
      return try recoverUnlocked(path, episodeReturn: episodeReturn)
    }
    let lock = try WorkspaceLock(folder: folder)
    defer { withExtendedLifetime(lock) {} }
    return try recoverUnlocked(path, episodeReturn: episodeReturn)
  }

  /// Recovers the episodes of a workspace, one after another; those that cannot be are told too.
  ///
  /// - Parameter body: is given each result, whole files included.
  public static func recover(
    workspace path: String, episodeReturn: (Episode) -> Double = { _ in .nan },
    _ body: (Result<EpisodeRecovery, RecordError>) -> Void
  ) throws(RecordError) {
    try WorkspaceFolder.checkIsOurs(path)
    let lock = try WorkspaceLock(folder: path)
    defer { withExtendedLifetime(lock) {} }
    for item in try WorkspaceFolder.episodes(in: path) {
      body(
        Result { () throws(RecordError) in
          try recoverUnlocked(item.path, episodeReturn: episodeReturn)
        })
    }
  }

  private static func recoverUnlocked(
    _ path: String, episodeReturn: (Episode) -> Double
  ) throws(RecordError) -> EpisodeRecovery {
    var (bytes, recovery) = try restored(
      try Files.read(path), path: path, episodeReturn: episodeReturn)
    guard let bytes else { return recovery }
    recovery.original = try replace(path, by: bytes)
    return recovery
  }

  /// The content of the recovered file; nil if it is whole as it is.
  static func restored(
    _ source: [UInt8], path: String, episodeReturn: (Episode) -> Double = { _ in .nan }
  ) throws(RecordError) -> (bytes: [UInt8]?, recovery: EpisodeRecovery) {
    var recovery = EpisodeRecovery(path: path)
    // One that was cut off between its outcome and its index lacks nothing but that.
    if EpisodeReader.isFinished(tail: source.suffix(EpisodeReader.tailSize)),
      let episode = try? EpisodeReader.decode(source, path: path), episode.isComplete
    {
      recovery.isWhole = true
      recovery.observations = episode.observations.count
      recovery.ticks = episode.ticks.count
      return (nil, recovery)
    }
    let restorer = try MCAPRestorer(source, path: path)
    // Without an end it is read like any that was cut off.
    let episode = try EpisodeReader.decode(restorer.bytes, path: path)
    recovery.observations = episode.observations.count
    recovery.ticks = episode.ticks.count
    recovery.lostBytes = restorer.hasDataEnd ? 0 : source.count - restorer.goodOffset
    recovery.damagedRecords = restorer.damagedRecords
    let outcome =
      episode.outcome == nil
      ? EpisodeOutcome(ofCutOff: episode, episodeReturn: episodeReturn(episode)) : nil
    let bytes = restorer.finished(
      closing: outcome.map { (EpisodeOutcome.metadataName, $0.metadata) })
    guard try EpisodeReader.decode(bytes, path: path).isComplete else {
      throw .damaged(path: path, offset: 0, reason: "its chunks do not make a whole file")
    }
    return (bytes, recovery)
  }

  /// Puts the bytes in the file's place, which at every moment holds the old or the new content.
  private static func replace(_ path: String, by bytes: [UInt8]) throws(RecordError) -> String {
    var original = path + ".cut"
    var number = 1
    while Files.exists(original) {
      number += 1
      original = "\(path).cut\(number)"
    }
    // A file system without hard links, as of memory cards, has to move it.
    guard link(path, original) == 0 || rename(path, original) == 0 else {
      throw .system("keep as \(original)", path)
    }
    do throws(RecordError) {
      try Files.writeAtomically(bytes, to: path)
    } catch {
      if !Files.exists(path) { rename(original, path) } else { Files.remove(original) }
      throw error
    }
    return original
  }
}
