import ReplanNumerics

/// Copies a matrix into its transpose, 16 × 16 elements at a time.
///
/// Four rounds that interleave row i with row i + 8 transpose a whole block, all of it shuffles
/// between registers.
enum Transpose {
  /// - Shapes: source [rows × columns], columns in vectors; target [16 · columns × rows in
  ///   vectors], whose padding becomes zero.
  @inline(never)
  static func copy(
    _ source: UnsafePointer<Lanes>, rows: Int, columns: Int,
    into target: UnsafeMutablePointer<Lanes>
  ) {
    let width = Lanes.vectors(for: rows)
    for r in 0..<width {
      let count = min(16, rows - 16 * r)
      for c in 0..<columns {
        let from = source + 16 * r * columns + c
        let to = target + 16 * c * width + r
        if count == 16 {
          block(from, stride: columns, to, width)
        } else {
          rest(from, stride: columns, rows: count, to, width)
        }
      }
    }
  }

  /// Sixteen whole rows: the constant count keeps them in registers.
  @inline(never)
  private static func block(
    _ source: UnsafePointer<Lanes>, stride: Int, _ target: UnsafeMutablePointer<Lanes>, _ width: Int
  ) {
    // SAFETY: MemberNetwork allocates both matrices with the shapes that `copy` states.
    var a = InlineArray<16, Lanes>(repeating: Lanes(repeating: 0))
    for i in 0..<16 { a[i] = source[i * stride] }
    a = interleaved(interleaved(interleaved(interleaved(a))))
    for i in 0..<16 { target[i * width] = a[i] }
  }

  /// Fewer rows than sixteen, element by element.
  @inline(never)
  private static func rest(
    _ source: UnsafePointer<Lanes>, stride: Int, rows: Int, _ target: UnsafeMutablePointer<Lanes>,
    _ width: Int
  ) {
    // SAFETY: as above; Lanes is sixteen floats without padding.
    let from = UnsafeRawPointer(source).assumingMemoryBound(to: Float.self)
    let to = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Float.self)
    for c in 0..<16 {
      target[c * width] = Lanes(repeating: 0)
      for r in 0..<rows { to[16 * c * width + r] = from[16 * r * stride + c] }
    }
  }

  @inline(__always)
  private static func interleaved(_ a: InlineArray<16, Lanes>) -> InlineArray<16, Lanes> {
    var b = InlineArray<16, Lanes>(repeating: Lanes(repeating: 0))
    for i in 0..<8 {
      b[2 * i].evenHalf = a[i].lowHalf
      b[2 * i].oddHalf = a[i + 8].lowHalf
      b[2 * i + 1].evenHalf = a[i].highHalf
      b[2 * i + 1].oddHalf = a[i + 8].highHalf
    }
    return b
  }
}
