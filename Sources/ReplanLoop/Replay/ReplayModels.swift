import ReplanRecord
import ReplanRobot

/// Finds the models that an episode was run with.
struct ReplayModels {
  private let episode: Episode
  private let path: String
  private let robot: RobotDescription

  init(_ episode: Episode, path: String, robot: RobotDescription) {
    self.episode = episode
    self.path = path
    self.robot = robot
  }

  /// The refits that were adopted in the episode, by generation.
  func refits() throws(LoopError) -> [UInt32: ModelBlock] {
    var blocks: [UInt32: ModelBlock] = [:]
    for generation in episode.models.keys.sorted() where generation > 0 {
      blocks[generation] = try attached(generation)
    }
    return blocks
  }

  /// The model in use at the start; nil if there was none.
  func first(
    _ origin: ControlSettings.ModelOrigin, modelPath: String?
  ) throws(LoopError) -> ModelBlock? {
    switch origin {
    case .none: return nil
    case .attached: return try attached(0)
    case .file:
      // Not by `map`, which would lose the error's type.
      let found = if let modelPath { try given(modelPath) } else { try beside() }
      return try block(found.bytes, found.path)
    case .unstored:
      throw .notReplayable(
        path: path, reason: "its model was made by the program that recorded it and stored nowhere")
    }
  }

  private func attached(_ generation: UInt32) throws(LoopError) -> ModelBlock {
    guard let bytes = episode.models[generation] else {
      throw .modelUnavailable(
        path: path, reason: "the model in use at its start is not attached any more")
    }
    return try block(bytes, "\(path), its model \(generation)")
  }

  private func block(_ bytes: [UInt8], _ path: String) throws(LoopError) -> ModelBlock {
    do throws(RecordError) {
      let stored = try ModelFile.decode(bytes, path: path)
      try stored.check(fits: robot, path: path)
      return ModelBlock(stored)
    } catch {
      throw .record(error)
    }
  }

  /// The model file that the user names.
  private func given(_ modelPath: String) throws(LoopError) -> (bytes: [UInt8], path: String) {
    let bytes = try content(modelPath)
    let hash = ModelFile.hash(of: bytes)
    guard hash == episode.header.modelHash else {
      throw .modelUnavailable(
        path: modelPath,
        reason: "its content has the hash \(hash.prefix(12))…, but the episode was run with "
          + "\(short): it is another model, or was altered since")
    }
    return (bytes, modelPath)
  }

  /// The model file in the workspace that the episode lies in.
  private func beside() throws(LoopError) -> (bytes: [UInt8], path: String) {
    let folder: String
    let names: [String]
    do throws(RecordError) {
      (folder, names) = try Workspace.modelFiles(besideEpisode: path)
    } catch {
      throw .record(error)
    }
    for name in names {
      // One file that cannot be read does not hide the right one.
      guard let bytes = try? content(name), ModelFile.hash(of: bytes) == episode.header.modelHash
      else { continue }
      return (bytes, name)
    }
    throw .modelUnavailable(
      path: path,
      reason: names.isEmpty
        ? "it was run with the model \(short), and \(folder) holds no model file; name the file by "
          + "--model"
        : "it was run with the model \(short), and no file in \(folder) has that content: it was "
          + "altered since, or is missing; name a copy of it by --model")
  }

  private var short: String { "\(episode.header.modelHash.prefix(12))…" }

  private func content(_ path: String) throws(LoopError) -> [UInt8] {
    do throws(RecordError) { return try ModelFile.bytes(path) } catch { throw .record(error) }
  }
}
