public import ReplanCore
public import ReplanRecord

/// A model packed for the controller's kernels; its memory lives as long as the object.
///
/// Made off the control thread, which only ever sees the address.
public final class ModelBlock: Sendable {
  public let layout: ParameterLayout
  /// What was packed: to be attached to an episode if it has no file.
  let model: EnsembleModel
  /// Hash of the model file, or empty for a refit that was never stored.
  public let hash: String
  /// The disagreement that is usual where the model has data; nil if it does not say.
  public let usualDisagreement: Float?
  // SAFETY: written in `init` only; afterwards read-only, so it may be shared.
  nonisolated(unsafe) public let parameters: UnsafePointer<Float>

  public init(_ model: EnsembleModel, hash: String = "") {
    let layout = ParameterLayout(model.shape)
    self.layout = layout
    self.model = model
    self.hash = hash
    usualDisagreement = model.training.disagreement?.value
    let bytes = layout.count * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    let block = memory.assumingMemoryBound(to: Float.self)
    layout.packNormalisers(
      inputMean: model.inputMean, inputScale: model.inputScale, outputMean: model.outputMean,
      outputScale: model.outputScale,
      noiseVariance: model.shape.noise == .constant ? model.noiseVariance : nil, into: block)
    for (index, layer) in model.layers.enumerated() {
      let inputs = model.shape.fanIn(index)
      let outputs = model.shape.fanOut(index)
      layer.weight.withUnsafeBufferPointer { weight in
        layer.bias.withUnsafeBufferPointer { bias in
          for member in 0..<model.shape.memberCount {
            layout.pack(
              member: member, layer: index,
              weight: weight.baseAddress! + member * inputs * outputs,
              bias: bias.baseAddress! + member * outputs, into: block)
          }
        }
      }
    }
    parameters = UnsafePointer(block)
  }

  deinit { UnsafeMutableRawPointer(mutating: parameters).deallocate() }
}
