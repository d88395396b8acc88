import ReplanCore

/// Members of an ensemble from networks that were fitted: as they are, or samples of a posterior around
/// them.
struct PosteriorSampling {
  let data: PreparedData
  let split: Split
  let shape: EnsembleShape
  let settings: TrainingSettings

  /// Networks to be fitted for the members.
  static func fits(_ shape: EnsembleShape, _ settings: TrainingSettings) -> Int {
    switch settings.posterior {
    case .bootstrap, .shared: shape.memberCount
    case .bayesian: (shape.memberCount + settings.chains.cycles - 1) / settings.chains.cycles
    case .lastLayer: 1
    }
  }

  /// The members that come of fit number `index`.
  private func members(of index: Int) -> Int {
    switch settings.posterior {
    case .bootstrap, .shared: 1
    case .bayesian:
      min(settings.chains.cycles, shape.memberCount - index * settings.chains.cycles)
    case .lastLayer: shape.memberCount
    }
  }

  /// Their weights.
  ///
  /// - Parameters:
  ///   - noise: variance of each normalised mean on transitions that the fit has not seen.
  ///   - isCancelled: asked now and then.
  func members(
    of index: Int, from start: [(weight: [Float], bias: [Float])], noise: [Float], steps: Int,
    isCancelled: () -> Bool
  ) throws(LearnError) -> [[(weight: [Float], bias: [Float])]] {
    let count = members(of: index)
    let bag = split.evenly(Stream(seed: settings.seed, member: index))
    // A fit that has learned nothing yet is no worse than the mean of the data.
    let noise = noise.map { min($0, 1) }
    switch settings.posterior {
    case .bootstrap, .shared:
      return [start]
    case .bayesian:
      var chain = BayesianChain(
        chain: index, start: start, data: data, bag: bag, worth: split.worth, noise: noise,
        shape: shape, settings: settings)
      var samples: [[(weight: [Float], bias: [Float])]] = []
      for _ in 0..<count {
        try chain.runCycle(length: settings.chains.cycleSteps(steps)) { !isCancelled() }
        let network = chain.network
        samples.append(network.layers.indices.map { network.export(layer: $0) })
      }
      return samples
    case .lastLayer:
      guard
        let layer = LastLayer(
          start: start, data: data, bag: bag, worth: split.worth, noise: noise, shape: shape)
      else { throw .diverged(member: index, step: steps) }
      return (0..<count).map { layer.sample(seed: settings.seed, member: $0) }
    }
  }
}
