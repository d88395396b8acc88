import Glibc

/// Where things are in a workspace.
enum WorkspaceFolder {
  static let robot = "robot.yaml"
  static let episodes = "episodes"
  static let models = "models"
  static let journal = "journal.jsonl"
  static let report = "report.html"
  static let live = "live"
  static let ledger = "promotion.json"

  static func file(_ path: String, _ folder: String, _ index: Int, _ suffix: String) -> String {
    let digits = String(index)
    let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
    return "\(path)/\(folder)/\(zeros)\(digits)\(suffix)"
  }

  static func episodes(in path: String) throws(RecordError) -> [Workspace.Item] {
    try items(path + "/" + episodes, ".mcap")
  }

  static func models(in path: String) throws(RecordError) -> [Workspace.Item] {
    try items(path + "/" + models, ".safetensors")
  }

  private static func items(
    _ folder: String, _ suffix: String
  ) throws(RecordError) -> [Workspace.Item] {
    var items: [Workspace.Item] = []
    for name in try Files.names(in: folder) where name.hasSuffix(suffix) {
      guard let index = Int(name.dropLast(suffix.count)), index > 0 else { continue }
      items.append(Workspace.Item(index: index, path: folder + "/" + name))
    }
    return items.sorted { $0.index < $1.index }
  }

  /// True of a name that a workspace's folder may hold.
  static func isOurs(_ name: String) -> Bool {
    let ours: Set<String> = [
      WorkspaceLock.name, robot, robot + ".tmp", episodes, models, journal, report, live,
      live + ".tmp", ledger, ledger + ".tmp",
    ]
    return ours.contains(name)
  }

  /// Refuses a folder with someone else's files; one that a crash left half created is ours.
  static func checkIsOurs(_ path: String) throws(RecordError) {
    let names = try Files.names(in: path)
    if names.contains(robot) { return }
    let others = names.filter { !isOurs($0) }
    guard others.isEmpty else {
      let found = others.prefix(3).joined(separator: ", ") + (others.count > 3 ? ", …" : "")
      throw .notAWorkspace(path: path, found: found)
    }
  }

  /// Why a folder cannot be looked into as a workspace.
  static func refusal(_ path: String, holding names: [String]) -> RecordError {
    let found =
      names.isEmpty
      ? "nothing" : names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    return .refused(
      path: path,
      reason: "it is no workspace but holds \(found); name the folder of a run, such as "
        + "workspaces/cart_pole")
  }

  /// Moves a workspace to the first free of `PATH.1`, `PATH.2`, …; nil if there was none.
  static func moveAside(_ path: String) throws(RecordError) -> String? {
    guard Files.exists(path), try !Files.names(in: path).isEmpty else { return nil }
    try checkIsOurs(path)
    // Nobody may be writing what is about to move.
    let lock = try WorkspaceLock(folder: path)
    defer { withExtendedLifetime(lock) {} }
    var number = 1
    while Files.exists("\(path).\(number)") { number += 1 }
    let target = "\(path).\(number)"
    guard rename(path, target) == 0 else { throw .system("move to \(target)", path) }
    try Files.synchronizeFolder(of: path)
    return target
  }

  /// One sentence for each episode that was cut off or cannot be read.
  static func unfinished(_ episodes: [Workspace.Item]) -> [String] {
    episodes.compactMap { item in
      do throws(RecordError) {
        // Opening a large workspace must not read all of it.
        let tail = try Files.read(item.path, last: EpisodeReader.tailSize)
        if EpisodeReader.isFinished(tail: tail) { return nil }
        let episode = try EpisodeReader.read(item.path)
        return "\(item.path): cut off; \(episode.observations.count) observations are whole, "
          + "\(episode.droppedBytes) bytes are not; `replan recover` completes it"
      } catch {
        return error.description
      }
    }
  }
}
