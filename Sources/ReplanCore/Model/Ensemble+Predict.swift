public import ReplanNumerics

extension Ensemble {
  /// Normalised network inputs of `vectors` lanes of candidates, into `features`.
  @inline(always)
  func encode(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    _ block: UnsafePointer<Float>
  ) {
    let scale = block + inputScale
    let shift = block + inputShift
    var f = 0
    for k in 0..<tables.featureCount {
      let feature = tables.features[k]
      let source =
        (feature.kind == .action ? action : state) + feature.channel * vectors
      if feature.kind == .angle {
        for v in 0..<vectors {
          let direction = sineCosine(source[v])
          features[f * vectors + v] =
            Lanes(repeating: shift[f]).adding(scale[f], times: direction.sine)
          features[(f + 1) * vectors + v] =
            Lanes(repeating: shift[f + 1]).adding(scale[f + 1], times: direction.cosine)
        }
        f += 2
      } else if feature.kind == .difference || feature.kind == .turn {
        let newer = state + feature.newer * vectors
        for v in 0..<vectors {
          var distance = source[v] - newer[v]
          if feature.kind == .turn { distance = wrappedAngle(distance) }
          features[f * vectors + v] =
            Lanes(repeating: shift[f]).adding(scale[f], times: distance)
        }
        f += 1
      } else {
        for v in 0..<vectors {
          features[f * vectors + v] =
            Lanes(repeating: shift[f]).adding(scale[f], times: source[v])
        }
        f += 1
      }
    }
  }

  /// Means that a caller needs: the cost's only where it wants one.
  @inline(always)
  func means(withCost: Bool) -> Int { withCost ? tables.meanCount : tables.outputCount }

  /// Runs one member on `features`; of the head its first `means` units, and all of it where noise
  /// is sampled.
  ///
  /// Not inlined: the kernels are large, and a call is nothing beside them.
  ///
  /// - Returns: the head [means, then log-variances × vectors], valid until the next call.
  @inline(never)
  func forward(
    member: Int, vectors: Int, _ block: UnsafePointer<Float>, means: Int,
    withLogVariances: Bool = false
  ) -> UnsafePointer<Lanes> {
    let base = block + members + member * memberStride
    let last = tables.layerCount - 1
    var x = UnsafePointer(features)
    for l in 0..<last {
      let layer = tables.layers[l]
      let y = l % 2 == 0 ? even : odd
      DenseKernel.layer(
        base + layer.forward, inputs: layer.inputs, outputs: layer.outputs, vectors: vectors, x, y)
      activation.apply(to: y, count: layer.outputs * vectors)
      x = UnsafePointer(y)
    }
    let layer = tables.layers[last]
    let y = last % 2 == 0 ? even : odd
    DenseKernel.layer(
      base + layer.forward, inputs: layer.inputs,
      outputs: withLogVariances ? layer.outputs : means, vectors: vectors, x, y)
    return UnsafePointer(y)
  }

  /// The next state from normalised outputs; `weight` is 1 / members for a sum over members.
  @inline(always)
  func decode(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, outputs: UnsafePointer<Lanes>,
    weight: Float, vectors: Int, _ block: UnsafePointer<Float>,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    let mean = block + outputMean
    let scale = block + outputScale
    for j in 0..<tables.outputCount {
      let i = tables.predicted[j]
      for v in 0..<vectors {
        let change =
          Lanes(repeating: mean[j]).adding(scale[j] * weight, times: outputs[j * vectors + v])
        next[i * vectors + v] = state[i * vectors + v] + change
      }
    }
    for k in 0..<tables.integralCount {
      let integral = tables.integrals[k]
      for v in 0..<vectors {
        let at = integral.velocity * vectors + v
        let to = integral.channel * vectors + v
        next[to] = state[to].adding(halfTick, times: state[at] + next[at])
      }
    }
    for k in 0..<tables.memoryCount {
      let memory = tables.memories[k]
      let source =
        memory.source < stateCount
        ? state + memory.source * vectors : action + (memory.source - stateCount) * vectors
      for v in 0..<vectors { next[memory.channel * vectors + v] = source[v] }
    }
  }

  /// The cost from normalised outputs, where a caller wants one; `weight` as for `decode`.
  @inline(always)
  func decodeCost(
    outputs: UnsafePointer<Lanes>, weight: Float, vectors: Int, _ block: UnsafePointer<Float>,
    into cost: UnsafeMutablePointer<Lanes>?
  ) {
    guard let cost, predictsCost else { return }
    let j = tables.outputCount
    let mean = Lanes(repeating: block[outputMean + j])
    for v in 0..<vectors {
      cost[v] = mean.adding(block[outputScale + j] * weight, times: outputs[j * vectors + v])
    }
  }

  /// The sum of the first `means` of all members on `features`, into `sum`.
  @inline(always)
  func sumMembers(vectors: Int, _ block: UnsafePointer<Float>, means: Int) {
    let count = means * vectors
    for m in 0..<memberCount {
      let head = forward(member: m, vectors: vectors, block, means: means)
      if m == 0 {
        for i in 0..<count { sum[i] = head[i] }
      } else {
        for i in 0..<count { sum[i] = sum[i] + head[i] }
      }
    }
  }

  /// The next states under the mean of all members.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`. The
  ///   predicted cost [vectors] where one is wanted.
  /// - Precondition: the ensemble is ready; an ensemble without parameters changes nothing. A cost
  ///   is wanted of an ensemble that predicts it.
  public func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    sumMembers(vectors: vectors, block, means: means(withCost: cost != nil))
    let weight = 1 / Float(memberCount)
    decode(state, action, outputs: sum, weight: weight, vectors: vectors, block, into: next)
    decodeCost(outputs: sum, weight: weight, vectors: vectors, block, into: cost)
  }

  /// The next states under one member, and its cost where one is wanted.
  public func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let head = forward(
      member: member, vectors: vectors, block, means: means(withCost: cost != nil))
    decode(state, action, outputs: head, weight: 1, vectors: vectors, block, into: next)
    decodeCost(outputs: head, weight: 1, vectors: vectors, block, into: cost)
  }

  /// Largest variance across members of a normalised output, the cost's included, lane by lane:
  /// what the members disagree about. One vector.
  public func disagreement(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>
  ) -> Lanes {
    guard let block = parameters, memberCount > 1 else { return Lanes(repeating: 0) }
    encode(state, action, vectors: 1, block)
    for m in 0..<memberCount {
      let head = forward(member: m, vectors: 1, block, means: tables.meanCount)
      for j in 0..<tables.meanCount {
        sum[j] = m == 0 ? head[j] : sum[j] + head[j]
        squares[j] = m == 0 ? head[j] * head[j] : squares[j].addingProduct(head[j], head[j])
      }
    }
    let n = Float(memberCount)
    var largest = Lanes(repeating: 0)
    for j in 0..<tables.meanCount {
      let mean = sum[j] / Lanes(repeating: n)
      let variance = (squares[j] - mean * sum[j]) / Lanes(repeating: n - 1)
      // Not a number is no agreement: it stays.
      largest = variance.replacing(with: largest, where: variance .<= largest)
    }
    return largest
  }
}
