/// Sixteen Philox streams side by side, which differ in their candidate only.
///
/// Each lane has the bits of the scalar generator at the same place, and so have the uniform and
/// normal numbers made from them.
public struct PhiloxLanes: Sendable, BitwiseCopyable {
  @usableFromInline let key: SIMD2<UInt32>
  @usableFromInline let candidates: SIMD16<UInt32>
  @usableFromInline let tick: UInt32
  @usableFromInline let iteration: UInt32
  /// The block that `next` draws.
  public var block: UInt32

  /// The streams of `candidates`; the other words are those of `Philox`.
  @inlinable @inline(always)
  public init(
    seed: SIMD2<UInt32>, episode: UInt32, tick: UInt32, iteration: UInt32,
    candidates: SIMD16<UInt32>
  ) {
    key = SIMD2(seed.x ^ (episode &* 0x9E37_79B9), seed.y &+ episode)
    self.candidates = candidates
    self.tick = tick
    self.iteration = iteration
    block = 0
  }

  /// Four uniform 32-bit words for each lane; the block moves on.
  @inlinable @inline(always)
  public mutating func next() -> (
    SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>, SIMD16<UInt32>
  ) {
    var x = SIMD16<UInt32>(repeating: block)
    var y = candidates
    var z = SIMD16<UInt32>(repeating: tick)
    var w = SIMD16<UInt32>(repeating: iteration)
    var k = key
    for _ in 0..<10 {
      let a = PhiloxLanes.product(0xD251_1F53, x)
      let b = PhiloxLanes.product(0xCD9E_8D57, z)
      x = b.high ^ y ^ SIMD16(repeating: k.x)
      y = b.low
      z = a.high ^ w ^ SIMD16(repeating: k.y)
      w = a.low
      k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
    }
    block = block &+ 1
    return (x, y, z, w)
  }

  /// Four independent standard normal numbers for each lane.
  @inlinable @inline(always)
  public mutating func nextNormals() -> (Lanes, Lanes, Lanes, Lanes) {
    let words = next()
    let first = PhiloxLanes.polar(words.0, words.1)
    let second = PhiloxLanes.polar(words.2, words.3)
    return (first.0, first.1, second.0, second.1)
  }

  @inlinable @inline(always)
  static func product(
    _ m: UInt32, _ c: SIMD16<UInt32>
  ) -> (high: SIMD16<UInt32>, low: SIMD16<UInt32>) {
    #if _pointerBitWidth(_64)
      // Even and odd lanes apart: a product of 64 bits whose factors have 32 is one instruction.
      let factor = SIMD8<UInt64>(repeating: UInt64(m))
      let lower = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
      let half = SIMD8<UInt64>(repeating: 32)
      let pairs = unsafeBitCast(c, to: SIMD8<UInt64>.self)
      let even = (pairs & lower) &* factor
      let odd = (pairs &>> half) &* factor
      let high = (even &>> half) | (odd & ~lower)
      let low = (even & lower) | (odd &<< half)
      return (
        unsafeBitCast(high, to: SIMD16<UInt32>.self), unsafeBitCast(low, to: SIMD16<UInt32>.self)
      )
    #else
      // From halves of 16 bits.
      let mask = SIMD16<UInt32>(repeating: 0xFFFF)
      let sixteen = SIMD16<UInt32>(repeating: 16)
      let mLow = SIMD16<UInt32>(repeating: m & 0xFFFF)
      let mHigh = SIMD16<UInt32>(repeating: m >> 16)
      let cLow = c & mask
      let cHigh = c &>> sixteen
      let middle = (mHigh &* cLow) &+ ((mLow &* cLow) &>> sixteen)
      let carry = (middle & mask) &+ (mLow &* cHigh)
      let high = (mHigh &* cHigh) &+ (middle &>> sixteen) &+ (carry &>> sixteen)
      return (high, c &* SIMD16<UInt32>(repeating: m))
    #endif
  }

