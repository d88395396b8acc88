/// Where an ensemble's parameters lie in one block of floats, packed for the kernels.
///
/// A dense layer is stored in panels of four outputs: for each panel the four biases, then for
/// each input the four weights. The same weights follow transposed (panels of four inputs, no
/// biases) for the Jacobian. Padding is zero. Swapping the block's pointer swaps the model.
///
/// - Shapes: input scale [I] and shift [I] (feature * scale + shift), output mean [O] and scale
///   [O], noise variance [M × O], then the members.
public struct ParameterLayout: Sendable, BitwiseCopyable {
  public let shape: EnsembleShape
  @usableFromInline let noise: Int
  @usableFromInline let members: Int
  @usableFromInline let memberStride: Int
  /// Offsets inside a member: packed forward and transposed, by layer.
  @usableFromInline let forward: InlineArray<5, Int>
  @usableFromInline let backward: InlineArray<5, Int>
  /// Floats in the block.
  public let count: Int

  public init(_ shape: EnsembleShape) {
    self.shape = shape
    let inputs = ParameterLayout.padded(shape.inputCount, to: 16)
    let outputs = ParameterLayout.padded(shape.outputCount, to: 16)
    noise = 2 * inputs + 2 * outputs
    members = noise + ParameterLayout.padded(shape.memberCount * shape.outputCount, to: 16)
    var forward = InlineArray<5, Int>(repeating: 0)
    var backward = InlineArray<5, Int>(repeating: 0)
    var offset = 0
    for layer in 0..<shape.layerCount {
      let fanIn = shape.fanIn(layer)
      let fanOut = shape.fanOut(layer)
      forward[layer] = offset
      offset += ParameterLayout.padded(fanOut, to: 4) * (fanIn + 1)
      offset = ParameterLayout.padded(offset, to: 16)
      backward[layer] = offset
      offset += ParameterLayout.padded(fanIn, to: 4) * fanOut
      offset = ParameterLayout.padded(offset, to: 16)
    }
    self.forward = forward
    self.backward = backward
    memberStride = offset
    count = members + shape.memberCount * offset
  }

  @inlinable static func padded(_ count: Int, to multiple: Int) -> Int {
    (count + multiple - 1) / multiple * multiple
  }

  @inlinable var inputScale: Int { 0 }
  @inlinable var inputShift: Int { ParameterLayout.padded(shape.inputCount, to: 16) }
  @inlinable var outputMean: Int { 2 * ParameterLayout.padded(shape.inputCount, to: 16) }
  @inlinable var outputScale: Int {
    outputMean + ParameterLayout.padded(shape.outputCount, to: 16)
  }

  /// Writes the normalisers; the inputs are used as `(feature - mean) / scale`.
  public func packNormalisers(
    inputMean: UnsafePointer<Float>, inputScale scale: UnsafePointer<Float>,
    outputMean mean: UnsafePointer<Float>, outputScale factor: UnsafePointer<Float>,
    noiseVariance: UnsafePointer<Float>?, into block: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<shape.inputCount {
      block[inputScale + i] = 1 / scale[i]
      block[inputShift + i] = -inputMean[i] / scale[i]
    }
    for j in 0..<shape.outputCount {
      block[outputMean + j] = mean[j]
      block[outputScale + j] = factor[j]
    }
    guard let noiseVariance else { return }
    for i in 0..<(shape.memberCount * shape.outputCount) { block[noise + i] = noiseVariance[i] }
  }

  /// Packs one layer of one member.
  ///
  /// - Shapes: weight [output × input] row-major, bias [output].
  public func pack(
    member: Int, layer: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    into block: UnsafeMutablePointer<Float>
  ) {
    let fanIn = shape.fanIn(layer)
    let fanOut = shape.fanOut(layer)
    let packed = block + members + member * memberStride + forward[layer]
    let transposed = block + members + member * memberStride + backward[layer]
    for o in 0..<fanOut {
      let panel = packed + (o / 4) * 4 * (fanIn + 1)
      panel[o % 4] = bias[o]
      for i in 0..<fanIn {
        panel[4 * (i + 1) + o % 4] = weight[o * fanIn + i]
        transposed[(i / 4) * 4 * fanOut + 4 * o + i % 4] = weight[o * fanIn + i]
      }
    }
  }
}
