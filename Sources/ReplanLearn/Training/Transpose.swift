import ReplanNumerics

/// Copies a matrix into its transpose, 4 × 4 elements at a time.
///
/// Four rows of four are interleaved twice, one shuffle each on every architecture. Blocks of
/// 16 × 16 in whole vectors are no faster on AVX-512 and some thirty times slower on AVX2, which lacks
/// their shuffles.
enum Transpose {
  /// - Shapes: source [rows × columns], columns in vectors; target [16 · columns × rows in
  ///   vectors], whose padding becomes zero.
  @inline(never)
  static func copy(
    _ source: UnsafePointer<Lanes>, rows: Int, columns: Int,
    into target: UnsafeMutablePointer<Lanes>
  ) {
    // SAFETY: MemberNetwork allocates both matrices with the shapes above; Lanes is sixteen floats
    // without padding, so that multiples of four of them are aligned groups.
    let from = UnsafeRawPointer(source)
    let to = UnsafeMutableRawPointer(target)
    let (stride, width) = (64 * columns, Lanes.vectors(for: rows))
    let whole = rows / 4
    for c in 0..<(4 * columns) {
      let read = from + 16 * c
      let write = to + 4 * c * 64 * width
      for r in 0..<whole {
        block(read + 4 * r * stride, stride, write + 16 * r, 64 * width)
      }
      for group in whole..<(4 * width) {
        rest(read, stride, rows, group, write + 16 * group, 64 * width)
      }
    }
  }

  /// Four whole rows; strides in bytes.
  @inline(__always)
  private static func block(
    _ from: UnsafeRawPointer, _ stride: Int, _ to: UnsafeMutableRawPointer, _ step: Int
  ) {
    let a = from.load(as: SIMD4<Float>.self)
    let b = from.load(fromByteOffset: stride, as: SIMD4<Float>.self)
    let c = from.load(fromByteOffset: 2 * stride, as: SIMD4<Float>.self)
    let d = from.load(fromByteOffset: 3 * stride, as: SIMD4<Float>.self)
    let evenLow = SIMD4(a.x, c.x, a.y, c.y)
    let evenHigh = SIMD4(a.z, c.z, a.w, c.w)
    let oddLow = SIMD4(b.x, d.x, b.y, d.y)
    let oddHigh = SIMD4(b.z, d.z, b.w, d.w)
    to.storeBytes(of: SIMD4(evenLow.x, oddLow.x, evenLow.y, oddLow.y), as: SIMD4<Float>.self)
    (to + step).storeBytes(
      of: SIMD4(evenLow.z, oddLow.z, evenLow.w, oddLow.w), as: SIMD4<Float>.self)
    (to + 2 * step).storeBytes(
      of: SIMD4(evenHigh.x, oddHigh.x, evenHigh.y, oddHigh.y), as: SIMD4<Float>.self)
    (to + 3 * step).storeBytes(
      of: SIMD4(evenHigh.z, oddHigh.z, evenHigh.w, oddHigh.w), as: SIMD4<Float>.self)
  }

  /// A group of fewer than four rows, or of padding alone.
  private static func rest(
    _ from: UnsafeRawPointer, _ stride: Int, _ rows: Int, _ group: Int,
    _ to: UnsafeMutableRawPointer, _ step: Int
  ) {
    for i in 0..<4 {
      var values = SIMD4<Float>()
      for r in 0..<max(0, min(4, rows - 4 * group)) {
        values[r] = from.load(fromByteOffset: (4 * group + r) * stride + 4 * i, as: Float.self)
      }
      (to + i * step).storeBytes(of: values, as: SIMD4<Float>.self)
    }
  }
}
