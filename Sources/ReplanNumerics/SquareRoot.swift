/// The square root of a finite value, 0 for a negative one, at most 1 ULP off.
///
/// An estimate of 1/sqrt(x) from the exponent bits and three Newton steps, then one step on the
/// root itself. The standard library's `squareRoot()` is refused on the tick.
@inlinable
public func squareRoot(_ x: Float) -> Float {
  if !(x > 0x1p-126) { return x.isNaN ? x : 0 }
  var y = Float(bitPattern: 0x5F37_59DF &- (x.bitPattern >> 1))
  let half = 0.5 * x
  y = y * (1.5 as Float).addingProduct(-half * y, y)
  y = y * (1.5 as Float).addingProduct(-half * y, y)
  y = y * (1.5 as Float).addingProduct(-half * y, y)
  let root = x * y
  return root.addingProduct(0.5 * y, x.addingProduct(-root, root))
}

/// One over the square root of each lane, which is positive and normal; at most 2 ULP off. Not a
/// number stays so.
@inlinable @inline(always)
public func inverseSquareRoot(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x, to: SIMD16<Int32>.self)
  let guess =
    SIMD16<Int32>(repeating: 0x5F37_59DF) &- (bits &>> SIMD16<Int32>(repeating: 1))
  var y = unsafeBitCast(guess, to: Lanes.self)
  let half = x * Lanes(repeating: -0.5)
  let most = Lanes(repeating: 1.5)
  y = y * most.addingProduct(half * y, y)
  y = y * most.addingProduct(half * y, y)
  y = y * most.addingProduct(half * y, y)
  // The last step on what is missing to 1, so that its rounding is small.
  let missing = Lanes(repeating: 1).addingProduct(-x * y, y)
  return y.addingProduct(y * Lanes(repeating: 0.5), missing)
}
