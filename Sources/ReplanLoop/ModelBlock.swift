public import ReplanCore
public import ReplanRecord

/// A model of any kind packed for the controller's kernels; its memory lives as long as the object.
///
/// Made off the control thread, which only ever sees the address.
public final class ModelBlock: Sendable {
  /// What the controller has to be laid out for.
  public let configuration: ModelConfiguration
  /// How many ticks the model's state reaches back.
  public let memoryTicks: Int
  /// The plant's latency that the model was identified with, ticks; nil if it does not say.
  public let latency: Int?
  /// Floats in the block.
  public let count: Int
  /// What was packed: to be attached to an episode if it has no file.
  let model: FittedModel
  /// Hash of the model file, or empty for a model that was never stored.
  public let hash: String
  /// The disagreement that is usual where the model has data; nil if it does not say.
  public let usualDisagreement: Float?
  // SAFETY: written in `init` only; afterwards read-only, so it may be shared.
  nonisolated(unsafe) public let parameters: UnsafePointer<Float>

  /// - Precondition: the model has the shapes that it declares, as every stored model does.
  public init(_ model: FittedModel, hash: String = "", latency: Int? = nil) {
    configuration = model.configuration
    memoryTicks = model.structure.memoryTicks
    count = model.configuration.parameterCount(model.structure)
    self.model = model
    self.hash = hash
    self.latency = latency
    usualDisagreement = model.ensemble?.training.disagreement?.value
    let bytes = count * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    let block = memory.assumingMemoryBound(to: Float.self)
    model.pack(into: block)
    parameters = UnsafePointer(block)
  }

  public convenience init(_ model: EnsembleModel, hash: String = "") {
    self.init(.ensemble(model), hash: hash)
  }

  public convenience init(_ stored: StoredModel) {
    self.init(stored.model, hash: stored.hash, latency: stored.latency)
  }

  deinit { UnsafeMutableRawPointer(mutating: parameters).deallocate() }

  /// False for a kind without members: nothing can disagree then.
  public var hasMembers: Bool {
    switch configuration {
    case .ensemble, .hybrid: true
    case .linear, .physics: false
    }
  }
}
