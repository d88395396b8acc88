import ReplanNumerics

/// The ensemble as a residual: its predicted changes are added to another model's prediction. The
/// cost, where one is wanted, is the ensemble's alone.
extension Ensemble {
  /// Adds the mean of the members' predicted changes.
  func addMeanChange(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    to next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    sumMembers(vectors: vectors, block, means: means(withCost: cost != nil))
    let weight = 1 / Float(memberCount)
    add(outputs: sum, weight: weight, vectors: vectors, block, to: next)
    decodeCost(outputs: sum, weight: weight, vectors: vectors, block, into: cost)
  }

  /// Adds one member's predicted change.
  func addChange(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    to next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let head = forward(
      member: member, vectors: vectors, block, means: means(withCost: cost != nil))
    add(outputs: head, weight: 1, vectors: vectors, block, to: next)
    decodeCost(outputs: head, weight: 1, vectors: vectors, block, into: cost)
  }

  /// Adds the predicted change of one member, or of the mean of all (nil), plus sampled noise;
  /// shapes as for `predict`.
  func addChange(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, to next: UnsafeMutablePointer<Lanes>,
    cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    guard let block = parameters else { return }
    encode(state, action, vectors: vectors, block)
    let weight = sampleOutputs(
      member: member, normals, vectors: vectors, block, means: means(withCost: cost != nil))
    add(outputs: sum, weight: weight, vectors: vectors, block, to: next)
    decodeCost(outputs: sum, weight: weight, vectors: vectors, block, into: cost)
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
