import ReplanCore
import ReplanRecord

/// The models that an episode was run with: the one that it began with and those adopted in it.
struct ModelsInUse {
  /// Why an episode has no model to predict with.
  enum Obstacle: Error, CustomStringConvertible {
    case none
    case notStored(String)
    case unreadable(String)
    case otherChannels

    var description: String {
      switch self {
      case .none: "it was run without a model"
      case .notStored(let hash):
        "its model (\(hash.prefix(12))…) is neither in this workspace nor in the episode"
      case .unreadable(let reason): "its model cannot be read: \(reason)"
      case .otherChannels: "its model has other channels"
      }
    }
  }

  /// By generation: 0 at the start, one more with each that was adopted.
  let models: [UInt32: FittedModel]
}

extension ModelsInUse {
  /// - Parameter stored: the workspace's model that the episode names.
  init(_ episode: Episode, stored: StoredModel?) throws(Obstacle) {
    var models: [UInt32: FittedModel] = [:]
    for (generation, bytes) in episode.models {
      do throws(RecordError) {
        models[generation] = try ModelFile.decode(bytes, path: "model \(generation)").model
      } catch {
        throw .unreadable(error.description)
      }
    }
    if models[0] == nil { models[0] = stored?.model }
    guard !models.isEmpty else {
      let hash = episode.header.modelHash
      throw hash.isEmpty ? .none : .notStored(hash)
    }
    let channels = episode.header.observationChannels + episode.header.actionChannels
    for model in models.values {
      guard model.measuredChannels == channels else { throw .otherChannels }
    }
    self.models = models
  }

  /// The newest one that was in use under a generation; nil if there was none yet.
  func model(at generation: UInt32) -> UInt32? {
    models.keys.filter { $0 <= generation }.max()
  }
}
