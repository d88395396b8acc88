import Foundation

@testable import ReplanCore

/// The ensemble once more, plainly and in double precision.
struct EnsembleReference {
  let structure: PlantStructure
  let parameters: RandomParameters

  func features(_ state: [Double], _ action: [Double]) -> [Double] {
    var features: [Double] = []
    for i in 0..<structure.stateCount where !structure.states[i].isInvariant {
      if structure.isDifference(i) {
        features.append(
          structure.states[i].isAngle
            ? remainder(state[i] - state[structure.states[i].repeats], 2 * .pi)
            : state[i] - state[structure.states[i].repeats])
      } else if structure.states[i].isAngle {
        features += [sin(state[i]), cos(state[i])]
      } else {
        features.append(state[i])
      }
    }
    features += action
    return features.enumerated().map {
      ($1 - Double(parameters.inputMean[$0])) / Double(parameters.inputScale[$0])
    }
  }

  func head(member: Int, _ state: [Double], _ action: [Double]) -> [Double] {
    let shape = parameters.shape
    var x = features(state, action)
    for layer in 0..<shape.layerCount {
      let weight = parameters.weights[layer][member]
      let bias = parameters.biases[layer][member]
      var y = (0..<shape.fanOut(layer)).map { Double(bias[$0]) }
      for o in 0..<shape.fanOut(layer) {
        for i in 0..<shape.fanIn(layer) {
          y[o] += Double(weight[o * shape.fanIn(layer) + i]) * x[i]
        }
      }
      if layer < shape.hiddenLayerCount { y = y.map(activate) }
      x = y
    }
    return x
  }

  private func activate(_ x: Double) -> Double {
    switch parameters.shape.activation {
    case .tanh: tanh(x)
    case .silu: x / (1 + exp(-x))
    case .softplus: x > 30 ? x : log1p(exp(x))
    }
  }

  /// Standard deviations of the predicted changes of state under one member, then of the cost if
  /// it is predicted [means].
  func deviations(member: Int, _ state: [Double], _ action: [Double]) -> [Double] {
    let count = parameters.shape.meanCount
    let head = head(member: member, state, action)
    return (0..<count).map { j in
      let variance =
        parameters.shape.noise == .constant
        ? Double(parameters.noiseVariance[member * count + j])
        : exp(min(max(head[count + j], -10), 3))
      return Double(parameters.outputScale[j]) * variance.squareRoot()
    }
  }

  /// The predicted cost under one member, or under the mean of all.
  func cost(member: Int?, _ state: [Double], _ action: [Double]) -> Double {
    let members = member.map { [$0] } ?? Array(0..<parameters.shape.memberCount)
    let j = structure.outputCount
    let y = members.map { head(member: $0, state, action)[j] }.reduce(0, +)
    return Double(parameters.outputMean[j])
      + Double(parameters.outputScale[j]) * y / Double(members.count)
  }

  /// The next state under one member, or under the mean of all.
  func next(member: Int?, _ state: [Double], _ action: [Double]) -> [Double] {
    let members = member.map { [$0] } ?? Array(0..<parameters.shape.memberCount)
    let heads = members.map { head(member: $0, state, action) }
    var next = state
    var j = 0
    for i in 0..<structure.stateCount where structure.states[i].isPredicted {
      let y = heads.map { $0[j] }.reduce(0, +) / Double(heads.count)
      next[i] += Double(parameters.outputMean[j]) + Double(parameters.outputScale[j]) * y
      j += 1
    }
    for i in 0..<structure.stateCount where structure.states[i].isIntegrated {
      let v = structure.states[i].velocity
      next[i] = state[i] + Double(structure.tick) * 0.5 * (state[v] + next[v])
    }
    for i in 0..<structure.stateCount where structure.states[i].isMemory {
      let source = structure.states[i].repeats
      next[i] = source < state.count ? state[source] : action[source - state.count]
    }
    return next
  }
}
