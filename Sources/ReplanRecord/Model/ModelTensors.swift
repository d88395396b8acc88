import ReplanCore

/// The tensors of an ensemble: names, shapes and rules.
enum ModelTensors {
  struct Tensor {
    var name: String
    var shape: [Int]
    var values: [Float]
  }

  struct Expected {
    var name: String
    var shape: [Int]
    var isOptional = false
  }

  /// What a file of this shape has to hold, in order of the names.
  static func expected(shape: EnsembleShape) -> [Expected] {
    let members = shape.memberCount
    var list = [
      Expected(name: "input.mean", shape: [shape.inputCount]),
      Expected(name: "input.scale", shape: [shape.inputCount]),
    ]
    for layer in 0..<shape.layerCount {
      let (rows, columns) = (shape.fanOut(layer), shape.fanIn(layer))
      list.append(Expected(name: "layers.\(layer).bias", shape: [members, rows]))
      list.append(Expected(name: "layers.\(layer).weight", shape: [members, rows, columns]))
    }
    list.append(
      Expected(
        name: "noise.variance", shape: [members, shape.meanCount],
        isOptional: shape.noise == .predicted))
    list.append(Expected(name: "output.mean", shape: [shape.meanCount]))
    list.append(Expected(name: "output.scale", shape: [shape.meanCount]))
    return list
  }

  /// The tensors that a model's file holds, in order of the names.
  static func tensors(of model: EnsembleModel) -> [Tensor] {
    expected(shape: model.shape).compactMap { expected in
      let values = values(expected.name, of: model)
      if expected.isOptional && values.isEmpty { return nil }
      return Tensor(name: expected.name, shape: expected.shape, values: values)
    }
  }

  private static func values(_ name: String, of model: EnsembleModel) -> [Float] {
    switch name {
    case "input.mean": return model.inputMean
    case "input.scale": return model.inputScale
    case "noise.variance": return model.noiseVariance
    case "output.mean": return model.outputMean
    case "output.scale": return model.outputScale
    default:
      let parts = name.split(separator: ".")
      let layer = model.layers[Int(parts[1])!]
      return parts[2] == "bias" ? layer.bias : layer.weight
    }
  }

  /// The model of a header and tensors that have the shapes it declares.
  static func model(header: ModelHeader, values: [String: [Float]]) -> EnsembleModel {
    func tensor(_ name: String) -> [Float] { values[name] ?? [] }
    return EnsembleModel(
      structure: header.structure, shape: header.shape, channels: header.channels,
      layers: (0..<header.shape.layerCount).map {
        EnsembleModel.Layer(
          weight: tensor("layers.\($0).weight"), bias: tensor("layers.\($0).bias"))
      },
      inputMean: tensor("input.mean"), inputScale: tensor("input.scale"),
      outputMean: tensor("output.mean"), outputScale: tensor("output.scale"),
      noiseVariance: tensor("noise.variance"), training: header.training)
  }

  /// What is wrong with a model; nil if nothing is.
  static func fault(in model: EnsembleModel) -> String? {
    let (structure, shape) = (model.structure, model.shape)
    guard model.layers.count == shape.layerCount else {
      return "\(model.layers.count) layers, where the shape has \(shape.layerCount)"
    }
    guard shape.inputCount == structure.inputCount, shape.outputCount == structure.outputCount
    else {
      return "the network maps \(shape.inputCount) inputs to \(shape.outputCount) outputs, but "
        + "the structure asks for \(structure.inputCount) and \(structure.outputCount)"
    }
    guard model.channels.count == structure.stateCount + structure.actionCount else {
      return "\(model.channels.count) channel names for \(structure.stateCount) states and "
        + "\(structure.actionCount) actions"
    }
    for expected in expected(shape: shape) {
      let values = values(expected.name, of: model)
      if expected.isOptional && values.isEmpty { continue }
      let size = expected.shape.reduce(1, *)
      guard values.count == size else {
        return "\(expected.name) has \(values.count) values, not \(size)"
      }
      guard values.allSatisfy(\.isFinite) else { return "\(expected.name) is not finite" }
    }
    if model.inputScale.contains(where: { $0 <= 0 }) { return "input.scale is not above 0" }
    if model.training.spread?.isSound(stateCount: structure.stateCount) == false {
      return "training.spread is no calibration of \(structure.stateCount) channels"
    }
    if model.outputScale.contains(where: { $0 < 0 }) { return "output.scale is negative" }
    if model.noiseVariance.contains(where: { $0 < 0 }) { return "noise.variance is negative" }
    return nil
  }
}
