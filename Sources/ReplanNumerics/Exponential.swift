// Exponential and logarithm.
//
// Goals, in this order: the same bits on every machine and in scalar and lanes; no libm call; at
// most 2 ULP over the whole range. Range reduction by ln 2 in two parts and the polynomials are
// those of Cephes (Moshier, expf and logf); fused multiply-adds are spelled out. Rejected: tables
// (a gather a lane) and higher degrees, which gain less than a rounding of the result.

/// e to the power of each lane. Infinite above 88.72, 0 below -103.97; not a number stays so.
@inlinable @inline(always)
public func exponential(_ x: Lanes) -> Lanes {
  let bounded = x.limited(-104, 89)
  let n =
    Lanes(repeating: 12_582_912).addingProduct(bounded, Lanes(repeating: 1.442_695_04))
    - Lanes(repeating: 12_582_912)
  var r = bounded.addingProduct(n, Lanes(repeating: -0.693_359_375))
  r = r.addingProduct(n, Lanes(repeating: 2.121_944_4e-4))
  var p = Lanes(repeating: 1.398_199_950_7e-3).addingProduct(r, Lanes(repeating: 1.987_569_15e-4))
  p = Lanes(repeating: 8.333_451_907_3e-3).addingProduct(p, r)
  p = Lanes(repeating: 4.166_579_589_4e-2).addingProduct(p, r)
  p = Lanes(repeating: 1.666_666_545_9e-1).addingProduct(p, r)
  p = Lanes(repeating: 5.000_000_120_1e-1).addingProduct(p, r)
  let y = Lanes(repeating: 1) + r.addingProduct(p, r * r)
  return scaled(y, byPowerOfTwo: n)
}

/// `y * 2^n` for integral n in -150...128, in two factors so that neither leaves the exponent.
@inlinable @inline(always)
func scaled(_ y: Lanes, byPowerOfTwo n: Lanes) -> Lanes {
  // The low bits of n + 1.5 * 2^23 are n in two's complement.
  let bits = unsafeBitCast(n + Lanes(repeating: 12_582_912), to: SIMD16<Int32>.self)
  let exponent = bits &- SIMD16<Int32>(repeating: 0x4B40_0000)
  let half = exponent &>> SIMD16<Int32>(repeating: 1)
  let rest = exponent &- half
  let bias = SIMD16<Int32>(repeating: 127)
  let shift = SIMD16<Int32>(repeating: 23)
  let first = unsafeBitCast((half &+ bias) &<< shift, to: Lanes.self)
  let second = unsafeBitCast((rest &+ bias) &<< shift, to: Lanes.self)
  return (y * first) * second
}

/// e to the power of `x`; the same bits as a lane of the vector form.
@inlinable
public func exponential(_ x: Float) -> Float {
  if x.isNaN { return x }
  let bounded = limited(x, -104, 89)
  let n = (12_582_912 as Float).addingProduct(bounded, 1.442_695_04) - 12_582_912
  var r = bounded.addingProduct(n, -0.693_359_375)
  r = r.addingProduct(n, 2.121_944_4e-4)
  var p = (1.398_199_950_7e-3 as Float).addingProduct(r, 1.987_569_15e-4)
  p = (8.333_451_907_3e-3 as Float).addingProduct(p, r)
  p = (4.166_579_589_4e-2 as Float).addingProduct(p, r)
  p = (1.666_666_545_9e-1 as Float).addingProduct(p, r)
  p = (5.000_000_120_1e-1 as Float).addingProduct(p, r)
  let y = 1 + r.addingProduct(p, r * r)
  let exponent = Int32(bitPattern: (n + 12_582_912).bitPattern) &- 0x4B40_0000
  let half = exponent &>> 1
  let first = Float(bitPattern: UInt32(bitPattern: (half &+ 127) &<< 23))
  let second = Float(bitPattern: UInt32(bitPattern: (exponent &- half &+ 127) &<< 23))
  return (y * first) * second
}

/// The natural logarithm of a positive, normal, finite value; 0 gives about -87.3.
///
/// It serves sampling, where the argument is a uniform number in (0, 1].
@inlinable
public func logarithm(_ x: Float) -> Float {
  let tiny: Float = 0x1p-126
  let bits = (x < tiny ? tiny : x).bitPattern
  var exponent = Int(bits >> 23) - 126
  var m = Float(bitPattern: (bits & 0x007F_FFFF) | 0x3F00_0000)
  if m < 0.707_106_78 {
    m = m + m
    exponent -= 1
  }
  let e = Float(exponent)
  let r = m - 1
  let z = r * r
  var p = (-1.151_461_031e-1 as Float).addingProduct(r, 7.037_683_629_2e-2)
  p = (1.167_699_874e-1 as Float).addingProduct(p, r)
  p = (-1.242_014_084_6e-1 as Float).addingProduct(p, r)
  p = (1.424_932_278_7e-1 as Float).addingProduct(p, r)
  p = (-1.666_805_766_5e-1 as Float).addingProduct(p, r)
  p = (2.000_071_476_5e-1 as Float).addingProduct(p, r)
  p = (-2.499_999_399_3e-1 as Float).addingProduct(p, r)
  p = (3.333_333_117_4e-1 as Float).addingProduct(p, r)
  var y = (r * z) * p
  y = y.addingProduct(e, -2.121_944_4e-4)
  y = y.addingProduct(z, -0.5)
  return (r + y).addingProduct(e, 0.693_359_375)
}
