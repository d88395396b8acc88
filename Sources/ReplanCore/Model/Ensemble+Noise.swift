public import ReplanNumerics

extension Ensemble {
  /// Limits of a predicted log-variance, the same as in training.
  static var lowestLogVariance: Float { -10 }
  static var highestLogVariance: Float { 3 }

  /// The next states under one member, with noise of the variance that the member predicts.
  ///
  /// - Shapes: normals [S × vectors], standard normal numbers; the rows of integrated channels,
  ///   which follow from their velocities, are not read.
  public func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let head = forward(member: member, vectors: vectors, block)
    sampleOutputs(member: member, head, normals, vectors: vectors, block)
    decode(state, outputs: sum, weight: 1, vectors: vectors, block, into: next)
  }

  /// Normalised outputs plus noise, into `sum`.
  @inline(always)
  func sampleOutputs(
    member: Int, _ head: UnsafePointer<Lanes>, _ normals: UnsafePointer<Lanes>, vectors: Int,
    _ block: UnsafePointer<Float>
  ) {
    let count = tables.outputCount
    for j in 0..<count {
      let normal = normals + tables.predicted[j] * vectors
      let constant =
        noiseHead == .constant ? squareRoot(block[noise + member * count + j]) : 0
      for v in 0..<vectors {
        let at = j * vectors + v
        switch noiseHead {
        case .constant:
          sum[at] = head[at].adding(constant, times: normal[v])
        case .predicted:
          let logVariance = head[count * vectors + at].limited(
            Ensemble.lowestLogVariance, Ensemble.highestLogVariance)
          let deviation = boundedExponential(Lanes(repeating: 0.5) * logVariance)
          sum[at] = head[at].addingProduct(deviation, normal[v])
        }
      }
    }
  }

  /// Adds the mean of the members' predicted changes, the ensemble being a residual.
  func addMeanChange(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    to next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    sumMembers(vectors: vectors, block)
    add(outputs: sum, weight: 1 / Float(memberCount), vectors: vectors, block, to: next)
  }

  /// Adds one member's predicted change, with noise if there are `normals`.
  func addChange(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>?, to next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let head = forward(member: member, vectors: vectors, block)
    guard let normals else {
      return add(outputs: head, weight: 1, vectors: vectors, block, to: next)
    }
    sampleOutputs(member: member, head, normals, vectors: vectors, block)
    add(outputs: sum, weight: 1, vectors: vectors, block, to: next)
  }

  /// Adds changes to states; an integrated channel takes half a tick times its velocity's.
  @inline(always)
  private func add(
    outputs: UnsafePointer<Lanes>, weight: Float, vectors: Int, _ block: UnsafePointer<Float>,
    to next: UnsafeMutablePointer<Lanes>
  ) {
    let mean = block + outputMean
    let scale = block + outputScale
    for j in 0..<tables.outputCount {
      for v in 0..<vectors {
        let change =
          Lanes(repeating: mean[j]).adding(scale[j] * weight, times: outputs[j * vectors + v])
        let at = tables.predicted[j] * vectors + v
        next[at] = next[at] + change
        for k in 0..<tables.integralCount where tables.integrals[k].velocity == tables.predicted[j]
        {
          let to = tables.integrals[k].channel * vectors + v
          next[to] = next[to].adding(halfTick, times: change)
        }
      }
    }
  }
}
