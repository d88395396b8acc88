public import ReplanNumerics

extension Ensemble {
  /// The Jacobian of the mean prediction at sixteen points side by side.
  ///
  /// Reverse mode: one pass back through each member for each output, which is fewer than inputs.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major, ∂s'/∂s then ∂s'/∂a; one
  ///   vector of points each.
  public func linearize(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    let shape = layout.shape
    let stride = ParameterLayout.padded(shape.inputCount, to: 4)
    for i in 0..<(shape.outputCount * stride) { jacobian[i] = Lanes(repeating: 0) }
    encode(state, action, vectors: 1, block)
    for m in 0..<memberCount {
      _ = forward(member: m, vectors: 1, block, slopes: slopes)
      for j in 0..<shape.outputCount {
        let row = backpropagate(member: m, output: j, block)
        for i in 0..<shape.inputCount {
          jacobian[j * stride + i] = jacobian[j * stride + i] + row[i]
        }
      }
    }
    chain(state, block, stride: stride, into: result)
  }

  /// ∂y[output] / ∂(normalised input) of one member, from the slopes of its last forward pass.
  @inline(__always)
  private func backpropagate(
    member: Int, output: Int, _ block: UnsafePointer<Float>
  ) -> UnsafePointer<Lanes> {
    let shape = layout.shape
    let base = block + layout.members + member * layout.memberStride
    let last = shape.hiddenLayerCount
    let head = base + layout.forward[last]
    let fanIn = shape.fanIn(last)
    let panel = head + (output / 4) * 4 * (fanIn + 1) + 4 + output % 4
    var adjoint = even
    for k in 0..<fanIn {
      adjoint[k] = Lanes(repeating: panel[4 * k]) * slopes[(last - 1) * widest + k]
    }
    var l = last - 1
    while l >= 0 {
      let next = adjoint == even ? odd : even
      DenseKernel.transposed(
        base + layout.backward[l], inputs: shape.fanIn(l), outputs: shape.fanOut(l), adjoint, next)
      if l > 0 {
        for k in 0..<shape.fanIn(l) { next[k] = next[k] * slopes[(l - 1) * widest + k] }
      }
      adjoint = next
      l -= 1
    }
    return UnsafePointer(adjoint)
  }

  /// From normalised inputs and outputs to states and actions, by the chain rule.
  @inline(__always)
  private func chain(
    _ state: UnsafePointer<Lanes>, _ block: UnsafePointer<Float>, stride: Int,
    into result: UnsafeMutablePointer<Lanes>
  ) {
    let s = structure.stateCount
    let columns = s + structure.actionCount
    let scale = block + layout.inputScale
    let outputScale = block + layout.outputScale
    for i in 0..<(s * columns) { result[i] = Lanes(repeating: 0) }
    var j = 0
    for i in 0..<s where !structure.states[i].isIntegrated {
      let row = result + i * columns
      let gains = jacobian + j * stride
      let factor = outputScale[j] / Float(memberCount)
      var f = 0
      for c in 0..<s where !structure.states[c].isInvariant {
        if structure.states[c].isAngle {
          let direction = sineCosine(state[c])
          let bySine = gains[f] * Lanes(repeating: scale[f]) * direction.cosine
          let byCosine = gains[f + 1] * Lanes(repeating: scale[f + 1]) * direction.sine
          row[c] = (bySine - byCosine) * Lanes(repeating: factor)
          f += 2
        } else {
          row[c] = gains[f] * Lanes(repeating: scale[f] * factor)
          f += 1
        }
      }
      for c in s..<columns {
        row[c] = gains[f] * Lanes(repeating: scale[f] * factor)
        f += 1
      }
      row[i] = row[i] + Lanes(repeating: 1)
      j += 1
    }
    let half = Lanes(repeating: 0.5 * structure.tick)
    for i in 0..<s where structure.states[i].isIntegrated {
      let velocity = structure.states[i].velocity
      for c in 0..<columns { result[i * columns + c] = half * result[velocity * columns + c] }
      result[i * columns + i] = result[i * columns + i] + Lanes(repeating: 1)
      result[i * columns + velocity] = result[i * columns + velocity] + half
    }
  }
}
