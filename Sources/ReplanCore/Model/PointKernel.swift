import ReplanNumerics

/// Dense layers for one input vector: outputs side by side, from the same packed weights.
///
/// Buffers of units are padded to whole vectors of sixteen.
enum PointKernel {
  /// Units that are summed side by side: whole panels, of either tile.
  @inline(always) static var width: Int { 12 }

  /// Floats in a buffer of `count` units.
  static func padded(_ count: Int) -> Int {
    Lanes.vectors(for: Tile.padded(count)) * Lanes.width
  }

  /// `y = W x + b`.
  ///
  /// - Shapes: x [inputs], y [outputs], padded.
  @inline(always)
  static func layer(
    _ weights: UnsafePointer<Float>, inputs: Int, outputs: Int, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) {
    let panel = Tile.outputs * (inputs + 1)
    let panels = width / Tile.outputs
    var w = weights
    var o = 0
    while o < outputs {
      var sums = PointSums(w, panel: panel)
      for i in 0..<inputs { sums.add(w + (i + 1) * Tile.outputs, panel: panel, x[i]) }
      sums.store(y + o)
      w += panels * panel
      o += width
    }
  }

  /// The activation of a layer, in place.
  @inline(always)
  static func apply(_ activation: Activation, to y: UnsafeMutablePointer<Float>, count: Int) {
    // SAFETY: buffers of units are padded to whole vectors, and parts of an arena are aligned.
    let vectors = UnsafeMutableRawPointer(y).assumingMemoryBound(to: Lanes.self)
    activation.apply(to: vectors, count: Lanes.vectors(for: count))
  }
}

/// Twelve sums of a layer's outputs, in registers.
struct PointSums {
  #if REPLAN_WIDE_TILE
    private var a: SIMD4<Float>
    private var b: SIMD4<Float>
    private var c: SIMD4<Float>

    /// The biases of three panels.
    @inline(always)
    init(_ w: UnsafePointer<Float>, panel: Int) {
      a = PointSums.four(w)
      b = PointSums.four(w + panel)
      c = PointSums.four(w + 2 * panel)
    }

    /// Adds one input times its weights.
    @inline(always)
    mutating func add(_ w: UnsafePointer<Float>, panel: Int, _ x: Float) {
      let input = SIMD4(repeating: x)
      a = a.addingProduct(PointSums.four(w), input)
      b = b.addingProduct(PointSums.four(w + panel), input)
      c = c.addingProduct(PointSums.four(w + 2 * panel), input)
    }

    @inline(always)
    func store(_ y: UnsafeMutablePointer<Float>) {
      for i in 0..<4 {
        y[i] = a[i]
        y[4 + i] = b[i]
        y[8 + i] = c[i]
      }
    }
  #else
    private var a: SIMD4<Float>
    private var b: SIMD4<Float>
    private var c: SIMD2<Float>
    private var d: SIMD2<Float>

    /// The biases of two panels.
    @inline(always)
    init(_ w: UnsafePointer<Float>, panel: Int) {
      a = PointSums.four(w)
      b = PointSums.four(w + panel)
      c = SIMD2(w[4], w[5])
      d = SIMD2(w[panel + 4], w[panel + 5])
    }

    /// Adds one input times its weights.
    @inline(always)
    mutating func add(_ w: UnsafePointer<Float>, panel: Int, _ x: Float) {
      a = a.addingProduct(PointSums.four(w), SIMD4(repeating: x))
      b = b.addingProduct(PointSums.four(w + panel), SIMD4(repeating: x))
      c = c.addingProduct(SIMD2(w[4], w[5]), SIMD2(repeating: x))
      d = d.addingProduct(SIMD2(w[panel + 4], w[panel + 5]), SIMD2(repeating: x))
    }

    @inline(always)
    func store(_ y: UnsafeMutablePointer<Float>) {
      for i in 0..<4 {
        y[i] = a[i]
        y[6 + i] = b[i]
      }
      for i in 0..<2 {
        y[4 + i] = c[i]
        y[10 + i] = d[i]
      }
    }
  #endif

  @inline(always)
  private static func four(_ w: UnsafePointer<Float>) -> SIMD4<Float> {
    SIMD4(w[0], w[1], w[2], w[3])
  }
}
