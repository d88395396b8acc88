import ReplanNumerics

/// The random numbers of one member, by purpose: none depends on the order in which members run.
struct Stream {
  enum Purpose: UInt32 {
    case weights = 1, resample, order, mirror, split, episodes, sampling, metric, eviction, outside
    case withheld
  }

  let seed: UInt64
  let member: Int

  func numbers(_ purpose: Purpose, part: Int = 0) -> Philox {
    let words = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    return Philox(
      seed: words, episode: 0, tick: purpose.rawValue, iteration: UInt32(truncatingIfNeeded: part),
      candidate: UInt32(member))
  }
}

/// Draws whole numbers from a Philox stream, four to a block.
struct IndexSource {
  private var philox: Philox
  private var words = SIMD4<UInt32>()
  private var left = 0

  init(_ philox: Philox) { self.philox = philox }

  mutating func word() -> UInt32 {
    if left == 0 {
      words = philox.next()
      left = 4
    }
    left -= 1
    return words[left]
  }

  /// A number in 0..<bound; its bias is below bound / 2^32.
  mutating func below(_ bound: Int) -> Int {
    Int(UInt32(bound).multipliedFullWidth(by: word()).high)
  }

  /// Puts `values` into random order (Fisher and Yates).
  mutating func shuffle(_ values: UnsafeMutableBufferPointer<Int32>) {
    var i = values.count - 1
    while i > 0 {
      values.swapAt(i, below(i + 1))
      i -= 1
    }
  }
}
