public import ReplanNumerics

/// Where a linear model's parameters lie in one block of floats.
///
/// - Shapes: rows of [A B] [S × (S + A)], c [S], noise variance of the next state [S], each padded
///   to a cache line.
public struct LinearLayout: Sendable, BitwiseCopyable {
  public let stateCount: Int
  public let actionCount: Int
  let offset: Int
  let noise: Int
  /// Floats in the block.
  public let count: Int

  public init(stateCount: Int, actionCount: Int) {
    self.stateCount = stateCount
    self.actionCount = actionCount
    offset = ParameterLayout.aligned(stateCount * (stateCount + actionCount))
    noise = offset + ParameterLayout.aligned(stateCount)
    count = noise + ParameterLayout.aligned(stateCount)
  }

  /// Packs `s' = A s + B a + c`.
  ///
  /// - Shapes: byState A [S × S] and byAction B [S × A], row-major; offset c and noiseVariance [S],
  ///   zero if nil.
  public func pack(
    byState: UnsafePointer<Float>, byAction: UnsafePointer<Float>,
    offset constant: UnsafePointer<Float>?, noiseVariance: UnsafePointer<Float>?,
    into block: UnsafeMutablePointer<Float>
  ) {
    let columns = stateCount + actionCount
    for i in 0..<stateCount {
      for j in 0..<stateCount { block[i * columns + j] = byState[i * stateCount + j] }
      for j in 0..<actionCount {
        block[i * columns + stateCount + j] = byAction[i * actionCount + j]
      }
      block[offset + i] = constant?[i] ?? 0
      block[noise + i] = noiseVariance?[i] ?? 0
    }
  }
}

/// s' = A s + B a + c for lanes of candidates, with noise variances.
///
/// It is certain of itself: one member, no disagreement.
public struct LinearModel {
  let layout: LinearLayout
  var parameters: UnsafePointer<Float>?

  public init(structure: PlantStructure) {
    layout = LinearLayout(stateCount: structure.stateCount, actionCount: structure.actionCount)
  }

  /// True once parameters have been adopted.
  public var isReady: Bool { parameters != nil }

  /// Uses another block of parameters, packed by `LinearLayout`, from now on.
  public mutating func adopt(_ block: UnsafePointer<Float>) { parameters = block }

  /// The next states.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`.
  public func predict(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    let columns = layout.stateCount + layout.actionCount
    for i in 0..<layout.stateCount {
      let row = block + i * columns
      for v in 0..<vectors {
        var sum = Lanes(repeating: block[layout.offset + i])
        for j in 0..<layout.stateCount { sum = sum.adding(row[j], times: state[j * vectors + v]) }
        for j in 0..<layout.actionCount {
          sum = sum.adding(row[layout.stateCount + j], times: action[j * vectors + v])
        }
        next[i * vectors + v] = sum
      }
    }
  }

  /// The next states with noise added.
  ///
  /// - Shapes: normals [S × vectors], standard normal numbers.
  public func predict(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    guard let block = parameters else { return }
    predict(state, action, vectors: vectors, into: next)
    addNoise(
      variance: block + layout.noise, normals, stateCount: layout.stateCount, vectors: vectors,
      to: next)
  }

  /// A and B, the same at every point.
  ///
  /// - Shapes: result [S × (S + A)] row-major, one vector.
  public func linearize(into result: UnsafeMutablePointer<Lanes>) {
    guard let block = parameters else { return }
    for i in 0..<(layout.stateCount * (layout.stateCount + layout.actionCount)) {
      result[i] = Lanes(repeating: block[i])
    }
  }
}
