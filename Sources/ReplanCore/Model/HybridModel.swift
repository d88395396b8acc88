public import ReplanNumerics

/// Where a hybrid model's parameters lie: the physics' block, then the ensemble's.
public struct HybridLayout: Sendable, BitwiseCopyable {
  public let physics: PhysicsLayout
  public let ensemble: ParameterLayout

  public init(_ equation: PhysicsEquation, _ shape: EnsembleShape) {
    physics = PhysicsLayout(equation)
    ensemble = ParameterLayout(shape)
  }

  /// Where the ensemble's block begins; the physics' block begins at 0.
  public var ensembleOffset: Int { physics.count }

  /// Floats in the block.
  public var count: Int { physics.count + ensemble.count }
}

/// Equations of motion plus an ensemble that has learned what they leave over.
///
/// The ensemble's outputs are the residual change of state in a tick; they are added to the
/// physics' prediction. The residual of an integrated channel is half a tick times that of its
/// velocity. Members, disagreement, noise and predicted cost are the ensemble's.
public struct HybridModel {
  var physics: PhysicsModel
  var ensemble: Ensemble
  private let ensembleOffset: Int
  private let entries: Int
  /// The ensemble's Jacobian [S × (S + A)], one vector.
  private let residual: UnsafeMutablePointer<Lanes>

  public init(
    structure: PlantStructure, configuration: PhysicsConfiguration, shape: EnsembleShape,
    arena: inout Arena
  ) {
    physics = PhysicsModel(structure: structure, configuration: configuration, arena: &arena)
    ensemble = Ensemble(structure: structure, shape: shape, arena: &arena)
    ensembleOffset = HybridLayout(configuration.equation, shape).ensembleOffset
    entries = structure.stateCount * (structure.stateCount + structure.actionCount)
    residual = arena.lanes(entries)
  }

  /// Fills tables; not on the tick.
  public func prepare(structure: PlantStructure, shape: EnsembleShape) {
    ensemble.prepare(structure: structure, shape: shape)
  }

  public var memberCount: Int { ensemble.memberCount }

  /// True once parameters have been adopted.
  public var isReady: Bool { physics.isReady }

  /// Uses another block of parameters, packed by `HybridLayout`, from now on.
  public mutating func adopt(_ block: UnsafePointer<Float>) {
    physics.adopt(block)
    ensemble.adopt(block + ensembleOffset)
  }

  /// The next states under the mean of all members.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`. The
  ///   predicted cost [vectors] where one is wanted.
  public func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    physics.predict(state, action, vectors: vectors, into: next)
    ensemble.addMeanChange(state, action, vectors: vectors, to: next, cost: cost)
  }

  /// The next states under one member, and its cost where one is wanted.
  public func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    physics.predict(state, action, vectors: vectors, into: next)
    ensemble.addChange(
      member: member, state, action, vectors: vectors, to: next, cost: cost)
  }

  /// The next states under one member, or under the mean of all (nil), plus the ensemble's noise.
  ///
  /// - Shapes: normals [means × vectors], standard normal numbers.
  public func predict(
    member: Int?, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>,
    cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    physics.predict(state, action, vectors: vectors, into: next)
    ensemble.addChange(
      member: member, state, action, vectors: vectors, normals: normals, to: next, cost: cost)
  }

  /// The Jacobian of one member's prediction, or of the mean (nil), at sixteen points side by side:
  /// the sum of the physics' and the ensemble's.
  ///
  /// - Shapes: state [S], action [A], result [S × (S + A)] row-major, ∂s'/∂s then ∂s'/∂a; one
  ///   vector of points each. The cost's row, where one is wanted, as `CostRow` says.
  public func linearize(
    member: Int? = nil, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>,
    into result: UnsafeMutablePointer<Lanes>, cost: UnsafeMutablePointer<Lanes>? = nil
  ) {
    physics.linearize(state, action, into: result)
    ensemble.linearizeChange(member: member, state, action, into: residual, cost: cost)
    for i in 0..<entries { result[i] = result[i] + residual[i] }
  }

  /// Largest variance across members of a normalised output.
  public func disagreement(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>
  ) -> Lanes {
    ensemble.disagreement(state, action)
  }
}
