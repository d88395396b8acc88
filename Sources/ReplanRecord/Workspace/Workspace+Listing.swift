extension Workspace {
  /// The episode files of the workspace at a path, in order; it is neither locked nor changed.
  ///
  /// - Throws: `refused` if the folder is no workspace, `file` if it is not there.
  public static func episodes(at path: String) throws(RecordError) -> [Item] {
    try check(path)
    let folder = path + "/" + WorkspaceFolder.episodes
    return Files.exists(folder) ? try WorkspaceFolder.episodes(in: path) : []
  }

  /// The model files of the workspace at a path, in order; it is neither locked nor changed.
  public static func models(at path: String) throws(RecordError) -> [Item] {
    try check(path)
    let folder = path + "/" + WorkspaceFolder.models
    return Files.exists(folder) ? try WorkspaceFolder.models(in: path) : []
  }

  /// True if a path is a workspace's.
  public static func exists(at path: String) -> Bool {
    Files.exists(path + "/" + WorkspaceFolder.robot)
  }

  /// True while a process works in the workspace, so that its last episode may be unfinished.
  public static func isInUse(_ path: String) -> Bool { holder(path) != nil }

  /// The process that uses the workspace in a folder; nil if none does, 0 if it cannot be named.
  public static func holder(_ path: String) -> Int32? { WorkspaceLock.process(folder: path) }

  private static func check(_ path: String) throws(RecordError) {
    if exists(at: path) { return }
    throw WorkspaceFolder.refusal(path, holding: try Files.names(in: path))
  }
}
