public import ReplanNumerics

extension Ensemble {
  /// Normalised network inputs of `vectors` lanes of candidates, into `features`.
  @inline(__always)
  func encode(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    _ block: UnsafePointer<Float>
  ) {
    let scale = block + layout.inputScale
    let shift = block + layout.inputShift
    var f = 0
    for i in 0..<structure.stateCount where !structure.states[i].isInvariant {
      if structure.states[i].isAngle {
        for v in 0..<vectors {
          let direction = sineCosine(state[i * vectors + v])
          features[f * vectors + v] =
            Lanes(repeating: shift[f]).adding(scale[f], times: direction.sine)
          features[(f + 1) * vectors + v] =
            Lanes(repeating: shift[f + 1]).adding(scale[f + 1], times: direction.cosine)
        }
        f += 2
      } else {
        for v in 0..<vectors {
          features[f * vectors + v] =
            Lanes(repeating: shift[f]).adding(scale[f], times: state[i * vectors + v])
        }
        f += 1
      }
    }
    for i in 0..<structure.actionCount {
      for v in 0..<vectors {
        features[f * vectors + v] =
          Lanes(repeating: shift[f]).adding(scale[f], times: action[i * vectors + v])
      }
      f += 1
    }
  }

  /// Runs one member on `features`.
  ///
  /// - Returns: the head [means, then log-variances × vectors], valid until the next call.
  @inline(__always)
  func forward(
    member: Int, vectors: Int, _ block: UnsafePointer<Float>,
    slopes: UnsafeMutablePointer<Lanes>? = nil
  ) -> UnsafePointer<Lanes> {
    let base = block + layout.members + member * layout.memberStride
    let shape = layout.shape
    var x = UnsafePointer(features)
    for l in 0..<shape.layerCount {
      let y = l % 2 == 0 ? even : odd
      DenseKernel.layer(
        base + layout.forward[l], inputs: shape.fanIn(l), outputs: shape.fanOut(l),
        vectors: vectors, activation: l < shape.hiddenLayerCount ? shape.activation : nil, x, y,
        derivative: l < shape.hiddenLayerCount ? slopes.map { $0 + l * widest } : nil)
      x = UnsafePointer(y)
    }
    return x
  }

  /// The next state from normalised outputs; `weight` is 1 / members for a sum over members.
  @inline(__always)
  func decode(
    _ state: UnsafePointer<Lanes>, outputs: UnsafePointer<Lanes>, weight: Float, vectors: Int,
    _ block: UnsafePointer<Float>, into next: UnsafeMutablePointer<Lanes>
  ) {
    let mean = block + layout.outputMean
    let scale = block + layout.outputScale
    var j = 0
    for i in 0..<structure.stateCount where !structure.states[i].isIntegrated {
      for v in 0..<vectors {
        let change =
          Lanes(repeating: mean[j]).adding(scale[j] * weight, times: outputs[j * vectors + v])
        next[i * vectors + v] = state[i * vectors + v] + change
      }
      j += 1
    }
    for i in 0..<structure.stateCount where structure.states[i].isIntegrated {
      let velocity = structure.states[i].velocity
      for v in 0..<vectors {
        let twice = state[velocity * vectors + v] + next[velocity * vectors + v]
        next[i * vectors + v] =
          state[i * vectors + v].adding(0.5 * structure.tick, times: twice)
      }
    }
  }

  /// The next states under the mean of all members.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`.
  /// - Precondition: the ensemble is ready; an ensemble without parameters changes nothing.
  @inline(__always)
  public func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let count = layout.shape.outputCount * vectors
    for m in 0..<memberCount {
      let head = forward(member: m, vectors: vectors, block)
      if m == 0 {
        for i in 0..<count { sum[i] = head[i] }
      } else {
        for i in 0..<count { sum[i] = sum[i] + head[i] }
      }
    }
    decode(
      state, outputs: sum, weight: 1 / Float(memberCount), vectors: vectors, block, into: next)
  }

  /// The next states under one member.
  @inline(__always)
  public func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let head = forward(member: member, vectors: vectors, block)
    decode(state, outputs: head, weight: 1, vectors: vectors, block, into: next)
  }

  /// Largest variance across members of a normalised output, lane by lane: what the members
  /// disagree about. One vector.
  public func disagreement(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>
  ) -> Lanes {
    guard let block = parameters, memberCount > 1 else { return Lanes(repeating: 0) }
    encode(state, action, vectors: 1, block)
    let outputs = layout.shape.outputCount
    for m in 0..<memberCount {
      let head = forward(member: m, vectors: 1, block)
      for j in 0..<outputs {
        sum[j] = m == 0 ? head[j] : sum[j] + head[j]
        squares[j] = m == 0 ? head[j] * head[j] : squares[j].addingProduct(head[j], head[j])
      }
    }
    let n = Float(memberCount)
    var largest = Lanes(repeating: 0)
    for j in 0..<outputs {
      let mean = sum[j] / Lanes(repeating: n)
      let variance =
        (squares[j] - mean * sum[j]) / Lanes(repeating: n - 1)
      largest = largest.greater(variance)
    }
    return largest
  }
}
