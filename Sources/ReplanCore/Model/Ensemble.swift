import ReplanNumerics

/// An ensemble of multilayer perceptrons that predicts the next state for lanes of candidates.
///
/// Each member predicts the normalised change of every channel that is not integrated; an
/// integrated channel follows from its velocity by the trapezoidal rule. Buffers of states and
/// actions are [channel × vectors] lanes. The parameters are a block that somebody else owns.
///
/// - Source: Chua et al. 2018, Deep reinforcement learning in a handful of trials using
///   probabilistic dynamics models (PETS), arXiv:1805.12114.
public struct Ensemble {
  /// Largest number of vectors in a block of candidates.
  public static var blockVectors: Int { 2 }

  public let structure: PlantStructure
  public let layout: ParameterLayout
  var parameters: UnsafePointer<Float>?
  // Scratch: features and units [padded width × vectors], one buffer for each parity of layers.
  let features: UnsafeMutablePointer<Lanes>
  let even: UnsafeMutablePointer<Lanes>
  let odd: UnsafeMutablePointer<Lanes>
  /// Sum of the members' outputs [output × vectors].
  let sum: UnsafeMutablePointer<Lanes>
  /// Activations' derivatives [hidden layer × width], one vector.
  let slopes: UnsafeMutablePointer<Lanes>
  /// Sum of the members' Jacobians [output × input], one vector.
  let jacobian: UnsafeMutablePointer<Lanes>
  let squares: UnsafeMutablePointer<Lanes>
  let widest: Int

  public init(structure: PlantStructure, shape: EnsembleShape, arena: inout Arena) {
    precondition(
      shape.inputCount == structure.inputCount && shape.outputCount == structure.outputCount,
      "the ensemble's inputs and outputs follow from the plant's structure")
    self.structure = structure
    layout = ParameterLayout(shape)
    var widest = max(shape.inputCount, shape.headCount)
    for i in 0..<shape.hiddenLayerCount { widest = max(widest, shape.hidden[i]) }
    widest = ParameterLayout.padded(widest, to: 4)
    self.widest = widest
    features = arena.lanes(widest * Ensemble.blockVectors)
    even = arena.lanes(widest * Ensemble.blockVectors)
    odd = arena.lanes(widest * Ensemble.blockVectors)
    sum = arena.lanes(shape.outputCount * Ensemble.blockVectors)
    slopes = arena.lanes(widest * shape.hiddenLayerCount)
    jacobian = arena.lanes(shape.outputCount * ParameterLayout.padded(shape.inputCount, to: 4))
    squares = arena.lanes(shape.outputCount * Ensemble.blockVectors)
  }

  /// True once parameters have been adopted.
  public var isReady: Bool { parameters != nil }

  /// Uses another block of parameters, packed by `ParameterLayout`, from now on.
  ///
  /// - Precondition: the block holds `layout.count` floats and outlives its use.
  public mutating func adopt(_ block: UnsafePointer<Float>) { parameters = block }

  public var memberCount: Int { layout.shape.memberCount }
}
