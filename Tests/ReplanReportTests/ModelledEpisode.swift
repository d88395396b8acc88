import ReplanCore
import ReplanLearn
import ReplanNumerics
import ReplanRecord

/// An episode whose states are those that a model draws, so that its predictions are right.
struct ModelledEpisode {
  let model: EnsembleModel
  var ticks = 400

  /// - Parameter stored: a model whose first member is taken, so that its spread is its noise alone.
  init(firstMemberOf stored: EnsembleModel) {
    var model = stored
    let shape = stored.shape
    model.shape = EnsembleShape(
      inputCount: shape.inputCount, outputCount: shape.outputCount,
      hiddenLayerCount: shape.hiddenLayerCount, hidden: shape.hidden, memberCount: 1,
      activation: shape.activation, noise: shape.noise)
    for layer in 0..<shape.layerCount {
      let outputs = shape.fanOut(layer)
      model.layers[layer].weight.removeLast(
        (shape.memberCount - 1) * outputs * shape.fanIn(layer))
      model.layers[layer].bias.removeLast((shape.memberCount - 1) * outputs)
    }
    model.noiseVariance = Array(stored.noiseVariance.prefix(shape.meanCount))
    model.training.disagreement = nil
    self.model = model
  }

  func episode(robotText: String, hash: String) -> Episode {
    var episode = DrawnEpisode(ticks: ticks, model: hash, robotText: robotText).episode
    let predictor = CorePredictor(model)
    var state: [Lanes] = [0, 0, 3.1, 0].map { Lanes(repeating: $0) }
    var next = state
    var random = NormalNumbers()
    for tick in 0..<ticks {
      episode.observations[tick].values = state.map { $0[0] }
      episode.ticks[tick].modelGeneration = 0
      let action = [Lanes(repeating: episode.actions[tick].values[0])]
      let normals = (0..<max(predictor.noiseCount, 1)).map { _ in Lanes(repeating: random.next()) }
      predictor.predict(
        member: 0, state, action, vectors: 1, normals: normals, into: &next)
      state = next
    }
    return episode
  }
}

/// Standard normal numbers that are the same in every run: twelve uniform ones less six.
private struct NormalNumbers {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func next() -> Float {
    var sum: Float = -6
    for _ in 0..<12 {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      sum += Float((state &* 0x2545_F491_4F6C_DD1D) >> 40) / Float(1 << 24)
    }
    return sum
  }
}
