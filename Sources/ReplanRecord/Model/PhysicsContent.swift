import ReplanCore

/// The texts and tensors of identified equations of motion: `physics.parameters`,
/// `physics.covariance` and `physics.noise.variance`.
enum PhysicsContent {
  private static let parametersName = "physics.parameters"
  private static let covarianceName = "physics.covariance"
  private static let noiseName = "physics.noise.variance"

  /// A parameter as the header spells it; its value is in the tensor.
  struct ParameterText: Codable, Equatable {
    var name: String
    var unit: String
    var origin: PhysicsFit.Origin
  }

  static func texts(of fit: PhysicsFit) throws -> [String: String] {
    [
      "equation": fit.equation.text,
      "substeps": "\(fit.substeps)",
      "parameters": try JSONLine.text(
        fit.parameters.map { ParameterText(name: $0.name, unit: $0.unit, origin: $0.origin) }),
      "identification": try JSONLine.text(fit.summary),
    ]
  }

  static func tensors(of fit: PhysicsFit) -> [ModelTensor] {
    let count = fit.equation.parameterCount
    var tensors = [
      ModelTensor(
        name: parametersName, shape: [count], values: .double(fit.parameters.map(\.value))),
      ModelTensor(
        name: noiseName, shape: [fit.structure.stateCount], values: .double(fit.noiseVariance)),
    ]
    if !fit.covariance.isEmpty {
      tensors.append(
        ModelTensor(
          name: covarianceName, shape: [count, count], values: .double(fit.covariance)))
    }
    return tensors
  }

  static func fault(in fit: PhysicsFit) -> String? {
    let equation = fit.equation
    guard
      fit.structure.stateCount == equation.stateCount,
      fit.structure.actionCount == equation.actionCount
    else {
      return "the plant has \(fit.structure.stateCount) states and \(fit.structure.actionCount) "
        + "actions, but the equation \(equation.text) has \(equation.stateCount) and "
        + "\(equation.actionCount)"
    }
    for (index, parameter) in fit.parameters.enumerated() where index < equation.parameterCount {
      let facts = equation.parameter(index)
      guard parameter.name == "\(facts.name)", parameter.unit == "\(facts.unit)" else {
        return "parameter \(index) is \(parameter.name) in \(parameter.unit), where "
          + "\(equation.text) has \(facts.name) in \(facts.unit)"
      }
    }
    for tensor in tensors(of: fit) {
      if let fault = tensor.fault { return fault }
    }
    if let fault = fit.summary.fault(fit.structure) { return fault }
    guard (1...100).contains(fit.substeps) else { return "\(fit.substeps) substeps, not 1 to 100" }
    return fit.noiseVariance.contains { $0 < 0 } ? "\(noiseName) is negative" : nil
  }

  /// The texts of a header, read.
  struct Texts {
    let equation: PhysicsEquation
    let substeps: Int
    let parameters: [ParameterText]
    let summary: IdentificationSummary

    init(_ header: ModelHeader) throws(RecordError) {
      let name = header.metadata["equation"] ?? ""
      guard let equation = PhysicsEquation(text: name) else {
        throw header.damaged("metadata \"equation\" is \"\(name)\", which this build does not know")
      }
      self.equation = equation
      guard let substeps = header.metadata["substeps"].flatMap(Int.init) else {
        throw header.damaged("metadata \"substeps\" is missing or malformed")
      }
      self.substeps = substeps
      parameters = try header.value("parameters")
      guard parameters.count == equation.parameterCount else {
        throw header.damaged(
          "metadata \"parameters\" names \(parameters.count), where \(name) has "
            + "\(equation.parameterCount)")
      }
      summary = try header.value("identification")
    }

    func expected(_ structure: PlantStructure) -> [ModelTensor.Expected] {
      let count = equation.parameterCount
      return [
        .init(
          name: covarianceName, shape: [count, count], isDouble: true, isOptional: true),
        .init(name: noiseName, shape: [structure.stateCount], isDouble: true),
        .init(name: parametersName, shape: [count], isDouble: true),
      ]
    }

    func fit(_ header: ModelHeader, _ values: TensorValues) -> PhysicsFit {
      let numbers = values.double(parametersName)
      return PhysicsFit(
        structure: header.structure, channels: header.channels, equation: equation,
        substeps: substeps,
        parameters: zip(parameters, numbers).map { text, value in
          PhysicsFit.Parameter(
            name: text.name, unit: text.unit, value: value, origin: text.origin)
        }, covariance: values.double(covarianceName), noiseVariance: values.double(noiseName),
        summary: summary)
    }
  }
}
