import ReplanNumerics

/// The fused multiply-add peak of one core: independent chains that stay in registers.
///
/// Sixteen vectors fill AVX-512's registers well. With AVX2 and NEON, where a vector takes two or
/// four registers, six are what fits: as many as the latency needs, none that spills. Both are tried
/// and the better counts.
enum Peak {
  /// GFLOP/s, the median of `rounds` after one that does not count.
  static func measure(rounds: Int) -> Double {
    let narrow = measure(rounds: rounds, vectors: 6) { six($0) }
    let wide = measure(rounds: rounds, vectors: 16) { sixteen($0) }
    return max(narrow, wide)
  }

  private static func measure(
    rounds: Int, vectors: Int, _ run: (Int) -> Lanes
  ) -> Double {
    let steps = 400_000
    var rates: [Double] = []
    for round in 0...rounds {
      let start = CoreBench.seconds()
      let sums = run(steps)
      let duration = CoreBench.seconds() - start
      // The chains tend to 1; reading them keeps the work alive.
      guard sums[0] > 0 else { CoreBench.fail("core-bench: the peak's sums are wrong", code: 70) }
      if round > 0 { rates.append(2e-9 * Double(vectors * Lanes.width * steps) / duration) }
    }
    return rates.sorted()[rates.count / 2]
  }

  /// Two chains.
  private struct Pair {
    var a: Lanes
    var b: Lanes

    init(_ start: Float) {
      a = Lanes(repeating: start)
      b = Lanes(repeating: start + 0.1)
    }

    @inline(always)
    mutating func step() {
      let factor = Lanes(repeating: 0.999)
      let summand = Lanes(repeating: 0.001)
      a = summand.addingProduct(a, factor)
      b = summand.addingProduct(b, factor)
    }

    var sum: Lanes { a + b }
  }

  @inline(never)
  private static func six(_ steps: Int) -> Lanes {
    var a = Pair(0.1)
    var b = Pair(0.3)
    var c = Pair(0.5)
    for _ in 0..<steps {
      a.step()
      b.step()
      c.step()
    }
    return a.sum + b.sum + c.sum
  }

  @inline(never)
  private static func sixteen(_ steps: Int) -> Lanes {
    var a = Pair(0.1)
    var b = Pair(0.3)
    var c = Pair(0.5)
    var d = Pair(0.7)
    var e = Pair(0.9)
    var f = Pair(1.1)
    var g = Pair(1.3)
    var h = Pair(1.5)
    for _ in 0..<steps {
      a.step()
      b.step()
      c.step()
      d.step()
      e.step()
      f.step()
      g.step()
      h.step()
    }
    return a.sum + b.sum + c.sum + d.sum + e.sum + f.sum + g.sum + h.sum
  }
}
