import ReplanNumerics
import ReplanRealtime

/// The fused multiply-adds of one core, when nothing but them is asked of it.
public enum PeakBench {
  /// Billions of floating-point operations a second; a multiply-add counts as two.
  ///
  /// The best slice counts: whatever disturbs a slice makes it slower, nothing makes it faster than
  /// the core is. Two loops are tried: six accumulators fill the sixteen registers of AVX2 and
  /// would starve two AVX-512 units, sixteen keep those busy and would spill elsewhere.
  ///
  /// - Parameter slices: of some 10 ms each, of either loop.
  public static func gigaflops(slices: Int) -> Double {
    precondition(slices > 0, "at least one slice")
    var best = 0.0
    var breather = Breather()
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 18) { values in
      for i in 0..<18 { values.initializeElement(at: i, to: Lanes(repeating: 0.1 * Float(i))) }
      values[16] = Lanes(repeating: 0.999)
      values[17] = Lanes(repeating: 0.001)
      let base = values.baseAddress!
      var rounds = (six: 100_000, sixteen: 100_000)
      for slice in -2..<slices {
        let six = rate(&rounds.six, accumulators: 6) { runSix($0, base) }
        breather.breathe()
        let sixteen = rate(&rounds.sixteen, accumulators: 16) { runSixteen($0, base) }
        breather.breathe()
        // The first slices find the number of rounds, and let the clock rise.
        if slice >= 0 { best = max(best, six, sixteen) }
      }
    }
    return best
  }

  /// Runs one slice and sets the rounds of the next one to some 10 ms.
  private static func rate(
    _ rounds: inout Int, accumulators: Int, _ run: (Int) -> Void
  ) -> Double {
    let start = MonotonicClock.nanoseconds
    run(rounds)
    let elapsed = Double(max(MonotonicClock.nanoseconds - start, 1))
    let rate = Double(2 * Lanes.width * accumulators * rounds) / elapsed
    rounds = max(1000, Int(Double(rounds) * 1e7 / elapsed))
    return rate
  }

  /// - Shapes: values [18]: accumulators, factor at 16, summand at 17.
  @inline(never)
  private static func runSix(_ rounds: Int, _ values: UnsafeMutablePointer<Lanes>) {
    let x = values[16]
    let y = values[17]
    var a = values[0]
    var b = values[1]
    var c = values[2]
    var d = values[3]
    var e = values[4]
    var f = values[5]
    for _ in 0..<rounds {
      a = y.addingProduct(a, x)
      b = y.addingProduct(b, x)
      c = y.addingProduct(c, x)
      d = y.addingProduct(d, x)
      e = y.addingProduct(e, x)
      f = y.addingProduct(f, x)
    }
    // Stored, so that the sums are wanted.
    values[0] = a
    values[1] = b
    values[2] = c
    values[3] = d
    values[4] = e
    values[5] = f
  }

  /// - Shapes: as in `runSix`.
  @inline(never)
  private static func runSixteen(_ rounds: Int, _ values: UnsafeMutablePointer<Lanes>) {
    let x = values[16]
    let y = values[17]
    var low = (
      values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]
    )
    var high = (
      values[8], values[9], values[10], values[11], values[12], values[13], values[14], values[15]
    )
    for _ in 0..<rounds {
      step(&low, x, y)
      step(&high, x, y)
    }
    (values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]) = low
    (values[8], values[9], values[10], values[11], values[12], values[13], values[14], values[15]) =
      high
  }

  private typealias Eight = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

  @inline(always)
  private static func step(_ sums: inout Eight, _ x: Lanes, _ y: Lanes) {
    sums.0 = y.addingProduct(sums.0, x)
    sums.1 = y.addingProduct(sums.1, x)
    sums.2 = y.addingProduct(sums.2, x)
    sums.3 = y.addingProduct(sums.3, x)
    sums.4 = y.addingProduct(sums.4, x)
    sums.5 = y.addingProduct(sums.5, x)
    sums.6 = y.addingProduct(sums.6, x)
    sums.7 = y.addingProduct(sums.7, x)
  }
}
