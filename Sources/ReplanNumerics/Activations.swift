// The activations of the networks and their derivatives.
//
// All are built on `boundedExponential` and division, so that a lane and a scalar agree bit for bit.
// Bounding the argument is exact: where it binds, the result no longer changes or has left the
// range of what a network computes with.

/// The hyperbolic tangent of each lane, at most 3 ULP off; not a number stays so.
///
/// Below 0.625 in magnitude an odd polynomial (Cephes, tanhf), above 1 - 2 / (e^2x + 1), whose
/// cancellation is harmless there. Both are computed and one is chosen: lanes do not branch.
@inlinable @inline(always)
public func hyperbolicTangent(_ x: Lanes) -> Lanes {
  let z = x * x
  var p =
    Lanes(repeating: 2.063_908_879_54e-2).addingProduct(z, Lanes(repeating: -5.704_988_727_45e-3))
  p = Lanes(repeating: -5.373_971_555_31e-2).addingProduct(p, z)
  p = Lanes(repeating: 1.333_144_220_36e-1).addingProduct(p, z)
  p = Lanes(repeating: -3.333_328_194_22e-1).addingProduct(p, z)
  let small = x.addingProduct(x * z, p)
  // Beyond 9.02 the result rounds to 1; the limit keeps e^2x finite.
  let bounded = x.limited(-10, 10)
  let e = boundedExponential(bounded + bounded)
  let large = Lanes(repeating: 1) - Lanes(repeating: 2) / (e + Lanes(repeating: 1))
  return small.replacing(with: large, where: z .> Lanes(repeating: 0.390_625))
}

/// The hyperbolic tangent of `x`; the same bits as a lane of the vector form.
@inlinable
public func hyperbolicTangent(_ x: Float) -> Float {
  let z = x * x
  if z > 0.390_625 {
    let bounded = limited(x, -10, 10)
    return 1 - 2 / (boundedExponential(bounded + bounded) + 1)
  }
  var p = (2.063_908_879_54e-2 as Float).addingProduct(z, -5.704_988_727_45e-3)
  p = (-5.373_971_555_31e-2 as Float).addingProduct(p, z)
  p = (1.333_144_220_36e-1 as Float).addingProduct(p, z)
  p = (-3.333_328_194_22e-1 as Float).addingProduct(p, z)
  return x.addingProduct(x * z, p)
}

/// 1 / (1 + e^-x) of each lane; below -87 it stays at 1.6e-38.
@inlinable @inline(always)
public func logistic(_ x: Lanes) -> Lanes {
  Lanes(repeating: 1) / (Lanes(repeating: 1) + boundedExponential(negating: x.limited(-87, 87)))
}

/// 1 / (1 + e^-x); the same bits as a lane of the vector form.
@inlinable
public func logistic(_ x: Float) -> Float { 1 / (1 + boundedExponential(-limited(x, -87, 87))) }

/// x / (1 + e^-x) of each lane.
///
/// Below -87 it stays at -1.4e-36 instead of reaching 0; without that bound the denominator would
/// be infinite at last, and -infinity / infinity is not a number.
@inlinable @inline(always)
public func sigmoidLinearUnit(_ x: Lanes) -> Lanes {
  let low = x.greater(Lanes(repeating: -87))
  let e = boundedExponential(negating: low.lesser(Lanes(repeating: 87)))
  return low / (Lanes(repeating: 1) + e)
}

/// ln(1 + e^x) of each lane: max(x, 0) + log1p(e^-|x|), log1p(e) as 2 atanh(e / (2 + e)). Below -87
/// it stays at 1.6e-38.
///
/// Source: the series of atanh in z = e / (2 + e) <= 1/3, cut where its next term is below a
/// quarter ULP.
@inlinable @inline(always)
public func softplus(_ x: Lanes) -> Lanes {
  let negative = (-x).lesser(x).greater(Lanes(repeating: -87))
  let e = boundedExponential(negative)
  let z = e / (Lanes(repeating: 2) + e)
  let q = z * z
  var p = Lanes(repeating: 0.090_909_09).addingProduct(q, Lanes(repeating: 0.076_923_08))
  p = Lanes(repeating: 0.111_111_11).addingProduct(p, q)
  p = Lanes(repeating: 0.142_857_14).addingProduct(p, q)
  p = Lanes(repeating: 0.2).addingProduct(p, q)
  p = Lanes(repeating: 0.333_333_33).addingProduct(p, q)
  let series = z.addingProduct(z * q, p)
  return x.greater(Lanes(repeating: 0)) + (series + series)
}
