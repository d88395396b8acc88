@testable import ReplanCore

/// One state and one action, s' = s + gain of the member · a, exactly linear, plus noise.
///
/// silu(z) - silu(-z) = z, so two hidden units make a network linear.
enum SpreadFixture {
  static func structure() -> PlantStructure {
    PlantStructure(stateCount: 1, actionCount: 1, tick: 0.1)
  }

  /// - Parameters:
  ///   - variance: of the constant noise.
  ///   - drift: added to the state at each step.
  ///   - logVariance: of the predicted noise; nil for a head without.
  static func parameters(
    gains: [Float], variance: Float = 0, logVariance: Float? = nil, drift: Float = 0
  ) -> RandomParameters {
    let shape = EnsembleShape.small(
      structure(), members: gains.count, activation: .silu,
      noise: logVariance == nil ? .constant : .predicted, hidden: [2])
    let result = RandomParameters(empty: shape)
    let layout = ParameterLayout(shape)
    layout.packNormalisers(
      inputMean: [0, 0], inputScale: [1, 1], outputMean: [drift], outputScale: [1],
      noiseVariance: [Float](repeating: variance, count: gains.count), into: result.block.floats)
    for (member, gain) in gains.enumerated() {
      layout.pack(
        member: member, layer: 0, weight: [0, gain, 0, -gain], bias: [0, 0],
        into: result.block.floats)
      layout.pack(
        member: member, layer: 1, weight: logVariance == nil ? [1, -1] : [1, -1, 0, 0],
        bias: logVariance.map { [0, $0] } ?? [0], into: result.block.floats)
    }
    return result
  }

  static func configuration(
    _ planner: PlannerConfiguration, _ parameters: RandomParameters, objective: Objective,
    value: Value, propagation: Propagation
  ) -> ControllerConfiguration {
    var result = ControllerFixture.configuration(planner)
    result.structure = structure()
    result.shape = parameters.shape
    result.objective = objective
    result.value = value
    result.propagation = propagation
    result.limits.low = ActionVector(repeating: -2)
    result.limits.high = ActionVector(repeating: 2)
    return result
  }
}
