/// What a workspace's folder holds, listed without its lock: also while a run is writing to it.
///
/// Nothing is created, repaired or moved.
public struct WorkspaceContents: Sendable {
  public let path: String
  /// The robot file, word for word; nil if there is none.
  public let robotText: String?
  /// In the order of their numbers.
  public let episodes: [Workspace.Item]
  public let models: [Workspace.Item]
  /// The journal's whole lines; a last one that is still being written is left out.
  public let journal: [String]

  /// - Throws: `file` if the folder cannot be listed, `refused` if it is not a workspace's.
  public init(path: String) throws(RecordError) {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let names = try Files.names(in: path)
    guard names.isEmpty || names.contains(where: WorkspaceFolder.isOurs) else {
      throw WorkspaceFolder.refusal(path, holding: names)
    }
    func text(_ name: String) throws(RecordError) -> String? {
      guard names.contains(name) else { return nil }
      return String(decoding: try Files.read(path + "/" + name), as: UTF8.self)
    }
    self.path = path
    robotText = try text(WorkspaceFolder.robot)
    episodes =
      names.contains(WorkspaceFolder.episodes) ? try WorkspaceFolder.episodes(in: path) : []
    models = names.contains(WorkspaceFolder.models) ? try WorkspaceFolder.models(in: path) : []
    let lines = try text(WorkspaceFolder.journal) ?? ""
    let whole = lines.lastIndex(of: "\n").map { lines[...$0] } ?? ""
    journal = whole.split(separator: "\n").map(String.init)
  }
}
