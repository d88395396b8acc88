public import ReplanNumerics

extension Ensemble {
  /// Hard limits of a predicted log-variance of a normalised output, those of its training.
  static var lowestLogVariance: Float { -10 }
  static var highestLogVariance: Float { 3 }

  /// The next states under one member, or under the mean of all (nil), plus sampled noise.
  ///
  /// The noise of a normalised output is its standard deviation times a normal number: the
  /// network's where it predicts log-variances, otherwise the constant of the parameters. The mean
  /// of the members has the mean of their variances; their disagreement is no noise.
  ///
  /// The cost, where one is wanted, has its noise as well.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors], normals [means × vectors], cost
  ///   [vectors].
  public func predict(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>,
    cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let weight = sampleOutputs(
      member: member, normals, vectors: vectors, block, means: means(withCost: cost != nil))
    decode(state, action, outputs: sum, weight: weight, vectors: vectors, block, into: next)
    decodeCost(outputs: sum, weight: weight, vectors: vectors, block, into: cost)
  }

  /// The first `means` of one member on `features`, or the sum of all (nil), plus noise, into
  /// `sum`.
  ///
  /// - Returns: 1 / members in the sum, for decoding.
  @inline(always)
  func sampleOutputs(
    member: Int?, _ normals: UnsafePointer<Lanes>, vectors: Int, _ block: UnsafePointer<Float>,
    means: Int
  ) -> Float {
    if let member {
      sampleOutputs(of: member, normals, vectors: vectors, block, means: means)
      return 1
    }
    let weight = 1 / Float(memberCount)
    let count = means * vectors
    // `squares` collects variances.
    for i in 0..<count {
      sum[i] = Lanes(repeating: 0)
      squares[i] = Lanes(repeating: 0)
    }
    for m in 0..<memberCount {
      let head = forward(
        member: m, vectors: vectors, block, means: means, withLogVariances: predictsNoise)
      for i in 0..<count { sum[i] = sum[i] + head[i] }
      addVariances(member: m, head, weight: weight, vectors: vectors, block, means: means)
    }
    // Decoding scales the sum by `weight`, so the noise is divided by it here.
    let factor = Lanes(repeating: Float(memberCount))
    for i in 0..<count {
      sum[i] = sum[i].addingProduct(squareRoot(squares[i]) * factor, normals[i])
    }
    return weight
  }

  /// The same of one member: its deviations need no root, as they are exponentials themselves.
  @inline(always)
  private func sampleOutputs(
    of member: Int, _ normals: UnsafePointer<Lanes>, vectors: Int, _ block: UnsafePointer<Float>,
    means: Int
  ) {
    let head = forward(
      member: member, vectors: vectors, block, means: means, withLogVariances: predictsNoise)
    let logVariances = head + tables.meanCount * vectors
    let constant = block + noiseVariance + member * tables.meanCount
    for j in 0..<means {
      let fixed = predictsNoise ? Lanes(repeating: 0) : squareRoot(Lanes(repeating: constant[j]))
      for v in 0..<vectors {
        let at = j * vectors + v
        let deviation =
          predictsNoise
          ? boundedExponential(Lanes(repeating: 0.5) * Ensemble.limited(logVariances[at])) : fixed
        sum[at] = head[at].addingProduct(deviation, normals[at])
      }
    }
  }

  @inline(always)
  private static func limited(_ logVariance: Lanes) -> Lanes {
    logVariance.limited(lowestLogVariance, highestLogVariance)
  }

  @inline(always)
  private func addVariances(
    member: Int, _ head: UnsafePointer<Lanes>, weight: Float, vectors: Int,
    _ block: UnsafePointer<Float>, means: Int
  ) {
    let constant = block + noiseVariance + member * tables.meanCount
    for j in 0..<means {
      for v in 0..<vectors {
        let at = j * vectors + v
        let variance =
          predictsNoise
          ? boundedExponential(Ensemble.limited(head[tables.meanCount * vectors + at]))
          : Lanes(repeating: constant[j])
        squares[at] = squares[at].adding(weight, times: variance)
      }
    }
  }
}
