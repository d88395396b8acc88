import ReplanCore

/// The tensors of an ensemble: names, shapes and rules. In the file of a hybrid the names begin with
/// `residual.`.
struct EnsembleTensors {
  let shape: EnsembleShape
  var prefix = ""

  /// What a file of this shape has to hold, in order of the names.
  var expected: [ModelTensor.Expected] {
    let members = shape.memberCount
    func tensor(_ name: String, _ shape: [Int], isOptional: Bool = false) -> ModelTensor.Expected {
      ModelTensor.Expected(name: prefix + name, shape: shape, isOptional: isOptional)
    }
    var list = [
      tensor("input.mean", [shape.inputCount]), tensor("input.scale", [shape.inputCount]),
    ]
    for layer in 0..<shape.layerCount {
      let (rows, columns) = (shape.fanOut(layer), shape.fanIn(layer))
      list.append(tensor("layers.\(layer).bias", [members, rows]))
      list.append(tensor("layers.\(layer).weight", [members, rows, columns]))
    }
    list.append(
      tensor(
        "noise.variance", [members, shape.meanCount], isOptional: shape.noise == .predicted))
    list.append(tensor("output.mean", [shape.meanCount]))
    list.append(tensor("output.scale", [shape.meanCount]))
    return list
  }

  /// The tensors that a model's file holds, in order of the names.
  func tensors(of model: EnsembleModel) -> [ModelTensor] {
    expected.compactMap { expected in
      let values = values(expected.name, of: model)
      if expected.isOptional && values.isEmpty { return nil }
      return ModelTensor(name: expected.name, shape: expected.shape, values: .single(values))
    }
  }

  private func values(_ name: String, of model: EnsembleModel) -> [Float] {
    switch name.dropFirst(prefix.count) {
    case "input.mean": return model.inputMean
    case "input.scale": return model.inputScale
    case "noise.variance": return model.noiseVariance
    case "output.mean": return model.outputMean
    case "output.scale": return model.outputScale
    default:
      let parts = name.dropFirst(prefix.count).split(separator: ".")
      let layer = model.layers[Int(parts[1])!]
      return parts[2] == "bias" ? layer.bias : layer.weight
    }
  }

  /// The model of tensors that have the shapes of `expected`.
  func model(
    _ structure: PlantStructure, _ channels: [String], _ training: TrainingSummary,
    _ values: TensorValues
  ) -> EnsembleModel {
    func tensor(_ name: String) -> [Float] { values.single(prefix + name) }
    return EnsembleModel(
      structure: structure, shape: shape, channels: channels,
      layers: (0..<shape.layerCount).map {
        EnsembleModel.Layer(
          weight: tensor("layers.\($0).weight"), bias: tensor("layers.\($0).bias"))
      },
      inputMean: tensor("input.mean"), inputScale: tensor("input.scale"),
      outputMean: tensor("output.mean"), outputScale: tensor("output.scale"),
      noiseVariance: tensor("noise.variance"), training: training)
  }

  /// What is wrong with a model; nil if nothing is.
  func fault(in model: EnsembleModel) -> String? {
    let structure = model.structure
    guard model.layers.count == shape.layerCount else {
      return "\(model.layers.count) layers, where the shape has \(shape.layerCount)"
    }
    guard shape.inputCount == structure.inputCount, shape.outputCount == structure.outputCount
    else {
      return "the network maps \(shape.inputCount) inputs to \(shape.outputCount) outputs, but "
        + "the structure asks for \(structure.inputCount) and \(structure.outputCount)"
    }
    for expected in expected {
      let values = values(expected.name, of: model)
      if expected.isOptional && values.isEmpty { continue }
      let tensor = ModelTensor(
        name: expected.name, shape: expected.shape, values: .single(values))
      if let fault = tensor.fault { return fault }
    }
    if model.inputScale.contains(where: { $0 <= 0 }) {
      return "\(prefix)input.scale is not above 0"
    }
    if model.training.spread?.isSound(stateCount: structure.stateCount) == false {
      return "training.spread is no calibration of \(structure.stateCount) channels"
    }
    if model.outputScale.contains(where: { $0 < 0 }) { return "\(prefix)output.scale is negative" }
    if model.noiseVariance.contains(where: { $0 < 0 }) {
      return "\(prefix)noise.variance is negative"
    }
    return nil
  }
}
