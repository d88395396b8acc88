import ReplanNumerics

@testable import ReplanCore

/// The ensemble once more for one candidate, in the order of operations that the kernels promise.
struct ScalarEnsemble {
  let structure: PlantStructure
  let parameters: RandomParameters

  private func features(_ state: [Float], _ action: [Float]) -> [Float] {
    var features: [Float] = []
    for i in 0..<structure.stateCount where !structure.states[i].isInvariant {
      if structure.isDifference(i) {
        features.append(
          structure.states[i].isAngle
            ? wrappedAngle(state[i] - state[structure.states[i].repeats])
            : state[i] - state[structure.states[i].repeats])
      } else if structure.states[i].isAngle {
        let direction = sineCosine(state[i])
        features += [direction.sine, direction.cosine]
      } else {
        features.append(state[i])
      }
    }
    features += action
    return features.enumerated().map { i, x in
      let scale = parameters.inputScale[i]
      return (-parameters.inputMean[i] / scale).addingProduct(1 / scale, x)
    }
  }

  private func head(member: Int, _ state: [Float], _ action: [Float]) -> [Float] {
    let shape = parameters.shape
    var x = features(state, action)
    for layer in 0..<shape.layerCount {
      let weight = parameters.weights[layer][member]
      var y = parameters.biases[layer][member]
      for o in 0..<shape.fanOut(layer) {
        for i in 0..<shape.fanIn(layer) {
          y[o] = y[o].addingProduct(weight[o * shape.fanIn(layer) + i], x[i])
        }
      }
      x = layer < shape.hiddenLayerCount ? y.map(activate) : y
    }
    return x
  }

  /// A lane's activation; the vector forms agree with the scalar ones by a test of their own.
  private func activate(_ x: Float) -> Float {
    switch parameters.shape.activation {
    case .tanh: hyperbolicTangent(x)
    case .silu: sigmoidLinearUnit(Lanes(repeating: x))[0]
    case .softplus: softplus(Lanes(repeating: x))[0]
    }
  }

  /// The next state under one member, or under the mean of all.
  func next(member: Int?, _ state: [Float], _ action: [Float]) -> [Float] {
    let members = member.map { [$0] } ?? Array(0..<parameters.shape.memberCount)
    var sum = head(member: members[0], state, action)
    for m in members.dropFirst() {
      for (j, y) in head(member: m, state, action).enumerated() { sum[j] += y }
    }
    var next = state
    var j = 0
    for i in 0..<structure.stateCount where structure.states[i].isPredicted {
      let scale = parameters.outputScale[j] * (1 / Float(members.count))
      next[i] = state[i] + parameters.outputMean[j].addingProduct(scale, sum[j])
      j += 1
    }
    for i in 0..<structure.stateCount where structure.states[i].isIntegrated {
      let v = structure.states[i].velocity
      next[i] = state[i].addingProduct(0.5 * structure.tick, state[v] + next[v])
    }
    for i in 0..<structure.stateCount where structure.states[i].isMemory {
      let source = structure.states[i].repeats
      next[i] = source < state.count ? state[source] : action[source - state.count]
    }
    return next
  }
}
