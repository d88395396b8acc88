@testable import ReplanCore

/// One state and one action, s' = s + gain · a, and a predicted cost that is known exactly.
///
/// silu(z) - silu(-z) = z and silu(z) + silu(-z) = z tanh(z / 2), so a pair of hidden units makes a
/// line or a bowl.
enum LearnedCostFixture {
  /// One member's cost of z = state · s + action · a + offset.
  struct Cost {
    var state: Float = 0
    var action: Float = 0
    var offset: Float = 0
    /// z tanh(z / 2), least and 0 at z = 0; otherwise z itself.
    var isBowl = false
  }

  /// - Parameters:
  ///   - variance: constant noise of the cost alone.
  ///   - logVariance: predicted noise of the cost; that of the state is as small as it can be.
  static func parameters(
    _ costs: [Cost], gain: Float = 1, variance: Float = 0, logVariance: Float? = nil
  ) -> RandomParameters {
    let shape = EnsembleShape.small(
      SpreadFixture.structure(), members: costs.count, activation: .silu,
      noise: logVariance == nil ? .constant : .predicted, hidden: [4], predictsCost: true)
    let result = RandomParameters(empty: shape)
    let layout = ParameterLayout(shape)
    layout.packNormalisers(
      inputMean: [0, 0], inputScale: [1, 1], outputMean: [0, 0], outputScale: [1, 1],
      noiseVariance: (0..<(2 * costs.count)).map { $0 % 2 == 0 ? 0 : variance },
      into: result.block.floats)
    for (member, cost) in costs.enumerated() {
      layout.pack(
        member: member, layer: 0,
        weight: [0, gain, 0, -gain, cost.state, cost.action, -cost.state, -cost.action],
        bias: [0, 0, cost.offset, -cost.offset], into: result.block.floats)
      var weight: [Float] = [1, -1, 0, 0, 0, 0, 1, cost.isBowl ? 1 : -1]
      var bias: [Float] = [0, 0]
      if let logVariance {
        weight += [Float](repeating: 0, count: 8)
        bias += [-100, logVariance]
      }
      layout.pack(
        member: member, layer: 1, weight: weight, bias: bias, into: result.block.floats)
    }
    return result
  }

  /// A planner with the learned cost, beside terms or alone.
  static func planner(
    _ settings: PlannerConfiguration, _ parameters: RandomParameters,
    objective: Objective = Objective(learnedCost: 1), value: Value = .expected,
    propagation: Propagation = Propagation()
  ) -> PlannerFixture {
    PlannerFixture(
      SpreadFixture.configuration(
        settings, parameters, objective: objective, value: value, propagation: propagation),
      parameters)
  }
}
