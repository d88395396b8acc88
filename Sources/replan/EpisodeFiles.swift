import ArgumentParser
import ReplanRecord

/// Episodes by file, or all of a workspace.
struct EpisodeFiles: ParsableArguments {
  @Argument(
    help: "Episode files, or workspaces for all of theirs.",
    completion: .file(extensions: ["mcap"]))
  var episodes: [String]

  func validate() throws {
    if episodes.isEmpty { throw ValidationError("Name at least one episode file or workspace.") }
  }

  /// The files, in the order given.
  func paths() throws -> [String] {
    var paths: [String] = []
    for path in episodes {
      guard Workspace.exists(at: path) else {
        paths.append(path)
        continue
      }
      let found = try Workspace.episodes(at: path).map(\.path)
      if found.isEmpty { throw Failure(.data, "\(path): the workspace holds no episode") }
      paths += found
    }
    return paths
  }
}
