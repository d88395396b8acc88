/// A counter-based random number generator: the numbers depend on key and counter only, so any
/// candidate of any tick can draw its own, in any order and on any thread.
///
/// Source: Salmon et al. 2011, Parallel random numbers: as easy as 1, 2, 3, Philox4x32-10,
/// doi 10.1145/2063384.2063405.
public struct Philox: Sendable, BitwiseCopyable {
  @usableFromInline let key: SIMD2<UInt32>
  /// The block that `next` draws; the first word counts up.
  public var counter: SIMD4<UInt32>

  /// A stream of a seed. `tick`, `iteration` and `candidate` name its place; `episode` is mixed
  /// into the key.
  @inlinable
  public init(
    seed: SIMD2<UInt32>, episode: UInt32, tick: UInt32, iteration: UInt32, candidate: UInt32
  ) {
    key = SIMD2(seed.x ^ (episode &* 0x9E37_79B9), seed.y &+ episode)
    counter = SIMD4(0, candidate, tick, iteration)
  }

  /// Four uniform 32-bit words; the counter moves on.
  @inlinable
  public mutating func next() -> SIMD4<UInt32> {
    let block = Philox.block(counter: counter, key: key)
    counter.x = counter.x &+ 1
    return block
  }

  /// The ten rounds of the published function.
  @inlinable
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let a = (0xD251_1F53 as UInt32).multipliedFullWidth(by: c.x)
      let b = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: c.z)
      c = SIMD4(b.high ^ c.y ^ k.x, b.low, a.high ^ c.w ^ k.y, a.low)
      k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
    }
    return c
  }

  /// Four independent standard normal numbers, by the method of Box and Muller (1958).
  @inlinable
  public mutating func nextNormals() -> SIMD4<Float> {
    let words = next()
    let first = Philox.polar(words.x, words.y)
    let second = Philox.polar(words.z, words.w)
    return SIMD4(first.0, first.1, second.0, second.1)
  }

  @inlinable
  static func polar(_ a: UInt32, _ b: UInt32) -> (Float, Float) {
    let radius = squareRoot(-2 * logarithm(uniform(a)))
    let direction = sineCosine(6.283_185_3 * uniform(b))
    return (radius * direction.cosine, radius * direction.sine)
  }

  /// A number in (0, 1] from the upper 24 bits of a word.
  @inlinable
  public static func uniform(_ word: UInt32) -> Float {
    // Int first: a direct conversion from UInt32 does not compile for 32-bit bare metal.
    Float(Int(truncatingIfNeeded: word >> 8) + 1) * 5.960_464_5e-8
  }
}
