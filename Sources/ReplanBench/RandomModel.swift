import ReplanCore
import ReplanNumerics

/// A block of zeroed memory, aligned for an arena; every page has been touched.
final class ZeroedMemory {
  let base: UnsafeMutableRawPointer
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
    base = .allocate(byteCount: max(bytes, 1), alignment: Arena.alignment)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
  }

  deinit { base.deallocate() }
}

/// Where the values of each channel lie: the middle and half of the width.
struct StateScale {
  var middle: [Float]
  var half: [Float]
  /// Half of each action's range.
  var action: [Float]

  /// Unknown ranges: angles go around, everything else is of the order of one.
  init(_ structure: PlantStructure) {
    middle = Array(repeating: 0, count: structure.stateCount)
    half = (0..<structure.stateCount).map { structure.states[$0].isAngle ? .pi : 1 }
    action = Array(repeating: 1, count: structure.actionCount)
  }

  /// The middle half of what the guard lets pass, so that no tick ends in the fallback.
  init(_ configuration: ControllerConfiguration) {
    self.init(configuration.structure)
    let guarding = configuration.guarding
    for i in middle.indices {
      let low = max(guarding.observationLow[i], guarding.envelopeLow[i])
      let high = min(guarding.observationHigh[i], guarding.envelopeHigh[i])
      switch (low.isFinite, high.isFinite) {
      case (true, true):
        middle[i] = (low + high) / 2
        half[i] = min((high - low) / 4, half[i] * 4)
      case (true, false): middle[i] = low + 2 * half[i]
      case (false, true): middle[i] = high - 2 * half[i]
      case (false, false): break
      }
    }
    for i in action.indices {
      action[i] = (configuration.limits.high[i] - configuration.limits.low[i]) / 2
    }
  }
}

/// Weights as of a network before its training, scaled to the plant: what a tick costs hardly
/// depends on what the network has learned.
final class RandomModel {
  private let memory: ZeroedMemory
  var parameters: UnsafePointer<Float> { UnsafePointer(block) }
  private var block: UnsafeMutablePointer<Float> {
    memory.base.assumingMemoryBound(to: Float.self)
  }

  init(_ structure: PlantStructure, _ shape: EnsembleShape, scale: StateScale, seed: UInt32) {
    let layout = ParameterLayout(shape)
    memory = ZeroedMemory(bytes: layout.count * MemoryLayout<Float>.stride)
    pack(layout, structure, scale)
    var random = Philox(seed: SIMD2(seed, 0), episode: 0, tick: 0, iteration: 0, candidate: 0)
    for member in 0..<shape.memberCount {
      for layer in 0..<shape.layerCount {
        let (inputs, outputs) = (shape.fanIn(layer), shape.fanOut(layer))
        let deviation = 1 / Float(inputs).squareRoot()
        let weight = (0..<inputs * outputs).map { _ in deviation * random.nextNormals().x }
        let bias = (0..<outputs).map { _ in 0.1 * random.nextNormals().x }
        layout.pack(member: member, layer: layer, weight: weight, bias: bias, into: block)
      }
    }
  }

  private func pack(_ layout: ParameterLayout, _ structure: PlantStructure, _ scale: StateScale) {
    var inputMean: [Float] = []
    var inputScale: [Float] = []
    var outputScale: [Float] = []
    for i in 0..<structure.stateCount {
      let channel = structure.states[i]
      if !channel.isInvariant {
        // An angle enters as its sine and cosine.
        inputMean += channel.isAngle ? [0, 0] : [scale.middle[i]]
        inputScale += channel.isAngle ? [1, 1] : [scale.half[i]]
      }
      // A tick changes little.
      if channel.isPredicted { outputScale.append(0.02 * scale.half[i]) }
    }
    if layout.shape.predictsCost { outputScale.append(1) }
    inputMean += scale.action.map { _ in 0 }
    inputScale += scale.action
    let noise = [Float](repeating: 1e-3, count: layout.shape.memberCount * outputScale.count)
    layout.packNormalisers(
      inputMean: inputMean, inputScale: inputScale,
      outputMean: outputScale.map { _ in 0 }, outputScale: outputScale,
      noiseVariance: layout.shape.noise == .constant ? noise : nil, into: block)
  }
}
