import ReplanNumerics

/// The place of a tick in the random numbers of a session.
///
/// A stream is named by iteration, candidate, particle and channel. Channels up to 15 are actions;
/// particle -1 stands for the candidate's own noise.
public struct RandomKey: Sendable, BitwiseCopyable {
  public var seed: UInt64
  public var episode: Int
  public var tick: Int

  public init(seed: UInt64, episode: Int, tick: Int) {
    self.seed = seed
    self.episode = episode
    self.tick = tick
  }

  /// The channel of noise in the dynamics.
  static var noiseChannel: Int { 16 }
  /// The channel from which members are drawn.
  static var memberChannel: Int { 17 }
  /// The channel of noise in the review of a plan.
  static var reviewChannel: Int { 18 }

  /// The word of a candidate's particle; candidates take the lower 16 bits.
  @inline(always)
  static func candidate(_ candidate: Int, particle: Int) -> Int {
    candidate | (particle &+ 1) &<< 16
  }

  @inline(always)
  func stream(iteration: Int, candidate: Int, channel: Int) -> Philox {
    Philox(
      seed: seedWords, episode: UInt32(truncatingIfNeeded: episode),
      tick: UInt32(truncatingIfNeeded: tick),
      iteration: UInt32(truncatingIfNeeded: iteration &* 32 &+ channel),
      candidate: UInt32(truncatingIfNeeded: candidate))
  }

  /// The streams of sixteen candidates, the first of which is `first`.
  @inline(always)
  func lanes(iteration: Int, first: Int, channel: Int, particle: Int = -1) -> PhiloxLanes {
    let word = UInt32(truncatingIfNeeded: RandomKey.candidate(first, particle: particle))
    let offsets = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return PhiloxLanes(
      seed: seedWords, episode: UInt32(truncatingIfNeeded: episode),
      tick: UInt32(truncatingIfNeeded: tick),
      iteration: UInt32(truncatingIfNeeded: iteration &* 32 &+ channel),
      candidates: SIMD16(repeating: word) &+ offsets)
  }

  @inline(always)
  private var seedWords: SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed &>> 32))
  }
}
