public import ReplanCore

/// A linear model, s' = A s + B a, packed for the controller's kernels; its memory lives as long as
/// the object.
public final class LinearBlock: Sendable {
  let layout: LinearLayout
  // SAFETY: written in `init` only; afterwards read-only, so it may be shared.
  nonisolated(unsafe) let parameters: UnsafePointer<Float>

  /// - Shapes: byState A [S × S] and byAction B [S × A], row-major, for one tick.
  /// - Precondition: they have these shapes.
  public init(structure: PlantStructure, byState: [Float], byAction: [Float]) {
    let layout = LinearLayout(
      stateCount: structure.stateCount, actionCount: structure.actionCount)
    precondition(byState.count == structure.stateCount * structure.stateCount)
    precondition(byAction.count == structure.stateCount * structure.actionCount)
    self.layout = layout
    let bytes = layout.count * MemoryLayout<Float>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    let block = memory.assumingMemoryBound(to: Float.self)
    byState.withUnsafeBufferPointer { byState in
      byAction.withUnsafeBufferPointer { byAction in
        layout.pack(
          byState: byState.baseAddress!, byAction: byAction.baseAddress!, offset: nil,
          noiseVariance: nil, into: block)
      }
    }
    parameters = UnsafePointer(block)
  }

  deinit { UnsafeMutableRawPointer(mutating: parameters).deallocate() }
}
