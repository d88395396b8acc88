public import ReplanNumerics

extension Ensemble {
  /// The Jacobian of one member's prediction, or of the mean (nil), at sixteen points side by side.
  ///
  /// Reverse mode: one pass back through each member for each output, which is fewer than inputs.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major, ∂s'/∂s then ∂s'/∂a; one
  ///   vector of points each.
  public func linearize(
    member: Int? = nil, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    linearizeOutputs(member: member, state, action, block)
    chain(state, block, members: member == nil ? memberCount : 1, into: result)
    let columns = stateCount + actionCount
    for j in 0..<tables.outputCount {
      let at = tables.predicted[j] * (columns + 1)
      result[at] = result[at] + Lanes(repeating: 1)
    }
    integrate(result)
    for k in 0..<tables.integralCount {
      let i = tables.integrals[k].channel
      let at = i * columns + tables.integrals[k].velocity
      result[i * columns + i] = result[i * columns + i] + Lanes(repeating: 1)
      result[at] = result[at] + Lanes(repeating: halfTick)
    }
  }

  /// The Jacobian of the predicted change of state, of one member or of the mean (nil); shapes as
  /// for `linearize`.
  func linearizeChange(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    linearizeOutputs(member: member, state, action, block)
    chain(state, block, members: member == nil ? memberCount : 1, into: result)
    integrate(result)
  }

  /// Half a tick times the velocity's row, for each integrated channel.
  @inline(always)
  private func integrate(_ result: UnsafeMutablePointer<Lanes>) {
    let columns = stateCount + actionCount
    let half = Lanes(repeating: halfTick)
    for k in 0..<tables.integralCount {
      let row = result + tables.integrals[k].channel * columns
      let velocity = result + tables.integrals[k].velocity * columns
      for c in 0..<columns { row[c] = half * velocity[c] }
    }
  }

  /// The Jacobian of normalised outputs by inputs, of one member or the sum of all (nil), into
  /// `jacobian`.
  @inline(never)
  private func linearizeOutputs(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    _ block: UnsafePointer<Float>
  ) {
    for i in 0..<(tables.outputCount * inputCount) { jacobian[i] = Lanes(repeating: 0) }
    encode(state, action, vectors: 1, block)
    let first = member ?? 0
    let last = member ?? memberCount - 1
    for m in first...last {
      let base = block + members + m * memberStride
      forwardWithSlopes(base)
      for j in 0..<tables.outputCount {
        let row = backpropagate(base, output: j)
        for i in 0..<inputCount {
          jacobian[j * inputCount + i] = jacobian[j * inputCount + i] + row[i]
        }
      }
    }
  }

  /// The hidden layers of one member, their slopes kept; the head is not needed.
  @inline(always)
  private func forwardWithSlopes(_ base: UnsafePointer<Float>) {
    var x = UnsafePointer(features)
    for l in 0..<(tables.layerCount - 1) {
      let layer = tables.layers[l]
      let y = l % 2 == 0 ? even : odd
      DenseKernel.layer(
        Linear.self, base + layer.forward, inputs: layer.inputs, outputs: layer.outputs,
        vectors: 1, x, y)
      activation.differentiate(y, slopes + l * widest, count: layer.outputs)
      x = UnsafePointer(y)
    }
  }

  /// ∂y[output] / ∂(normalised input) of one member, from the slopes of its last forward pass.
  @inline(always)
  private func backpropagate(
    _ base: UnsafePointer<Float>, output: Int
  ) -> UnsafePointer<Lanes> {
    let last = tables.layerCount - 1
    let head = tables.layers[last]
    let rows = Tile.outputs
    let panel =
      base + head.forward + (output / rows) * rows * (head.inputs + 1) + rows + output % rows
    var adjoint = even
    for k in 0..<head.inputs {
      adjoint[k] = Lanes(repeating: panel[rows * k]) * slopes[(last - 1) * widest + k]
    }
    var l = last - 1
    while l >= 0 {
      let layer = tables.layers[l]
      let next = adjoint == even ? odd : even
      DenseKernel.transposed(
        base + layer.backward, inputs: layer.inputs, outputs: layer.outputs, adjoint, next)
      if l > 0 {
        for k in 0..<layer.inputs { next[k] = next[k] * slopes[(l - 1) * widest + k] }
      }
      adjoint = next
      l -= 1
    }
    return UnsafePointer(adjoint)
  }

  /// From normalised inputs and outputs to states and actions, by the chain rule; the rows of
  /// integrated channels are left at 0.
  @inline(always)
  private func chain(
    _ state: UnsafePointer<Lanes>, _ block: UnsafePointer<Float>, members: Int,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    let columns = stateCount + actionCount
    let scale = block + inputScale
    for i in 0..<(stateCount * columns) { result[i] = Lanes(repeating: 0) }
    for j in 0..<tables.outputCount {
      let i = tables.predicted[j]
      let row = result + i * columns
      let gains = jacobian + j * inputCount
      let factor = block[outputScale + j] / Float(members)
      var f = 0
      for k in 0..<tables.featureCount {
        let feature = tables.features[k]
        switch feature.kind {
        case .angle:
          let direction = sineCosine(state[feature.channel])
          let bySine = gains[f] * Lanes(repeating: scale[f]) * direction.cosine
          let byCosine = gains[f + 1] * Lanes(repeating: scale[f + 1]) * direction.sine
          row[feature.channel] = (bySine - byCosine) * Lanes(repeating: factor)
          f += 2
        case .linear:
          row[feature.channel] = gains[f] * Lanes(repeating: scale[f] * factor)
          f += 1
        case .action:
          row[stateCount + feature.channel] = gains[f] * Lanes(repeating: scale[f] * factor)
          f += 1
        }
      }
    }
  }
}
