import ReplanNumerics

/// Ridge regression of several outputs on the same features, with a constant.
///
/// Features are brought to mean 0 and variance 1 first, so that their units do not matter to the
/// ridge; one that does not vary is left out.
struct LinearFit {
  private var mean: [Double]
  private var scale: [Double]
  private var outputMean: [Double]
  /// Output by output.
  private var weights: [[Double]]

  /// As a share of the features' variance: less than any noise of a sensor shrinks the weights.
  private static let ridge = 1e-5

  /// - Precondition: there is a pair, and all have the same counts.
  init(_ pairs: [(features: [Double], outputs: [Double])]) {
    let count = Double(pairs.count)
    let features = pairs[0].features.count
    let outputs = pairs[0].outputs.count
    mean = (0..<features).map { f in pairs.reduce(0) { $0 + $1.features[f] } / count }
    let means = mean
    scale = (0..<features).map { f in
      let squares = pairs.reduce(0) { sum, pair in
        sum + (pair.features[f] - means[f]) * (pair.features[f] - means[f])
      }
      let deviation = (squares / count).squareRoot()
      return deviation > 1e-9 * (1 + abs(means[f])) ? 1 / deviation : 0
    }
    outputMean = (0..<outputs).map { o in pairs.reduce(0) { $0 + $1.outputs[o] } / count }
    weights = []
    weights = solve(pairs, count)
  }

  func predict(_ features: [Double]) -> [Double] {
    let normal = normalised(features)
    return weights.indices.map { output in
      zip(weights[output], normal).reduce(outputMean[output]) { $0 + $1.0 * $1.1 }
    }
  }

  private func normalised(_ features: [Double]) -> [Double] {
    features.indices.map { (features[$0] - mean[$0]) * scale[$0] }
  }

  /// The normal equations, divided by the count so that they suit single precision.
  private func solve(
    _ pairs: [(features: [Double], outputs: [Double])], _ count: Double
  ) -> [[Double]] {
    let n = mean.count
    var gram = [Double](repeating: 0, count: n * n)
    var moments = [[Double]](
      repeating: [Double](repeating: 0, count: n), count: outputMean.count)
    for pair in pairs {
      let x = normalised(pair.features)
      for i in 0..<n {
        for j in 0...i { gram[i * n + j] += x[i] * x[j] / count }
        for o in outputMean.indices {
          moments[o][i] += x[i] * (pair.outputs[o] - outputMean[o]) / count
        }
      }
    }
    for i in 0..<n { gram[i * n + i] += Self.ridge + (scale[i] == 0 ? 1 : 0) }
    var factor = gram.map { Float($0) }
    return factor.withUnsafeMutableBufferPointer { factor in
      // SAFETY: the buffer holds the n × n matrix, and outlives the calls.
      guard Cholesky.factor(factor.baseAddress!, n, stride: n) else {
        return moments.map { [Double](repeating: 0, count: $0.count) }
      }
      return moments.map { moment in
        var b = moment.map { Float($0) }
        b.withUnsafeMutableBufferPointer {
          // SAFETY: the right-hand side has n elements, one after the other.
          Cholesky.solve(UnsafePointer(factor.baseAddress!), n, stride: n, $0.baseAddress!, step: 1)
        }
        return b.map { Double($0) }
      }
    }
  }
}
