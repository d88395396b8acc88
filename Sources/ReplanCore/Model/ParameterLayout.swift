/// Where an ensemble's parameters lie in one block of floats, packed for the kernels.
///
/// A dense layer is stored in panels of `Tile.outputs` outputs: for each panel the biases, then for
/// each input the weights. The same weights follow transposed (panels of inputs, no biases) for the
/// Jacobian. Padding is zero. Swapping the block's pointer swaps the model.
///
/// - Shapes: input scale [I] and shift [I] (feature * scale + shift), output mean [O] and scale
///   [O], noise variance [M × O], then the members. O counts the predicted cost, last, where there
///   is one.
public struct ParameterLayout: Sendable, BitwiseCopyable {
  public let shape: EnsembleShape
  let noise: Int
  let members: Int
  let memberStride: Int
  /// Offsets inside a member: packed forward and transposed, by layer.
  let forward: InlineArray<5, Int>
  let backward: InlineArray<5, Int>
  /// Floats in the block.
  public let count: Int

  public init(_ shape: EnsembleShape) {
    self.shape = shape
    let inputs = ParameterLayout.aligned(shape.inputCount)
    let outputs = ParameterLayout.aligned(shape.meanCount)
    noise = 2 * inputs + 2 * outputs
    members = noise + ParameterLayout.aligned(shape.memberCount * shape.meanCount)
    var forward = InlineArray<5, Int>(repeating: 0)
    var backward = InlineArray<5, Int>(repeating: 0)
    var offset = 0
    for layer in 0..<shape.layerCount {
      let fanIn = shape.fanIn(layer)
      let fanOut = shape.fanOut(layer)
      forward[layer] = offset
      offset += ParameterLayout.aligned(Tile.padded(fanOut) * (fanIn + 1))
      backward[layer] = offset
      offset += ParameterLayout.aligned(Tile.padded(fanIn) * fanOut)
    }
    self.forward = forward
    self.backward = backward
    memberStride = offset
    count = members + shape.memberCount * offset
  }

  /// Rounded up to whole cache lines of floats.
  static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  var inputScale: Int { 0 }
  var inputShift: Int { ParameterLayout.aligned(shape.inputCount) }
  var outputMean: Int { 2 * ParameterLayout.aligned(shape.inputCount) }
  var outputScale: Int { outputMean + ParameterLayout.aligned(shape.meanCount) }

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
    for j in 0..<shape.meanCount {
      block[outputMean + j] = mean[j]
      block[outputScale + j] = factor[j]
    }
    guard let noiseVariance else { return }
    for i in 0..<(shape.memberCount * shape.meanCount) { block[noise + i] = noiseVariance[i] }
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
    let rows = Tile.outputs
    let packed = block + members + member * memberStride + forward[layer]
    let transposed = block + members + member * memberStride + backward[layer]
    for o in 0..<fanOut {
      let panel = packed + (o / rows) * rows * (fanIn + 1)
      panel[o % rows] = bias[o]
      for i in 0..<fanIn {
        panel[rows * (i + 1) + o % rows] = weight[o * fanIn + i]
        transposed[(i / rows) * rows * fanOut + rows * o + i % rows] = weight[o * fanIn + i]
      }
    }
  }
}
