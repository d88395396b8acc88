import ReplanCore
import ReplanLearn
import ReplanRecord

/// What the page tells of a model; of one that cannot be read only its name.
struct ModelContent: Encodable {
  var index: Int
  var file: String
  var hash: String?
  /// ensemble, linear, physics or hybrid.
  var kind: String?
  /// What it is and what it was fitted on.
  var words: String?
  var network: String?
  var posterior: String?
  var likelihood: String?
  var transitions: Int?
  var steps: Int?
  /// Seconds of the data that it was fitted on.
  var seconds: Double?
  /// Root mean squared one-step error of each state channel on held-out data.
  var rmse: [Float]?
  var states: [String]?
  var units: [String]?
}

extension ModelContent {
  /// - Parameter units: of the robot's channels, by name.
  init(_ stored: StoredModel, index: Int, file: String, units: [String: String]) {
    let model = stored.model
    let states = Array(model.channels.prefix(model.structure.stateCount))
    self.init(
      index: index, file: file, hash: stored.hash, kind: model.kind.rawValue,
      words: IdentifiedModel(model).summary, network: model.ensemble.map(Self.network),
      posterior: model.ensemble?.training.posterior,
      likelihood: model.ensemble?.training.likelihood,
      transitions: model.transitions, steps: model.ensemble?.training.steps,
      seconds: Double(model.transitions) * Double(model.structure.tick),
      rmse: !model.rmse.isEmpty && model.rmse.allSatisfy(\.isFinite) ? model.rmse : nil,
      states: states, units: states.map { units[$0] ?? "" })
  }

  private static func network(_ model: EnsembleModel) -> String {
    let shape = model.shape
    let hidden = (0..<shape.hiddenLayerCount).map { "\(shape.hidden[$0])" }
    let widths = ["\(shape.inputCount)"] + hidden + ["\(shape.headCount)"]
    return "\(shape.memberCount) × \(widths.joined(separator: "-")) \(shape.activation)"
  }
}
