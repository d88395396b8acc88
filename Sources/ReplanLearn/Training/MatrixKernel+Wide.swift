import ReplanNumerics

#if REPLAN_WIDE_TILE
  extension MatrixKernel {
    /// Eight rows times two vectors, for 32 wide registers.
    ///
    /// Ten loads serve sixteen multiply-adds, and what each tile costs beside its loop is spent a third
    /// as often as with six rows times one vector: sums over 32 or 64 elements are short.
    @inline(__always)
    static func eightByTwo(
      _ depth: Int, _ x: UnsafePointer<Float>, _ r: Int, _ step: Int,
      _ panel: UnsafePointer<Lanes>, _ columns: Int, _ first: Lanes, _ second: Lanes,
      _ out: UnsafeMutablePointer<Lanes>
    ) {
      var s0 = first
      var s1 = first
      var s2 = first
      var s3 = first
      var s4 = first
      var s5 = first
      var s6 = first
      var s7 = first
      var t0 = second
      var t1 = second
      var t2 = second
      var t3 = second
      var t4 = second
      var t5 = second
      var t6 = second
      var t7 = second
      var a = x
      var p = panel
      for _ in 0..<depth {
        let w = p[0]
        let v = p[1]
        let x0 = a[0]
        s0 = s0.adding(x0, times: w)
        t0 = t0.adding(x0, times: v)
        let x1 = a[r]
        s1 = s1.adding(x1, times: w)
        t1 = t1.adding(x1, times: v)
        let x2 = a[2 * r]
        s2 = s2.adding(x2, times: w)
        t2 = t2.adding(x2, times: v)
        let x3 = a[3 * r]
        s3 = s3.adding(x3, times: w)
        t3 = t3.adding(x3, times: v)
        let x4 = a[4 * r]
        s4 = s4.adding(x4, times: w)
        t4 = t4.adding(x4, times: v)
        let x5 = a[5 * r]
        s5 = s5.adding(x5, times: w)
        t5 = t5.adding(x5, times: v)
        let x6 = a[6 * r]
        s6 = s6.adding(x6, times: w)
        t6 = t6.adding(x6, times: v)
        let x7 = a[7 * r]
        s7 = s7.adding(x7, times: w)
        t7 = t7.adding(x7, times: v)
        a += step
        p += columns
      }
      out[0] = s0
      out[1] = t0
      out[columns] = s1
      out[columns + 1] = t1
      out[2 * columns] = s2
      out[2 * columns + 1] = t2
      out[3 * columns] = s3
      out[3 * columns + 1] = t3
      out[4 * columns] = s4
      out[4 * columns + 1] = t4
      out[5 * columns] = s5
      out[5 * columns + 1] = t5
      out[6 * columns] = s6
      out[6 * columns + 1] = t6
      out[7 * columns] = s7
      out[7 * columns + 1] = t7
    }
  }
#endif
