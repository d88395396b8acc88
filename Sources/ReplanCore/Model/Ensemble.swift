import ReplanNumerics

/// An ensemble of multilayer perceptrons that predicts the next state for lanes of candidates.
///
/// Each member predicts the normalised change of every channel that is not integrated; an
/// integrated channel follows from its velocity by the trapezoidal rule. Where its shape says so a
/// member also predicts the cost that the plant measures; a caller that does not ask for it does
/// not pay for it. Buffers of states and actions are [channel × vectors] lanes. The parameters are
/// a block that somebody else owns.
///
/// - Source: Chua et al. 2018, Deep reinforcement learning in a handful of trials using
///   probabilistic dynamics models (PETS), arXiv:1805.12114.
public struct Ensemble {
  /// Largest number of vectors in a block of candidates.
  public static var blockVectors: Int { Tile.vectors }

  /// Vectors of the next block when `remaining` vectors are left.
  ///
  /// Blocks differ by one vector at most: a small last block would use a slow tile.
  public static func blockVectors(of remaining: Int) -> Int {
    let blocks = (remaining + Tile.vectors - 1) / Tile.vectors
    return (remaining + blocks - 1) / blocks
  }

  public let memberCount: Int
  let tables: EnsembleTables
  let activation: Activation
  let stateCount: Int
  let actionCount: Int
  let inputCount: Int
  /// The head predicts log-variances.
  let predictsNoise: Bool
  /// The head predicts the cost.
  @inline(always) var predictsCost: Bool { tables.meanCount > tables.outputCount }
  /// Half a tick, for the trapezoidal rule.
  let halfTick: Float
  // Offsets in the parameter block.
  let inputScale: Int
  let inputShift: Int
  let outputMean: Int
  let outputScale: Int
  /// Constant variances of the head's means [M × O].
  let noiseVariance: Int
  let members: Int
  let memberStride: Int
  var parameters: UnsafePointer<Float>?
  // Scratch: features and units [padded width × vectors], one buffer for each parity of layers.
  let features: UnsafeMutablePointer<Lanes>
  let even: UnsafeMutablePointer<Lanes>
  let odd: UnsafeMutablePointer<Lanes>
  /// Sum of the members' means and of their squares [mean × vectors].
  let sum: UnsafeMutablePointer<Lanes>
  let squares: UnsafeMutablePointer<Lanes>
  /// Activations' derivatives [hidden layer × width], one vector.
  let slopes: UnsafeMutablePointer<Lanes>
  /// Sum of the members' Jacobians [mean × input], one vector.
  let jacobian: UnsafeMutablePointer<Lanes>
  let widest: Int
  // Scratch of a single state: inputs and units [padded width], sums of means and squares [2 × O].
  let point: UnsafeMutablePointer<Float>
  let pointEven: UnsafeMutablePointer<Float>
  let pointOdd: UnsafeMutablePointer<Float>
  let pointSums: UnsafeMutablePointer<Float>

  public init(structure: PlantStructure, shape: EnsembleShape, arena: inout Arena) {
    precondition(
      shape.inputCount == structure.inputCount && shape.outputCount == structure.outputCount,
      "the ensemble's inputs and outputs follow from the plant's structure")
    let layout = ParameterLayout(shape)
    memberCount = shape.memberCount
    activation = shape.activation
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    inputCount = shape.inputCount
    predictsNoise = shape.noise == .predicted
    halfTick = 0.5 * structure.tick
    inputScale = layout.inputScale
    inputShift = layout.inputShift
    outputMean = layout.outputMean
    outputScale = layout.outputScale
    noiseVariance = layout.noise
    members = layout.members
    memberStride = layout.memberStride
    tables = EnsembleTables(structure, shape, arena: &arena)
    var widest = max(shape.inputCount, shape.headCount)
    for i in 0..<shape.hiddenLayerCount { widest = max(widest, shape.hidden[i]) }
    self.widest = Tile.padded(widest)
    let buffer = Tile.padded(widest) * Ensemble.blockVectors
    features = arena.lanes(buffer)
    even = arena.lanes(buffer)
    odd = arena.lanes(buffer)
    sum = arena.lanes(shape.meanCount * Ensemble.blockVectors)
    squares = arena.lanes(shape.meanCount * Ensemble.blockVectors)
    slopes = arena.lanes(Tile.padded(widest) * shape.hiddenLayerCount)
    jacobian = arena.lanes(shape.meanCount * shape.inputCount)
    point = arena.floats(PointKernel.padded(widest))
    pointEven = arena.floats(PointKernel.padded(widest))
    pointOdd = arena.floats(PointKernel.padded(widest))
    pointSums = arena.floats(2 * shape.meanCount)
  }

  /// Fills tables; not on the tick.
  public func prepare(structure: PlantStructure, shape: EnsembleShape) {
    tables.prepare(structure, ParameterLayout(shape))
  }

  /// True once parameters have been adopted.
  public var isReady: Bool { parameters != nil }

  /// Uses another block of parameters, packed by `ParameterLayout`, from now on.
  ///
  /// - Precondition: the block holds `ParameterLayout.count` floats and outlives its use.
  public mutating func adopt(_ block: UnsafePointer<Float>) { parameters = block }
}
