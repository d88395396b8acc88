import ReplanNumerics

/// The random numbers of an excitation, the same for the same seed.
struct ExcitationNumbers {
  private var stream: Philox
  private var words = SIMD4<UInt32>()
  private var left = 0

  init(seed: UInt64, part: Int = 0) {
    stream = Philox(
      seed: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
      episode: 0, tick: 0, iteration: UInt32(truncatingIfNeeded: part), candidate: 0x4558_4349)
  }

  private mutating func word() -> UInt32 {
    if left == 0 {
      words = stream.next()
      left = 4
    }
    left -= 1
    return words[left]
  }

  /// Between 0 and 1.
  mutating func uniform() -> Double { (Double(word()) + 0.5) / 4_294_967_296 }

  /// Below `bound`.
  mutating func below(_ bound: Int) -> Int {
    Int(UInt32(truncatingIfNeeded: bound).multipliedFullWidth(by: word()).high)
  }

  mutating func normal() -> Double { Double(stream.nextNormals().x) }

  mutating func shuffle(_ values: inout [Double]) {
    for i in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(i, below(i + 1)) }
  }
}
