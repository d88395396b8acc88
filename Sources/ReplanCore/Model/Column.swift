import ReplanNumerics

#if REPLAN_WIDE_TILE
  /// The sums of a panel's outputs for one vector of candidates, in registers.
  struct Column {
    private var a: Lanes
    private var b: Lanes
    private var c: Lanes
    private var d: Lanes

    /// Zeros.
    @inline(always)
    init() {
      a = Lanes(repeating: 0)
      b = a
      c = a
      d = a
    }

    /// The panel's biases.
    @inline(always)
    init(_ bias: UnsafePointer<Float>) {
      a = Lanes(repeating: bias[0])
      b = Lanes(repeating: bias[1])
      c = Lanes(repeating: bias[2])
      d = Lanes(repeating: bias[3])
    }

    /// Adds one input times its weights.
    @inline(always)
    mutating func add(_ w: UnsafePointer<Float>, _ x: Lanes) {
      a = a.adding(w[0], times: x)
      b = b.adding(w[1], times: x)
      c = c.adding(w[2], times: x)
      d = d.adding(w[3], times: x)
    }

    /// Stores the sums, outputs `step` vectors apart.
    @inline(always)
    func store(_ y: UnsafeMutablePointer<Lanes>, step: Int) {
      y[0] = a
      y[step] = b
      y[2 * step] = c
      y[3 * step] = d
    }
  }
#else
  /// The sums of a panel's outputs for one vector of candidates, in registers.
  struct Column {
    private var a: Lanes
    private var b: Lanes
    private var c: Lanes
    private var d: Lanes
    private var e: Lanes
    private var f: Lanes

    /// Zeros.
    @inline(always)
    init() {
      a = Lanes(repeating: 0)
      b = a
      c = a
      d = a
      e = a
      f = a
    }

    /// The panel's biases.
    @inline(always)
    init(_ bias: UnsafePointer<Float>) {
      a = Lanes(repeating: bias[0])
      b = Lanes(repeating: bias[1])
      c = Lanes(repeating: bias[2])
      d = Lanes(repeating: bias[3])
      e = Lanes(repeating: bias[4])
      f = Lanes(repeating: bias[5])
    }

    /// Adds one input times its weights.
    @inline(always)
    mutating func add(_ w: UnsafePointer<Float>, _ x: Lanes) {
      a = a.adding(w[0], times: x)
      b = b.adding(w[1], times: x)
      c = c.adding(w[2], times: x)
      d = d.adding(w[3], times: x)
      e = e.adding(w[4], times: x)
      f = f.adding(w[5], times: x)
    }

    /// Stores the sums, outputs `step` vectors apart.
    @inline(always)
    func store(_ y: UnsafeMutablePointer<Lanes>, step: Int) {
      y[0] = a
      y[step] = b
      y[2 * step] = c
      y[3 * step] = d
      y[4 * step] = e
      y[5 * step] = f
    }
  }
#endif
