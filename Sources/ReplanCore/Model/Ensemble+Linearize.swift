public import ReplanNumerics

extension Ensemble {
  /// The Jacobian of one member's prediction, or of the mean (nil), at sixteen points side by side.
  ///
  /// Reverse mode: one pass back through each member for each output, which is fewer than inputs.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major, ∂s'/∂s then ∂s'/∂a; one
  ///   vector of points each. The cost's row, where one is wanted, as `CostRow` says.
  /// - Precondition: a cost is wanted of an ensemble that predicts it.
  public func linearize(
    member: Int? = nil, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    differentiate(member: member, state, action, block, into: result, cost: cost)
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
    // States and actions stand side by side in a row, as they are counted by a memory.
    for k in 0..<tables.memoryCount {
      let memory = tables.memories[k]
      result[memory.channel * columns + memory.source] = Lanes(repeating: 1)
    }
  }

  /// The Jacobian of the predicted change of state, of one member or of the mean (nil); shapes as
  /// for `linearize`.
  func linearizeChange(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    differentiate(member: member, state, action, block, into: result, cost: cost)
    integrate(result)
  }

  /// The rows of the predicted changes, and the cost's where one is wanted.
  @inline(always)
  private func differentiate(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    _ block: UnsafePointer<Float>, into result: UnsafeMutablePointer<Lanes>,
    cost: UnsafeMutablePointer<Lanes>?
  ) {
    let members = member == nil ? memberCount : 1
    let withCost = cost != nil && predictsCost
    let output = linearizeOutputs(member: member, state, action, block, withCost: withCost)
    let columns = stateCount + actionCount
    for j in 0..<tables.outputCount {
      chain(j, state, block, members: members, into: result + tables.predicted[j] * columns)
    }
    guard let cost, withCost else { return }
    let j = tables.outputCount
    chain(j, state, block, members: members, into: cost)
    let scale = block[outputScale + j]
    cost[columns] = Lanes(repeating: block[outputMean + j]).adding(
      scale / Float(members), times: output)
    cost[columns + 1] = CostRow.curvature(cost[columns], scale: scale)
  }

  /// Half a tick times the velocity's row, for each integrated channel; memories do not change.
  @inline(always)
  private func integrate(_ result: UnsafeMutablePointer<Lanes>) {
    let columns = stateCount + actionCount
    let half = Lanes(repeating: halfTick)
    for k in 0..<tables.integralCount {
      let row = result + tables.integrals[k].channel * columns
      let velocity = result + tables.integrals[k].velocity * columns
      for c in 0..<columns { row[c] = half * velocity[c] }
    }
    for k in 0..<tables.memoryCount {
      let row = result + tables.memories[k].channel * columns
      for c in 0..<columns { row[c] = Lanes(repeating: 0) }
    }
  }

  /// The Jacobian of normalised outputs by inputs, of one member or the sum of all (nil), into
  /// `jacobian`, the cost's last where it is wanted.
  ///
  /// - Returns: the normalised cost itself, or 0.
  @inline(never)
  private func linearizeOutputs(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    _ block: UnsafePointer<Float>, withCost: Bool
  ) -> Lanes {
    let means = means(withCost: withCost)
    for i in 0..<(means * inputCount) { jacobian[i] = Lanes(repeating: 0) }
    var cost = Lanes(repeating: 0)
    encode(state, action, vectors: 1, block)
    let first = member ?? 0
    let last = member ?? memberCount - 1
    for m in first...last {
      let base = block + members + m * memberStride
      let units = forwardWithSlopes(base)
      if withCost { cost = cost + headUnit(base, tables.outputCount, units) }
      for j in 0..<means {
        let row = backpropagate(base, output: j)
        for i in 0..<inputCount {
          jacobian[j * inputCount + i] = jacobian[j * inputCount + i] + row[i]
        }
      }
    }
    return cost
  }

  /// The hidden layers of one member, their slopes kept.
  ///
  /// - Returns: the last hidden units, valid until the pass back.
  @inline(always)
  private func forwardWithSlopes(_ base: UnsafePointer<Float>) -> UnsafePointer<Lanes> {
    var x = UnsafePointer(features)
    for l in 0..<(tables.layerCount - 1) {
      let layer = tables.layers[l]
      let y = l % 2 == 0 ? even : odd
      DenseKernel.layer(
        base + layer.forward, inputs: layer.inputs, outputs: layer.outputs,
        vectors: 1, x, y)
      activation.differentiate(y, slopes + l * widest, count: layer.outputs)
      x = UnsafePointer(y)
    }
    return x
  }

  /// The weights of one unit of the head, `Tile.outputs` apart; its bias lies one step before.
  @inline(always)
  private func headWeights(_ base: UnsafePointer<Float>, _ unit: Int) -> UnsafePointer<Float> {
    let head = tables.layers[tables.layerCount - 1]
    let rows = Tile.outputs
    return base + head.forward + (unit / rows) * rows * (head.inputs + 1) + rows + unit % rows
  }

  /// One unit of the head from the last hidden units.
  @inline(always)
  private func headUnit(
    _ base: UnsafePointer<Float>, _ unit: Int, _ units: UnsafePointer<Lanes>
  ) -> Lanes {
    let weights = headWeights(base, unit)
    var sum = Lanes(repeating: weights[-Tile.outputs])
    for k in 0..<tables.layers[tables.layerCount - 1].inputs {
      sum = sum.adding(weights[Tile.outputs * k], times: units[k])
    }
    return sum
  }

  /// ∂y[output] / ∂(normalised input) of one member, from the slopes of its last forward pass.
  @inline(always)
  private func backpropagate(
    _ base: UnsafePointer<Float>, output: Int
  ) -> UnsafePointer<Lanes> {
    let last = tables.layerCount - 1
    let head = tables.layers[last]
    let rows = Tile.outputs
    let weights = headWeights(base, output)
    var adjoint = even
    for k in 0..<head.inputs {
      adjoint[k] = Lanes(repeating: weights[rows * k]) * slopes[(last - 1) * widest + k]
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

  /// The row of one mean, from normalised inputs and outputs to states and actions by the chain
  /// rule.
  @inline(always)
  private func chain(
    _ j: Int, _ state: UnsafePointer<Lanes>, _ block: UnsafePointer<Float>, members: Int,
    into row: UnsafeMutablePointer<Lanes>
  ) {
    let scale = block + inputScale
    for i in 0..<(stateCount + actionCount) { row[i] = Lanes(repeating: 0) }
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
      case .difference, .turn:
        // What it repeats stands before it and has its own share already.
        let gain = gains[f] * Lanes(repeating: scale[f] * factor)
        row[feature.channel] = row[feature.channel] + gain
        row[feature.newer] = row[feature.newer] - gain
        f += 1
      case .action:
        row[stateCount + feature.channel] = gains[f] * Lanes(repeating: scale[f] * factor)
        f += 1
      }
    }
  }
}
