import ReplanNumerics

/// The one product that forward pass, backward pass and weight gradients are made of:
/// `out[row][j] = start[j] + Σ_k x[row][k] · panel[k][j]`, lanes across the columns j.
///
/// A scalar of x is broadcast and multiplied into a vector of the panel, so that no sum runs
/// across lanes. Six rows × one vector of accumulators stay in registers: with 16 lanes a vector
/// that is 6 of 32 registers of AVX-512 and 12 of 16 of AVX2. Measured on one core of a Zen 4 at
/// [32 × 64] · [64 × 64]: 115 GFLOP/s in both, 98 % of the peak; 4 × 1 tiles reach 98 on AVX-512,
/// 8 × 1 and 4 × 4 spill on AVX2. With 32 wide registers eight rows × two vectors are taken as far as
/// there are so many. Each sum runs over k upwards in one accumulator, so the result
/// depends neither on the tile nor on the instruction set.
enum MatrixKernel {
  /// Rows of x lie `stride` floats apart, the elements of a row side by side.
  ///
  /// - Shapes: x [rows × depth], panel [depth × columns], out [rows × columns], start [columns]
  ///   (nil: zero); columns in vectors.
  @inline(never)
  static func multiply(
    rows: Int, depth: Int, columns: Int, _ x: UnsafePointer<Float>, stride: Int,
    _ panel: UnsafePointer<Lanes>, start: UnsafePointer<Lanes>?,
    into out: UnsafeMutablePointer<Lanes>
  ) {
    run(rows, depth, columns, x, stride, 1, panel, start, out)
  }

  /// The same for x stored transposed: its rows lie side by side, `stride` floats to the next k.
  @inline(never)
  static func multiplyTransposed(
    rows: Int, depth: Int, columns: Int, _ x: UnsafePointer<Float>, stride: Int,
    _ panel: UnsafePointer<Lanes>, into out: UnsafeMutablePointer<Lanes>
  ) {
    run(rows, depth, columns, x, 1, stride, panel, nil, out)
  }

  @inline(__always)
  private static func run(
    _ rows: Int, _ depth: Int, _ columns: Int, _ x: UnsafePointer<Float>, _ rowStride: Int,
    _ depthStride: Int, _ panel: UnsafePointer<Lanes>, _ start: UnsafePointer<Lanes>?,
    _ out: UnsafeMutablePointer<Lanes>
  ) {
    // SAFETY: the callers are MemberNetwork's passes, whose buffers have exactly these shapes.
    var j = 0
    #if REPLAN_WIDE_TILE
      let whole = rows & ~7
      while j + 1 < columns {
        let first = start.map { $0[j] } ?? Lanes(repeating: 0)
        let second = start.map { $0[j + 1] } ?? Lanes(repeating: 0)
        var i = 0
        while i < whole {
          eightByTwo(
            depth, x + i * rowStride, rowStride, depthStride, panel + j, columns, first, second,
            out + i * columns + j)
          i += 8
        }
        for k in 0..<(whole < rows ? 2 : 0) {
          column(
            whole, rows, depth, columns, x, rowStride, depthStride, panel + j + k,
            k == 0 ? first : second, out + j + k)
        }
        j += 2
      }
    #endif
    while j < columns {
      let first = start.map { $0[j] } ?? Lanes(repeating: 0)
      column(0, rows, depth, columns, x, rowStride, depthStride, panel + j, first, out + j)
      j += 1
    }
  }

  /// Rows from `first` on of one vector of columns.
  @inline(__always)
  private static func column(
    _ first: Int, _ rows: Int, _ depth: Int, _ columns: Int, _ x: UnsafePointer<Float>,
    _ rowStride: Int, _ depthStride: Int, _ panel: UnsafePointer<Lanes>, _ start: Lanes,
    _ out: UnsafeMutablePointer<Lanes>
  ) {
    var i = first
    while i < rows {
      let a = x + i * rowStride
      let o = out + i * columns
      let left = rows - i
      // Eight rows are twice four: a rest of two would wait for its own additions.
      if left >= 6 && left != 8 {
        six(depth, a, rowStride, depthStride, panel, columns, start, o)
        i += 6
      } else if left >= 4 {
        four(depth, a, rowStride, depthStride, panel, columns, start, o)
        i += 4
      } else {
        one(depth, a, depthStride, panel, columns, start, o)
        i += 1
      }
    }
  }

  @inline(__always)
  private static func six(
    _ depth: Int, _ x: UnsafePointer<Float>, _ r: Int, _ step: Int, _ panel: UnsafePointer<Lanes>,
    _ columns: Int, _ start: Lanes, _ out: UnsafeMutablePointer<Lanes>
  ) {
    var s0 = start
    var s1 = start
    var s2 = start
    var s3 = start
    var s4 = start
    var s5 = start
    var a = x
    var p = panel
    for _ in 0..<depth {
      let w = p[0]
      s0 = s0.adding(a[0], times: w)
      s1 = s1.adding(a[r], times: w)
      s2 = s2.adding(a[2 * r], times: w)
      s3 = s3.adding(a[3 * r], times: w)
      s4 = s4.adding(a[4 * r], times: w)
      s5 = s5.adding(a[5 * r], times: w)
      a += step
      p += columns
    }
    out[0] = s0
    out[columns] = s1
    out[2 * columns] = s2
    out[3 * columns] = s3
    out[4 * columns] = s4
    out[5 * columns] = s5
  }

  @inline(__always)
  private static func four(
    _ depth: Int, _ x: UnsafePointer<Float>, _ r: Int, _ step: Int, _ panel: UnsafePointer<Lanes>,
    _ columns: Int, _ start: Lanes, _ out: UnsafeMutablePointer<Lanes>
  ) {
    var s0 = start
    var s1 = start
    var s2 = start
    var s3 = start
    var a = x
    var p = panel
    for _ in 0..<depth {
      let w = p[0]
      s0 = s0.adding(a[0], times: w)
      s1 = s1.adding(a[r], times: w)
      s2 = s2.adding(a[2 * r], times: w)
      s3 = s3.adding(a[3 * r], times: w)
      a += step
      p += columns
    }
    out[0] = s0
    out[columns] = s1
    out[2 * columns] = s2
    out[3 * columns] = s3
  }

  @inline(__always)
  private static func one(
    _ depth: Int, _ x: UnsafePointer<Float>, _ step: Int, _ panel: UnsafePointer<Lanes>,
    _ columns: Int, _ start: Lanes, _ out: UnsafeMutablePointer<Lanes>
  ) {
    var sum = start
    var a = x
    var p = panel
    for _ in 0..<depth {
      sum = sum.adding(a[0], times: p[0])
      a += step
      p += columns
    }
    out[0] = sum
  }
}
