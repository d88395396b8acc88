import Glibc
import Synchronization

/// The folder in which a robot's episodes, models and journal are kept.
///
/// It holds `robot.yaml`, `episodes/0001.mcap`, `models/0001.safetensors` and `journal.jsonl`, and
/// belongs to one process at a time. Whatever a crash leaves behind, it opens again; what was cut
/// off is kept and reported.
public final class Workspace: Sendable {
  /// Who a robot description describes.
  public struct Robot: Sendable, Equatable {
    public var name: String
    /// Equal for descriptions that mean the same, however they are written.
    public var meaning: String

    public init(name: String, meaning: String) {
      self.name = name
      self.meaning = meaning
    }
  }

  /// An episode or a model.
  public struct Item: Sendable, Equatable {
    public var index: Int
    public var path: String
  }

  /// What opening found and did.
  public struct Opening: Sendable, Equatable {
    /// True if the workspace was created.
    public internal(set) var isNew = false
    /// Where `isFresh` moved the workspace that was there.
    public internal(set) var movedAside: String?
    /// Bytes of a torn last line that were cut from the journal.
    public internal(set) var repairedJournalBytes = 0
    /// Episodes that were cut off or cannot be read, each with what is known of it.
    public internal(set) var unfinishedEpisodes: [String] = []
  }

  public let path: String
  public let opening: Opening
  public let journal: Journal
  private let lock: WorkspaceLock
  /// The last number given out, for episodes and for models.
  private let last: Mutex<(episode: Int, model: Int)>

  /// Creates the workspace, or continues the one that is there if it belongs to the robot.
  ///
  /// - Parameter robotText: the robot file, word for word.
  /// - Parameter isFresh: moves a workspace that is there to `PATH.1`, `PATH.2`, … and starts anew.
  /// - Parameter identify: tells who a robot file describes; nil if it cannot be read.
  /// - Throws: `locked`, `otherRobot`, `notAWorkspace`, or `file` for what the disk refuses.
  public init(
    path: String, robotText: String, isFresh: Bool = false,
    identify: (_ robotText: String) -> Robot?
  ) throws(RecordError) {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var opening = Opening()
    if isFresh { opening.movedAside = try WorkspaceFolder.moveAside(path) }
    try Files.makeFolder(path)
    try WorkspaceFolder.checkIsOurs(path)
    lock = try WorkspaceLock(folder: path)
    let robotPath = path + "/" + WorkspaceFolder.robot
    if Files.exists(robotPath) {
      let stored = String(decoding: try Files.read(robotPath), as: UTF8.self)
      try Self.checkFits(path, stored: stored, given: robotText, identify: identify)
    } else {
      opening.isNew = true
      try Files.writeAtomically(Array(robotText.utf8), to: robotPath)
    }
    try Files.makeFolder(path + "/" + WorkspaceFolder.episodes)
    try Files.makeFolder(path + "/" + WorkspaceFolder.models)
    let episodes = try WorkspaceFolder.episodes(in: path)
    let models = try WorkspaceFolder.models(in: path)
    journal = try Journal(path: path + "/" + WorkspaceFolder.journal)
    opening.repairedJournalBytes = journal.repairedBytes
    opening.unfinishedEpisodes = WorkspaceFolder.unfinished(episodes)
    try Files.synchronizeFolder(of: robotPath)
    self.path = path
    self.opening = opening
    last = Mutex((episodes.last?.index ?? 0, models.last?.index ?? 0))
  }

  private static func checkFits(
    _ path: String, stored: String, given: String, identify: (String) -> Robot?
  ) throws(RecordError) {
    if stored == given { return }
    let (old, new) = (identify(stored), identify(given))
    if let old, let new, old.meaning == new.meaning { return }
    throw .otherRobot(
      path: path, stored: old?.name ?? "that this build cannot read",
      given: new?.name ?? "that this build cannot read")
  }

  /// The file in which whoever runs here says what happens just now; it may be missing.
  public static var liveName: String { WorkspaceFolder.live }

  /// The workspace's own copy of the robot file.
  public var robotPath: String { path + "/" + WorkspaceFolder.robot }

  /// The number and path of the next episode; for `EpisodeWriter`, which creates the file.
  public func nextEpisode() -> Item {
    let index = last.withLock { last in
      last.episode += 1
      return last.episode
    }
    return Item(
      index: index, path: WorkspaceFolder.file(path, WorkspaceFolder.episodes, index, ".mcap"))
  }

  /// Stores a model under the next number.
  public func store(
    _ model: FittedModel, metadata: [String: String] = [:]
  ) throws(RecordError) -> (item: Item, hash: String) {
    // A number that a failed write used up is not missed.
    let index = last.withLock { last in
      last.model += 1
      return last.model
    }
    let file = WorkspaceFolder.file(path, WorkspaceFolder.models, index, ".safetensors")
    let hash = try ModelFile.write(model, metadata: metadata, to: file)
    return (Item(index: index, path: file), hash)
  }

  /// All episode files, in order.
  public func episodes() throws(RecordError) -> [Item] {
    try WorkspaceFolder.episodes(in: path)
  }

  /// The folder in which a workspace would keep the models of an episode, and the paths of the model
  /// files there; none if there is no such folder.
  ///
  /// Does not open the workspace, which may be in use.
  public static func modelFiles(
    besideEpisode path: String
  ) throws(RecordError) -> (folder: String, paths: [String]) {
    let episodes = Files.parent(of: path)
    let isDotted = episodes.hasSuffix(".")
    let workspace = isDotted ? episodes + "/.." : Files.parent(of: episodes)
    let folder = workspace + "/" + WorkspaceFolder.models
    guard Files.exists(folder) else { return (folder, []) }
    return (folder, try WorkspaceFolder.models(in: workspace).map(\.path))
  }

  /// All model files, in order.
  public func models() throws(RecordError) -> [Item] {
    try WorkspaceFolder.models(in: path)
  }
}
