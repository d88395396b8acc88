import ReplanNumerics

/// One state instead of lanes of candidates: for looking ahead and for judging one action.
///
/// The outputs of a layer lie side by side in the registers, so that one state costs a sixteenth of
/// a vector of candidates. Sums are taken in the order of the inputs and with the same functions,
/// so the bits are those of the other kernels.
extension Ensemble {
  /// The next state under the mean of all members.
  ///
  /// - Shapes: state and next [S], action [A]; `next` is not `state`.
  func predictMean(
    point state: UnsafePointer<Float>, _ action: UnsafePointer<Float>,
    into next: UnsafeMutablePointer<Float>
  ) {
    guard let block = parameters else { return }
    encode(point: state, action, block)
    for m in 0..<memberCount {
      let head = forward(pointBy: m, block, means: tables.outputCount)
      for j in 0..<tables.outputCount {
        pointSums[j] = m == 0 ? head[j] : pointSums[j] + head[j]
      }
    }
    decode(point: state, action, weight: 1 / Float(memberCount), block, into: next)
  }

  /// Largest variance across members of a normalised output, the cost's included.
  ///
  /// - Shapes: state [S], action [A].
  public func disagreement(point state: UnsafePointer<Float>, _ action: UnsafePointer<Float>)
    -> Float
  {
    guard let block = parameters, memberCount > 1 else { return 0 }
    encode(point: state, action, block)
    let squares = pointSums + tables.meanCount
    for m in 0..<memberCount {
      let head = forward(pointBy: m, block, means: tables.meanCount)
      for j in 0..<tables.meanCount {
        pointSums[j] = m == 0 ? head[j] : pointSums[j] + head[j]
        squares[j] = m == 0 ? head[j] * head[j] : squares[j].addingProduct(head[j], head[j])
      }
    }
    let n = Float(memberCount)
    var largest: Float = 0
    for j in 0..<tables.meanCount {
      let mean = pointSums[j] / n
      let variance = (squares[j] - mean * pointSums[j]) / (n - 1)
      // Not a number is no agreement: it stays.
      if !(variance <= largest) { largest = variance }
    }
    return largest
  }

  /// Normalised network inputs, into `point`.
  @inline(always)
  private func encode(
    point state: UnsafePointer<Float>, _ action: UnsafePointer<Float>,
    _ block: UnsafePointer<Float>
  ) {
    let scale = block + inputScale
    let shift = block + inputShift
    var f = 0
    for k in 0..<tables.featureCount {
      let feature = tables.features[k]
      let source = (feature.kind == .action ? action : state)[feature.channel]
      if feature.kind == .angle {
        let direction = sineCosine(Lanes(repeating: source))
        point[f] = shift[f].addingProduct(scale[f], direction.sine[0])
        point[f + 1] = shift[f + 1].addingProduct(scale[f + 1], direction.cosine[0])
        f += 2
      } else if feature.kind == .difference || feature.kind == .turn {
        var distance = source - state[feature.newer]
        if feature.kind == .turn { distance = wrappedAngle(distance) }
        point[f] = shift[f].addingProduct(scale[f], distance)
        f += 1
      } else {
        point[f] = shift[f].addingProduct(scale[f], source)
        f += 1
      }
    }
  }

  /// Runs one member on `point`; of the head its first `means` units.
  ///
  /// - Returns: its first `means` units, valid until the next call.
  @inline(never)
  private func forward(
    pointBy member: Int, _ block: UnsafePointer<Float>, means: Int
  ) -> UnsafePointer<Float> {
    let base = block + members + member * memberStride
    let last = tables.layerCount - 1
    var x = UnsafePointer(point)
    for l in 0..<last {
      let layer = tables.layers[l]
      let y = l % 2 == 0 ? pointEven : pointOdd
      PointKernel.layer(base + layer.forward, inputs: layer.inputs, outputs: layer.outputs, x, y)
      PointKernel.apply(activation, to: y, count: layer.outputs)
      x = UnsafePointer(y)
    }
    let layer = tables.layers[last]
    let y = last % 2 == 0 ? pointEven : pointOdd
    PointKernel.layer(base + layer.forward, inputs: layer.inputs, outputs: means, x, y)
    return UnsafePointer(y)
  }

  /// The next state from `pointSums`.
  @inline(always)
  private func decode(
    point state: UnsafePointer<Float>, _ action: UnsafePointer<Float>, weight: Float,
    _ block: UnsafePointer<Float>, into next: UnsafeMutablePointer<Float>
  ) {
    let mean = block + outputMean
    let scale = block + outputScale
    for j in 0..<tables.outputCount {
      let i = tables.predicted[j]
      next[i] = state[i] + mean[j].addingProduct(scale[j] * weight, pointSums[j])
    }
    for k in 0..<tables.integralCount {
      let integral = tables.integrals[k]
      let velocities = state[integral.velocity] + next[integral.velocity]
      next[integral.channel] = state[integral.channel].addingProduct(halfTick, velocities)
    }
    for k in 0..<tables.memoryCount {
      let memory = tables.memories[k]
      next[memory.channel] =
        memory.source < stateCount ? state[memory.source] : action[memory.source - stateCount]
    }
  }
}
