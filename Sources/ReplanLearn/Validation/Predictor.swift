public import ReplanCore
public import ReplanNumerics

/// A model as the validation sees it: next states for lanes of windows.
///
/// Every kind of model is judged through this seam alone, so that their figures compare. Buffers are
/// [channel × vectors] lanes; `vectors` is at most `Ensemble.blockVectors`. A predictor has scratch
/// of its own, so that each thread needs one.
public protocol Predictor {
  var stateCount: Int { get }
  var actionCount: Int { get }
  /// Members that a particle can follow; 1 for a model that is certain of itself.
  var memberCount: Int { get }
  /// Normal numbers that a prediction with noise takes, for each lane.
  var noiseCount: Int { get }

  /// The next states under the mean of all members.
  ///
  /// - Shapes: state and next [S × vectors], action [A × vectors]; `next` is not `state`.
  func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>)

  /// The next states under one member, with the noise that the model states there.
  ///
  /// - Shapes: normals [noiseCount × vectors], standard normal numbers.
  func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>)
}

/// The core's own arithmetic, for each kind of model that the core runs.
public final class CorePredictor: Predictor {
  public let stateCount: Int
  public let actionCount: Int
  public let memberCount: Int
  public let noiseCount: Int
  private let memory: UnsafeMutableRawPointer
  private let model: Model
  /// Keeps the parameters.
  private let owner: AnyObject

  /// - Precondition: `parameters` are packed as `configuration` says, and live as long as `owner`.
  public init(
    structure: PlantStructure, configuration: ModelConfiguration,
    parameters: UnsafePointer<Float>, owner: AnyObject
  ) {
    var measuring = Arena.measuring()
    _ = Model(configuration, structure: structure, arena: &measuring)
    let bytes = max(measuring.used, 1)
    // SAFETY: one zeroed block, laid out by the initialiser that measured it, freed by deinit.
    memory = .allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    var arena = Arena(base: memory, capacity: bytes)
    var model = Model(configuration, structure: structure, arena: &arena)
    model.prepare(configuration, structure: structure)
    model.load(parameters)
    self.model = model
    self.owner = owner
    stateCount = structure.stateCount
    actionCount = structure.actionCount
    (memberCount, noiseCount) = model.size
  }

  deinit { memory.deallocate() }

  public func predictMean(
    _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    into next: UnsafeMutablePointer<Lanes>
  ) {
    model.nextMean(state, action, vectors: vectors, into: next)
  }

  public func predict(
    member: Int, _ state: UnsafePointer<Lanes>, _ action: UnsafePointer<Lanes>, vectors: Int,
    normals: UnsafePointer<Lanes>, into next: UnsafeMutablePointer<Lanes>
  ) {
    model.next(
      member: member, state, action, vectors: vectors, normals: normals, into: next)
  }
}
