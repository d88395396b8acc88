import ReplanCore

/// What the kinds of model put into their files: texts of the header, and tensors.
struct ModelContent {
  var texts: [String: String]
  var tensors: [ModelTensor]

  /// What is wrong with a model; nil if nothing is.
  static func fault(in model: FittedModel) -> String? {
    if let fault = kindFault(in: model) { return fault }
    let structure = model.structure
    guard model.channels.count == structure.stateCount + structure.actionCount else {
      return "\(model.channels.count) channel names for \(structure.stateCount) states and "
        + "\(structure.actionCount) actions"
    }
    return nil
  }

  private static func kindFault(in model: FittedModel) -> String? {
    switch model {
    case .ensemble(let model): EnsembleTensors(shape: model.shape).fault(in: model)
    case .linear(let fit): LinearContent.fault(in: fit)
    case .physics(let fit): PhysicsContent.fault(in: fit)
    case .hybrid(let fit):
      PhysicsContent.fault(in: fit.physics)
        ?? EnsembleTensors(shape: fit.residual.shape, prefix: residualPrefix)
        .fault(in: fit.residual)
    }
  }

  private static let residualPrefix = "residual."

  /// Keys of the texts that any kind may have.
  static let keys: Set<String> = [
    "shape", "training", "identification", "equation", "substeps", "parameters",
  ]

  init(_ model: FittedModel) throws {
    switch model {
    case .ensemble(let model):
      texts = try Self.texts(of: model)
      tensors = EnsembleTensors(shape: model.shape).tensors(of: model)
    case .linear(let fit):
      texts = ["identification": try JSONLine.text(fit.summary)]
      tensors = LinearContent.tensors(of: fit)
    case .physics(let fit):
      texts = try PhysicsContent.texts(of: fit)
      tensors = PhysicsContent.tensors(of: fit)
    case .hybrid(let fit):
      texts = try PhysicsContent.texts(of: fit.physics).merging(Self.texts(of: fit.residual)) {
        first, _ in first
      }
      tensors =
        PhysicsContent.tensors(of: fit.physics)
        + EnsembleTensors(shape: fit.residual.shape, prefix: Self.residualPrefix)
        .tensors(of: fit.residual)
    }
  }

  private static func texts(of model: EnsembleModel) throws -> [String: String] {
    [
      "shape": try JSONLine.text(ShapeText(model.shape)),
      "training": try JSONLine.text(model.training),
    ]
  }

  /// Reads a model of the header's kind.
  ///
  /// - Parameter tensors: reads what a kind expects.
  static func model(
    _ header: ModelHeader,
    tensors read: ([ModelTensor.Expected]) throws(RecordError) -> TensorValues
  ) throws(RecordError) -> FittedModel {
    switch header.kind {
    case .ensemble:
      return .ensemble(try ensemble(header, prefix: "", read))
    case .linear:
      let summary = try header.value("identification", IdentificationSummary.self)
      let values = try read(LinearContent.expected(header.structure))
      return .linear(LinearContent.fit(header, summary, values))
    case .physics:
      let texts = try PhysicsContent.Texts(header)
      return .physics(texts.fit(header, try read(texts.expected(header.structure))))
    case .hybrid:
      let texts = try PhysicsContent.Texts(header)
      let physics = texts.fit(header, try read(texts.expected(header.structure)))
      let residual = try ensemble(header, prefix: residualPrefix, read)
      return .hybrid(HybridFit(physics: physics, residual: residual))
    }
  }

  private static func ensemble(
    _ header: ModelHeader, prefix: String,
    _ read: ([ModelTensor.Expected]) throws(RecordError) -> TensorValues
  ) throws(RecordError) -> EnsembleModel {
    guard let shape = try header.value("shape", ShapeText.self).shape else {
      throw header.damaged("metadata \"shape\" is out of range")
    }
    let training = try header.value("training", TrainingSummary.self)
    let tensors = EnsembleTensors(shape: shape, prefix: prefix)
    return tensors.model(
      header.structure, header.channels, training, try read(tensors.expected))
  }
}
