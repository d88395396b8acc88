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
