import ReplanCore
import ReplanNumerics

/// The posterior of a network's output layer over the features that its last hidden layer has learned.
///
/// Each mean is a Bayesian linear regression with a bias; weights of the log-variances, where there are
/// any, stay as they were fitted and say how much each transition weighs. A mirrored plant's transitions
/// count half, and their mirror images the other half.
///
/// - Source: Lázaro-Gredilla and Figueiras-Vidal 2010, Marginalized neural network mixtures,
///   doi 10.1109/TNN.2010.2049859; Snoek et al. 2015, Scalable Bayesian optimization, arXiv:1502.05700,
///   section 3. Other than there features are of a network whose output layer was fitted with them.
struct LastLayer {
  /// Of each mean.
  let posteriors: [LinearPosterior]
  private let start: [(weight: [Float], bias: [Float])]
  private let hidden: Int

  /// - Parameters as of `BayesianChain`.
  /// - Returns: nil if a decomposition does not converge.
  init?(
    start: [(weight: [Float], bias: [Float])], data: PreparedData, bag: [Int32], worth: Float,
    noise: [Float], shape: EnsembleShape, alpha: Double? = nil
  ) {
    let pass = NetworkPass(start, shape: shape)
    let features = shape.fanIn(shape.hiddenLayerCount) + 1
    let isConstant = shape.noise == .constant
    let share = Double(worth) / Double(bag.count) * (data.mirror == nil ? 1 : 0.5)
    // With constant noise all means share the sums of squares.
    let grams = isConstant ? 1 : shape.meanCount
    var gram = [[Double]](
      repeating: [Double](repeating: 0, count: features * features), count: grams)
    var moment = [[Double]](
      repeating: [Double](repeating: 0, count: features), count: shape.meanCount)
    var phi = [Double](repeating: 1, count: features)
    for isMirrored in data.mirror == nil ? [false] : [false, true] {
      pass.forEach(bag, of: data, isMirrored: isMirrored) { i, row in
        for k in 0..<features - 1 { phi[k] = Double(row.hidden(k)) }
        let place = Int(bag[i]) * data.targetVectors
        for j in 0..<shape.meanCount {
          let s = isConstant ? 0 : limited(row.head(shape.meanCount + j), Loss.lowest, Loss.highest)
          let weight = share * (isConstant ? 1 : Double(exponential(-s)))
          let sign = isMirrored ? data.mirror!.targets[j / 16][j % 16] : 1
          let y = Double(sign * data.targets[place + j / 16][j % 16])
          for k in 0..<features { moment[j][k] += weight * phi[k] * y }
          guard j < grams else { continue }
          for b in 0..<features {
            let product = weight * phi[b]
            for a in 0...b { gram[j][b * features + a] += product * phi[a] }
          }
        }
      }
    }
    var posteriors: [LinearPosterior] = []
    for j in 0..<shape.meanCount {
      let precision = isConstant ? 1 / Double(max(noise[j], Trainer.leastNoise)) : 1
      guard
        let posterior = LinearPosterior(
          gram: gram[isConstant ? 0 : j].map { $0 * precision },
          moment: moment[j].map { $0 * precision }, alpha: alpha)
      else { return nil }
      posteriors.append(posterior)
    }
    self.posteriors = posteriors
    self.start = start
    hidden = features - 1
  }

  /// The weights of one member.
  func sample(seed: UInt64, member: Int) -> [(weight: [Float], bias: [Float])] {
    var layers = start
    let last = layers.count - 1
    for (j, posterior) in posteriors.enumerated() {
      var source = Stream(seed: seed, member: member).numbers(.sampling, part: j)
      var normals: [Double] = []
      while normals.count <= hidden {
        let four = source.nextNormals()
        for k in 0..<4 { normals.append(Double(four[k])) }
      }
      let weights = posterior.sample(Array(normals[...hidden]))
      for k in 0..<hidden { layers[last].weight[j * hidden + k] = Float(weights[k]) }
      layers[last].bias[j] = Float(weights[hidden])
    }
    return layers
  }
}
