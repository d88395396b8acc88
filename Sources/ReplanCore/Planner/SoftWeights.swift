import ReplanNumerics

/// Weights of candidates that fall exponentially with their cost.
struct SoftWeights {
  /// Exponents, then weights, one vector for sixteen candidates; 0 past the last.
  private let weights: UnsafeMutablePointer<Lanes>

  init(capacity: Int, arena: inout Arena) {
    weights = arena.lanes(Lanes.vectors(for: capacity))
  }

  /// Exponents from the costs, -(cost - least) / temperature.
  func begin(
    _ candidates: Candidates, count: Int, _ temperature: PathIntegralConfiguration.Temperature
  ) {
    let vectors = Lanes.vectors(for: count)
    hideRest(candidates.costs, from: count, as: .infinity)
    var least = candidates.costs[0]
    for v in 1..<max(vectors, 1) { least = least.lesser(candidates.costs[v]) }
    let lowest = SoftWeights.least(least)
    let scale: Float
    switch temperature {
    case .absolute(let value): scale = value
    case .relative(let share):
      scale = share * SoftWeights.median(candidates.costs, count: count, above: lowest)
    }
    // Where all costs are alike so are the weights.
    let factor = -1 / max(scale, 1e-12 * max(abs(lowest), 1))
    for v in 0..<vectors {
      weights[v] = (candidates.costs[v] - Lanes(repeating: lowest)) * Lanes(repeating: factor)
    }
  }

  /// Lowers the exponents by `factor` times the distance of one element of the plans.
  @inline(always)
  func charge(
    _ candidates: Candidates, count: Int, element: Int, around centre: Float, _ factor: Float
  ) {
    for v in 0..<Lanes.vectors(for: count) {
      let noise = candidates.element(element, vector: v, count: count) - Lanes(repeating: centre)
      weights[v] = weights[v].adding(-factor, times: noise)
    }
  }

  /// Weights from exponents; their sum is 1.
  func finish(count: Int) {
    let vectors = Lanes.vectors(for: count)
    hideRest(weights, from: count, as: -.infinity)
    var largest = weights[0]
    for v in 1..<max(vectors, 1) { largest = largest.greater(weights[v]) }
    let top = -SoftWeights.least(-largest)
    var sum = Lanes(repeating: 0)
    for v in 0..<vectors {
      weights[v] = exponential(weights[v] - Lanes(repeating: top))
      sum = sum + weights[v]
    }
    let factor = 1 / sum.orderedSum()
    for v in 0..<vectors { weights[v] = weights[v] * Lanes(repeating: factor) }
  }

  /// Weighted mean and mean square of the distance of one element of the plans from `centre`.
  @inline(always)
  func moments(
    _ candidates: Candidates, count: Int, element: Int, around centre: Float
  ) -> (mean: Float, square: Float) {
    var mean = Lanes(repeating: 0)
    var square = Lanes(repeating: 0)
    for v in 0..<Lanes.vectors(for: count) {
      let noise = candidates.element(element, vector: v, count: count) - Lanes(repeating: centre)
      let weighted = weights[v] * noise
      mean = mean + weighted
      square = square.addingProduct(weighted, noise)
    }
    return (mean.orderedSum(), square.orderedSum())
  }

  /// The median of the costs minus the least: its bits are found from the highest down, as the bits
  /// of numbers that are not negative are ordered as the numbers are. Infinite costs count; a
  /// median that is infinite is replaced by the largest finite number.
  private static func median(
    _ costs: UnsafePointer<Lanes>, count: Int, above lowest: Float
  ) -> Float {
    let rank = (count - 1) / 2
    var found: UInt32 = 0
    var bit: UInt32 = 0x4000_0000
    while bit > 0 {
      let bound = Lanes(repeating: Float(bitPattern: found | bit))
      var below = Lanes(repeating: 0)
      for v in 0..<Lanes.vectors(for: count) {
        let isBelow = (costs[v] - Lanes(repeating: lowest)) .< bound
        below = below.replacing(with: below + Lanes(repeating: 1), where: isBelow)
      }
      if Int(below.orderedSum()) <= rank { found |= bit }
      bit >>= 1
    }
    let median = Float(bitPattern: found)
    return median < .infinity ? median : .greatestFiniteMagnitude
  }

  @inline(always)
  private static func least(_ x: Lanes) -> Float {
    var least = x[0]
    for lane in 1..<Lanes.width where x[lane] < least { least = x[lane] }
    return least
  }

  @inline(always)
  private func hideRest(_ values: UnsafeMutablePointer<Lanes>, from count: Int, as value: Float) {
    let last = Lanes.vectors(for: count) - 1
    for lane in (count - last * Lanes.width)..<Lanes.width { values[last][lane] = value }
  }
}
