import ReplanNumerics

/// The inner loops of the networks: panels of outputs times vectors of candidates.
///
/// A buffer of units is [unit × vectors], units padded to whole panels. Weights are packed as
/// `ParameterLayout` says, so that a panel is read once, front to back, as broadcasts, and the sums
/// stay in registers. The activation is a pass of its own over the layer's units: inside the panels its
/// constants would be loaded anew for each of them, as the sums need the registers. Measured on Zen 4, that
/// takes 8 % off a tick on AVX2 and 1 % on AVX-512, where units of 3×200 outgrow the first-level cache. A sum is taken in the order of the inputs whatever the tile.
enum DenseKernel {
  /// `y = W x + b`.
  ///
  /// - Shapes: x [inputs × vectors], y [outputs × vectors]; 1 to `Tile.vectors` vectors.
  @inline(always)
  static func layer(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, vectors: Int,
    _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
  ) {
    #if REPLAN_WIDE_TILE
      switch vectors {
      case 4: quadruple(weights, inputs: inputs, outputs: outputs, x, y)
      case 3: triple(weights, inputs: inputs, outputs: outputs, x, y)
      case 2: pair(weights, inputs: inputs, outputs: outputs, x, y)
      default: single(weights, inputs: inputs, outputs: outputs, x, y, step: 1)
      }
    #else
      // A vector at a time: its units fit the first-level cache beside a panel.
      for v in 0..<vectors {
        single(weights, inputs: inputs, outputs: outputs, x + v, y + v, step: vectors)
      }
    #endif
  }

  /// `y = Wᵀ x` from the transposed packing; one vector.
  ///
  /// - Shapes: x [outputs of the layer], y [inputs of the layer].
  @inline(always)
  static func transposed(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, _ x: UnsafePointer<Lanes>,
    _ y: UnsafeMutablePointer<Lanes>
  ) {
    var w = weights
    var i = 0
    while i < inputs {
      var sums = Column()
      for k in 0..<outputs {
        sums.add(w, x[k])
        w += Tile.outputs
      }
      sums.store(y + i, step: 1)
      i += Tile.outputs
    }
  }

  /// One vector; inputs and outputs lie `step` vectors apart.
  @inline(always)
  private static func single(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, _ x: UnsafePointer<Lanes>,
    _ y: UnsafeMutablePointer<Lanes>, step: Int
  ) {
    var w = weights
    var result = y
    var o = 0
    while o < outputs {
      var sums = Column(w)
      w += Tile.outputs
      var input = x
      for _ in 0..<inputs {
        sums.add(w, input.pointee)
        w += Tile.outputs
        input += step
      }
      sums.store(result, step: step)
      result += Tile.outputs * step
      o += Tile.outputs
    }
  }
}
