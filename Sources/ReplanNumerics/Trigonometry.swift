// Sine and cosine together: a planner that needs one of an angle needs the other.
//
// Reduction by pi/2 in three parts (Cody and Waite 1980) with fused multiply-adds, polynomials of
// Cephes (sinf, cosf). At most 2 ULP of 1 for |x| <= 8192, beyond which the angle itself is known
// to no better than a thousandth of a radian; finite everywhere else, not a number for infinity.

/// Sine and cosine of each lane.
@inlinable @inline(always)
public func sineCosine(_ x: Lanes) -> (sine: Lanes, cosine: Lanes) {
  let magic = Lanes(repeating: 12_582_912)
  let shifted = magic.addingProduct(
    x.limited(-4_000_000, 4_000_000), Lanes(repeating: 0.636_619_77))
  let n = shifted - magic
  var r = x.addingProduct(n, Lanes(repeating: -1.570_312_5))
  r = r.addingProduct(n, Lanes(repeating: -4.838_267_94e-4))
  r = r.addingProduct(n, Lanes(repeating: -2.563_282_9e-12))
  let z = r * r
  var s = Lanes(repeating: 8.332_160_873_6e-3).addingProduct(
    z, Lanes(repeating: -1.951_529_589_1e-4))
  s = Lanes(repeating: -1.666_665_461_1e-1).addingProduct(s, z)
  let sine = r.addingProduct(r * z, s)
  var c =
    Lanes(repeating: -1.388_731_625_493_765e-3)
    .addingProduct(z, Lanes(repeating: 2.443_315_711_809_948e-5))
  c = Lanes(repeating: 4.166_664_568_298_827e-2).addingProduct(c, z)
  let cosine = Lanes(repeating: 1).addingProduct(z, Lanes(repeating: -0.5).addingProduct(c, z))
  // The quadrant is in the two lowest bits of the shifted value.
  let quadrant = unsafeBitCast(shifted, to: SIMD16<Int32>.self)
  let one = SIMD16<Int32>(repeating: 1)
  let two = SIMD16<Int32>(repeating: 2)
  let zero = SIMD16<Int32>(repeating: 0)
  let swapped = (quadrant & one) .!= zero
  let sineNegative = (quadrant & two) .!= zero
  let cosineNegative = ((quadrant &+ one) & two) .!= zero
  let a = sine.replacing(with: cosine, where: swapped)
  let b = cosine.replacing(with: sine, where: swapped)
  return (a.replacing(with: -a, where: sineNegative), b.replacing(with: -b, where: cosineNegative))
}

/// Sine and cosine of `x`; the same bits as a lane of the vector form.
@inlinable
public func sineCosine(_ x: Float) -> (sine: Float, cosine: Float) {
  let shifted = (12_582_912 as Float).addingProduct(limited(x, -4_000_000, 4_000_000), 0.636_619_77)
  let n = shifted - 12_582_912
  var r = x.addingProduct(n, -1.570_312_5)
  r = r.addingProduct(n, -4.838_267_94e-4)
  r = r.addingProduct(n, -2.563_282_9e-12)
  let z = r * r
  var s = (8.332_160_873_6e-3 as Float).addingProduct(z, -1.951_529_589_1e-4)
  s = (-1.666_665_461_1e-1 as Float).addingProduct(s, z)
  let sine = r.addingProduct(r * z, s)
  var c = (-1.388_731_625_493_765e-3 as Float).addingProduct(z, 2.443_315_711_809_948e-5)
  c = (4.166_664_568_298_827e-2 as Float).addingProduct(c, z)
  let cosine = (1 as Float).addingProduct(z, (-0.5 as Float).addingProduct(c, z))
  let quadrant = shifted.bitPattern
  let a = quadrant & 1 != 0 ? cosine : sine
  let b = quadrant & 1 != 0 ? sine : cosine
  return (quadrant & 2 != 0 ? -a : a, (quadrant &+ 1) & 2 != 0 ? -b : b)
}

@inlinable public func sine(_ x: Float) -> Float { sineCosine(x).sine }

@inlinable public func cosine(_ x: Float) -> Float { sineCosine(x).cosine }

/// `x` as an angle in [-pi, pi]; exact to 2 ULP of pi for |x| <= 8192.
@inlinable
public func wrappedAngle(_ x: Float) -> Float {
  let turns =
    (12_582_912 as Float).addingProduct(limited(x, -4_000_000, 4_000_000), 0.159_154_94)
    - 12_582_912
  let r = x.addingProduct(turns, -6.281_25)
  return r.addingProduct(turns, -1.935_307_2e-3)
}

/// Each lane as an angle in [-pi, pi].
@inlinable @inline(always)
public func wrappedAngle(_ x: Lanes) -> Lanes {
  let magic = Lanes(repeating: 12_582_912)
  let turns =
    magic.addingProduct(x.limited(-4_000_000, 4_000_000), Lanes(repeating: 0.159_154_94)) - magic
  let r = x.addingProduct(turns, Lanes(repeating: -6.281_25))
  return r.addingProduct(turns, Lanes(repeating: -1.935_307_2e-3))
}
