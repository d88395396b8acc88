public import ReplanNumerics

/// The inverse of a 2×2 mass matrix [a b; c d], candidates side by side.
///
/// Physical parameters make the determinant positive for every configuration; where it is zero, the
/// lane is not a number afterwards.
public struct MassMatrix {
  @usableFromInline let a: Lanes
  @usableFromInline let b: Lanes
  @usableFromInline let c: Lanes
  @usableFromInline let d: Lanes

  @inlinable @inline(always)
  public init(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) {
    let scale = Lanes(repeating: 1) / (a * d - b * c)
    self.a = a * scale
    self.b = b * scale
    self.c = c * scale
    self.d = d * scale
  }

  @inlinable @inline(always)
  public func solve(_ first: Lanes, _ second: Lanes) -> (Lanes, Lanes) {
    (d * first - b * second, a * second - c * first)
  }
}