  @inlinable @inline(always)
  static func polar(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>) -> (Lanes, Lanes) {
    let radius = squareRoot(Lanes(repeating: -2) * logarithm(uniform(a)))
    let direction = sineCosine(Lanes(repeating: 6.283_185_3) * uniform(b))
    return (radius * direction.cosine, radius * direction.sine)
  }

  /// Numbers in (0, 1] from the upper 24 bits of each word.
  @inlinable @inline(always)
  public static func uniform(_ word: SIMD16<UInt32>) -> Lanes {
    // Twelve bits at a time in the mantissa of 2^23: exact, as a conversion of lanes is not one
    // instruction on every machine.
    let mantissa = SIMD16<UInt32>(repeating: 0x4B00_0000)
    let offset = Lanes(repeating: 8_388_608)
    let high = unsafeBitCast((word &>> SIMD16(repeating: 20)) | mantissa, to: Lanes.self) - offset
    let middle = (word &>> SIMD16(repeating: 8)) & SIMD16(repeating: 0xFFF)
    let low = unsafeBitCast(middle | mantissa, to: Lanes.self) - offset
    let sum = (low + Lanes(repeating: 1)).addingProduct(high, Lanes(repeating: 4096))
    return sum * Lanes(repeating: 5.960_464_5e-8)
  }
}

/// The natural logarithm of each lane; the same bits as the scalar form.
@inlinable @inline(always)
public func logarithm(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x.greater(Lanes(repeating: 0x1p-126)), to: SIMD16<UInt32>.self)
  let biased = (bits &>> SIMD16(repeating: 23)) | SIMD16(repeating: 0x4B00_0000)
  var e = unsafeBitCast(biased, to: Lanes.self) - Lanes(repeating: 8_388_608 + 126)
  let fraction = (bits & SIMD16(repeating: 0x007F_FFFF)) | SIMD16(repeating: 0x3F00_0000)
  var m = unsafeBitCast(fraction, to: Lanes.self)
  let isSmall = m .< Lanes(repeating: 0.707_106_78)
  m = m.replacing(with: m + m, where: isSmall)
  e = e.replacing(with: e - Lanes(repeating: 1), where: isSmall)
  let r = m - Lanes(repeating: 1)
  let z = r * r
  var p = Lanes(repeating: -1.151_461_031e-1).adding(7.037_683_629_2e-2, times: r)
  p = Lanes(repeating: 1.167_699_874e-1).addingProduct(p, r)
  p = Lanes(repeating: -1.242_014_084_6e-1).addingProduct(p, r)
  p = Lanes(repeating: 1.424_932_278_7e-1).addingProduct(p, r)
  p = Lanes(repeating: -1.666_805_766_5e-1).addingProduct(p, r)
  p = Lanes(repeating: 2.000_071_476_5e-1).addingProduct(p, r)
  p = Lanes(repeating: -2.499_999_399_3e-1).addingProduct(p, r)
  p = Lanes(repeating: 3.333_333_117_4e-1).addingProduct(p, r)
  var y = (r * z) * p
  y = y.adding(-2.121_944_4e-4, times: e)
  y = y.adding(-0.5, times: z)
  return (r + y).adding(0.693_359_375, times: e)
}

/// The square root of each lane; the same bits as the scalar form.
@inlinable @inline(always)
public func squareRoot(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self)
  let estimate = SIMD16<UInt32>(repeating: 0x5F37_59DF) &- (bits &>> SIMD16(repeating: 1))
  var y = unsafeBitCast(estimate, to: Lanes.self)
  let half = Lanes(repeating: 0.5) * x
  let threeHalves = Lanes(repeating: 1.5)
  y = y * threeHalves.addingProduct(-half * y, y)
  y = y * threeHalves.addingProduct(-half * y, y)
  y = y * threeHalves.addingProduct(-half * y, y)
  let root = x * y
  let refined = root.addingProduct(Lanes(repeating: 0.5) * y, x.addingProduct(-root, root))
  let zero = Lanes(repeating: 0).replacing(with: x, where: x .!= x)
  return zero.replacing(with: refined, where: x .> Lanes(repeating: 0x1p-126))
}
