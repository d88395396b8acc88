import ReplanNumerics

/// Uniform numbers from ranges, in the order in which they are asked for.
struct Draw {
  private var generator: Philox
  private var words = SIMD4<UInt32>(repeating: 0)
  private var used = 4

  init(seed: PlantSeed, stream: UInt32) {
    generator = Philox(seed: seed, episode: 0, tick: 0, iteration: 0, candidate: stream)
  }

  mutating func next(_ range: ClosedRange<Float>) -> Float {
    if used == 4 {
      words = generator.next()
      used = 0
    }
    let uniform = Philox.uniform(words[used])
    used += 1
    let value = range.lowerBound + (range.upperBound - range.lowerBound) * uniform
    // The sum may round to just above the bound.
    return value > range.upperBound ? range.upperBound : value
  }
}
