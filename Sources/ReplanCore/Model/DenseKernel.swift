import ReplanNumerics

/// The inner loops of the networks: panels of four outputs times one or two vectors of candidates.
///
/// A buffer of units is [unit × vectors]. Weights are packed as `ParameterLayout` says, so that a
/// panel is read once, front to back, as broadcasts. Accumulators stay in registers: four by two
/// with 32 wide registers (`REPLAN_WIDE_TILE`), four by one otherwise.
enum DenseKernel {
  /// Sums of one panel for one vector: `bias` may be nil for a product without one.
  @inline(__always)
  static func panel(
    _ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, inputs: Int,
    _ x: UnsafePointer<Lanes>, step: Int
  ) -> (Lanes, Lanes, Lanes, Lanes) {
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
    return (a, b, c, d)
  }

  /// `y = act(W x + b)`, and its derivative where `derivative` is given.
  ///
  /// - Shapes: x [inputs × vectors], y and derivative [outputs padded to 4 × vectors].
  static func layer(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, vectors: Int,
    activation: Activation?, _ x: UnsafePointer<Lanes>, _ y: UnsafeMutablePointer<Lanes>,
    derivative: UnsafeMutablePointer<Lanes>?
  ) {
    var o = 0
    while o < outputs {
      let panel = weights + o * (inputs + 1)
      for v in 0..<vectors {
        let sums = DenseKernel.panel(
          panel + 4, bias: panel, inputs: inputs, x + v, step: vectors)
        let at = o * vectors + v
        y[at] = sums.0
        y[at + vectors] = sums.1
        y[at + 2 * vectors] = sums.2
        y[at + 3 * vectors] = sums.3
      }
      o += 4
    }
    guard let activation else { return }
    let count = outputs * vectors
    if let derivative {
      differentiate(activation, y, derivative, count)
    } else {
      apply(activation, y, count)
    }
  }

  /// `y = Wᵀ x` from the transposed packing.
  ///
  /// - Shapes: x [outputs of the layer], y [inputs of the layer padded to 4]; one vector.
  static func transposed(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, _ x: UnsafePointer<Lanes>,
    _ y: UnsafeMutablePointer<Lanes>
  ) {
    var i = 0
    while i < inputs {
      let sums = panel(weights + i * outputs, bias: nil, inputs: outputs, x, step: 1)
      y[i] = sums.0
      y[i + 1] = sums.1
      y[i + 2] = sums.2
      y[i + 3] = sums.3
      i += 4
    }
  }

  @inline(__always)
  static func apply(_ activation: Activation, _ y: UnsafeMutablePointer<Lanes>, _ count: Int) {
    switch activation {
    case .tanh: for i in 0..<count { y[i] = hyperbolicTangent(y[i]) }
    case .silu: for i in 0..<count { y[i] = sigmoidLinearUnit(y[i]) }
    case .softplus: for i in 0..<count { y[i] = softplus(y[i]) }
    }
  }

  /// Replaces each sum by its activation and stores the activation's derivative there.
  @inline(__always)
  static func differentiate(
    _ activation: Activation, _ y: UnsafeMutablePointer<Lanes>, _ d: UnsafeMutablePointer<Lanes>,
    _ count: Int
  ) {
    let one = Lanes(repeating: 1)
    switch activation {
    case .tanh:
      for i in 0..<count {
        let value = hyperbolicTangent(y[i])
        d[i] = one - value * value
        y[i] = value
      }
    case .silu:
      for i in 0..<count {
        let x = y[i]
        let s = logistic(x.greater(Lanes(repeating: -87)))
        let value = sigmoidLinearUnit(x)
        d[i] = s.addingProduct(value, one - s)
        y[i] = value
      }
    case .softplus:
      for i in 0..<count {
        let x = y[i]
        d[i] = logistic(x.greater(Lanes(repeating: -87)))
        y[i] = softplus(x)
      }
    }
  }
}
