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
/// multiply-adds of the next panel.
enum DenseKernel {
  /// `y = act(W x + b)`.
  ///
  /// - Shapes: x [inputs × vectors], y [outputs × vectors].
  @inline(always)
  static func layer<E: Epilogue>(
    _ epilogue: E.Type, _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, vectors: Int,
    _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>
  ) {
    let rows = Tile.outputs
    var panel = weights
    var result = y
    var o = 0
    while o < outputs {
      #if REPLAN_WIDE_TILE
        if vectors == 2 {
          pair(epilogue, panel, inputs: inputs, x, result)
        } else {
          single(epilogue, panel + rows, bias: panel, inputs: inputs, x, result, step: vectors)
        }
      #else
        for v in 0..<vectors {
          single(
            epilogue, panel + rows, bias: panel, inputs: inputs, x + v, result + v, step: vectors)
        }
      #endif
      panel += rows * (inputs + 1)
      result += rows * vectors
      o += rows
    }
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
    var i = 0
    while i < inputs {
      single(Linear.self, weights + i * outputs, bias: nil, inputs: outputs, x, y + i, step: 1)
      i += Tile.outputs
    }
  }

  #if REPLAN_WIDE_TILE
    /// Four outputs times two vectors.
    @inline(always)
    private static func pair<E: Epilogue>(
      _ epilogue: E.Type, _ panel: UnsafePointer<Float>, inputs: Int, _ x: UnsafePointer<Lanes>,
      _ y: UnsafeMutablePointer<Lanes>
    ) {
      var a0 = Lanes(repeating: panel[0])
      var b0 = Lanes(repeating: panel[1])
      var c0 = Lanes(repeating: panel[2])
      var d0 = Lanes(repeating: panel[3])
      var a1 = a0
      var b1 = b0
      var c1 = c0
      var d1 = d0
      var w = panel + 4
      var input = x
      for _ in 0..<inputs {
        let x0 = input[0]
        let x1 = input[1]
        a0 = a0.adding(w[0], times: x0)
        a1 = a1.adding(w[0], times: x1)
        b0 = b0.adding(w[1], times: x0)
        b1 = b1.adding(w[1], times: x1)
        c0 = c0.adding(w[2], times: x0)
        c1 = c1.adding(w[2], times: x1)
        d0 = d0.adding(w[3], times: x0)
        d1 = d1.adding(w[3], times: x1)
        w += 4
        input += 2
      }
      y[0] = E.apply(a0)
      y[1] = E.apply(a1)
      y[2] = E.apply(b0)
      y[3] = E.apply(b1)
      y[4] = E.apply(c0)
      y[5] = E.apply(c1)
      y[6] = E.apply(d0)
      y[7] = E.apply(d1)
    }

    /// Four outputs of one vector; inputs and outputs lie `step` vectors apart.
    @inline(always)
    private static func single<E: Epilogue>(
      _ epilogue: E.Type, _ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
      inputs: Int, _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>, step: Int
    ) {
      var a = Lanes(repeating: bias?[0] ?? 0)
      var b = Lanes(repeating: bias?[1] ?? 0)
      var c = Lanes(repeating: bias?[2] ?? 0)
      var d = Lanes(repeating: bias?[3] ?? 0)
      var w = weights
      var input = x
      for _ in 0..<inputs {
        let value = input.pointee
        a = a.adding(w[0], times: value)
        b = b.adding(w[1], times: value)
        c = c.adding(w[2], times: value)
        d = d.adding(w[3], times: value)
        w += 4
        input += step
      }
      y[0] = E.apply(a)
      y[step] = E.apply(b)
      y[2 * step] = E.apply(c)
      y[3 * step] = E.apply(d)
    }
  #else
    /// Six outputs of one vector; inputs and outputs lie `step` vectors apart.
    @inline(always)
    private static func single<E: Epilogue>(
      _ epilogue: E.Type, _ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
      inputs: Int, _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>, step: Int
    ) {
      var a = Lanes(repeating: bias?[0] ?? 0)
      var b = Lanes(repeating: bias?[1] ?? 0)
      var c = Lanes(repeating: bias?[2] ?? 0)
      var d = Lanes(repeating: bias?[3] ?? 0)
      var e = Lanes(repeating: bias?[4] ?? 0)
      var f = Lanes(repeating: bias?[5] ?? 0)
      var w = weights
      var input = x
      for _ in 0..<inputs {
        let value = input.pointee
        a = a.adding(w[0], times: value)
        b = b.adding(w[1], times: value)
        c = c.adding(w[2], times: value)
        d = d.adding(w[3], times: value)
        e = e.adding(w[4], times: value)
        f = f.adding(w[5], times: value)
        w += 6
        input += step
      }
      y[0] = E.apply(a)
      y[step] = E.apply(b)
      y[2 * step] = E.apply(c)
      y[3 * step] = E.apply(d)
      y[4 * step] = E.apply(e)
      y[5 * step] = E.apply(f)
    }
  #endif
}
