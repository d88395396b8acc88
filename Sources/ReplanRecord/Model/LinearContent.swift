import ReplanCore

/// A linear model's tensors: `A`, `B`, `c` and `noise.variance`, and where they are known the deviations of
/// the estimates.
enum LinearContent {
  static func expected(_ structure: PlantStructure) -> [ModelTensor.Expected] {
    let (s, a) = (structure.stateCount, structure.actionCount)
    return [
      .init(name: "A", shape: [s, s], isDouble: true),
      .init(name: "B", shape: [s, a], isDouble: true),
      .init(name: "c", shape: [s], isDouble: true),
      .init(name: "noise.variance", shape: [s], isDouble: true),
      .init(name: "A.deviation", shape: [s, s], isDouble: true, isOptional: true),
      .init(name: "B.deviation", shape: [s, a], isDouble: true, isOptional: true),
      .init(name: "c.deviation", shape: [s], isDouble: true, isOptional: true),
    ]
  }

  static func tensors(of fit: LinearFit) -> [ModelTensor] {
    var values = [fit.byState, fit.byAction, fit.offset, fit.noiseVariance]
    if let deviations = fit.deviations {
      values += [deviations.byState, deviations.byAction, deviations.offset]
    }
    return zip(expected(fit.structure), values).map {
      ModelTensor(name: $0.name, shape: $0.shape, values: .double($1))
    }
  }

  static func fit(
    _ header: ModelHeader, _ summary: IdentificationSummary, _ values: TensorValues
  ) -> LinearFit {
    var fit = LinearFit(
      structure: header.structure, channels: header.channels, byState: values.double("A"),
      byAction: values.double("B"), offset: values.double("c"),
      noiseVariance: values.double("noise.variance"), summary: summary)
    let deviations = LinearFit.Deviations(
      byState: values.double("A.deviation"), byAction: values.double("B.deviation"),
      offset: values.double("c.deviation"))
    // One without the others is found by `fault`.
    if deviations != LinearFit.Deviations(byState: [], byAction: [], offset: []) {
      fit.deviations = deviations
    }
    return fit
  }

  static func fault(in fit: LinearFit) -> String? {
    for tensor in tensors(of: fit) {
      if let fault = tensor.fault { return fault }
    }
    if let fault = fit.summary.fault(fit.structure) { return fault }
    if let deviations = fit.deviations {
      for (name, values) in [
        ("A", deviations.byState), ("B", deviations.byAction), ("c", deviations.offset),
      ] where values.contains(where: { $0 < 0 }) { return "\(name).deviation is negative" }
    }
    return fit.noiseVariance.contains { $0 < 0 } ? "noise.variance is negative" : nil
  }
}

extension IdentificationSummary {
  /// What is wrong for a plant; nil if nothing is.
  func fault(_ structure: PlantStructure) -> String? {
    if spread?.isSound(stateCount: structure.stateCount) == false {
      return "identification.spread is no calibration of \(structure.stateCount) channels"
    }
    return firstState.isEmpty || firstState.count == structure.stateCount
      ? nil : "identification.firstState has \(firstState.count) values"
  }
}
