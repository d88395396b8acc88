import ReplanNumerics

/// What happens to a sum of a dense layer before it is stored.
protocol Epilogue {
  static func apply(_ x: Lanes) -> Lanes
}

enum Linear: Epilogue {
  @inline(always) static func apply(_ x: Lanes) -> Lanes { x }
}

enum Tanh: Epilogue {
  @inline(always) static func apply(_ x: Lanes) -> Lanes { hyperbolicTangent(x) }
}

enum SiLU: Epilogue {
  @inline(always) static func apply(_ x: Lanes) -> Lanes { sigmoidLinearUnit(x) }
}

enum Softplus: Epilogue {
  @inline(always) static func apply(_ x: Lanes) -> Lanes { softplus(x) }
}

/// The inner loops of the networks: panels of outputs times vectors of candidates.
///
/// A buffer of units is [unit × vectors], units padded to whole panels. Weights are packed as
/// `ParameterLayout` says, so that a panel is read once, front to back, as broadcasts, and the sums
/// stay in registers. The activation is part of the pass: its long chains then run beside the
/// multiply-adds of the next panel. A sum is taken in the order of the inputs whatever the tile.
enum DenseKernel {
  /// `y = act(W x + b)`.
  ///
  /// - Shapes: x [inputs × vectors], y [outputs × vectors]; 1 to `Tile.vectors` vectors.
  @inline(always)
  static func layer<E: Epilogue>(
    _ epilogue: E.Type, _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, vectors: Int,
    _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
  ) {
    #if REPLAN_WIDE_TILE
      switch vectors {
      case 4: quadruple(epilogue, weights, inputs: inputs, outputs: outputs, x, y)
      case 3: triple(epilogue, weights, inputs: inputs, outputs: outputs, x, y)
      case 2: pair(epilogue, weights, inputs: inputs, outputs: outputs, x, y)
      default: single(epilogue, weights, inputs: inputs, outputs: outputs, x, y, step: 1)
      }
    #else
      // A vector at a time: its units fit the first-level cache beside a panel.
      for v in 0..<vectors {
        single(epilogue, weights, inputs: inputs, outputs: outputs, x + v, y + v, step: vectors)
      }
    #endif
  }

  /// The same with the activation chosen at run time, once a layer.
  @inline(always)
  static func layer(
    _ activation: Activation, _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int,
    vectors: Int, _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
  ) {
    switch activation {
    case .tanh:
      layer(Tanh.self, weights, inputs: inputs, outputs: outputs, vectors: vectors, x, y)
    case .silu:
      layer(SiLU.self, weights, inputs: inputs, outputs: outputs, vectors: vectors, x, y)
    case .softplus:
      layer(Softplus.self, weights, inputs: inputs, outputs: outputs, vectors: vectors, x, y)
    }
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
      sums.store(Linear.self, y + i, step: 1)
      i += Tile.outputs
    }
  }

  /// One vector; inputs and outputs lie `step` vectors apart.
  @inline(always)
  private static func single<E: Epilogue>(
    _ epilogue: E.Type, _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int,
    _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>, step: Int
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
      sums.store(epilogue, result, step: step)
      result += Tile.outputs * step
      o += Tile.outputs
    }
  }
}
