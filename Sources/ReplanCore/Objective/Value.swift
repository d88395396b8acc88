import ReplanNumerics

/// How the uncertain outcome of a candidate is valued, from the costs of its particles.
///
/// The ends of a central region are quantiles of the particles' costs, interpolated linearly
/// between order statistics: of P sorted costs, quantile q lies at position (P - 1) q. With few
/// particles an end therefore lies between the two outermost costs, and one particle is its own
/// quantile.
///
/// - Source: Hyndman and Fan 1996, definition 7, doi 10.1080/00031305.1996.10473566.
public enum Value: Sendable, BitwiseCopyable, Equatable {
  /// The mean cost over particles: E[V(s')], not V(E[s']).
  case expected
  /// The worst end of the central region that holds this share of the outcomes. 0 < share < 1.
  case pessimistic(Float)
  /// The best end of the central region that holds this share of the outcomes. 0 < share < 1.
  case optimistic(Float)

  /// The quantile of the cost that is taken; nil for the mean.
  var quantile: Float? {
    switch self {
    case .expected: nil
    case .pessimistic(let share): 0.5 + 0.5 * share
    case .optimistic(let share): 0.5 - 0.5 * share
    }
  }
}

/// A value prepared for a fixed number of particles.
struct Valuation {
  let particles: Int
  /// Order statistic below the quantile, from 0; -1 for the mean.
  private let rank: Int
  /// How far the quantile lies towards the next order statistic.
  private let fraction: Float

  init(_ value: Value, particles: Int) {
    self.particles = particles
    guard let quantile = value.quantile else {
      rank = -1
      fraction = 0
      return
    }
    precondition(quantile > 0 && quantile < 1, "the share of a central region is above 0, below 1")
    let position = Float(particles - 1) * quantile
    rank = min(Int(position), max(particles - 2, 0))
    fraction = position - Float(rank)
  }

  /// The value of each lane.
  ///
  /// - Shapes: costs [particles], `stride` vectors apart, none of them not a number; overwritten.
  @inline(always)
  func apply(_ costs: UnsafeMutablePointer<Lanes>, stride: Int) -> Lanes {
    guard rank >= 0 else {
      var sum = Lanes(repeating: 0)
      let weight = 1 / Float(particles)
      for p in 0..<particles { sum = sum.adding(weight, times: costs[p * stride]) }
      return sum
    }
    sort(costs, stride: stride)
    let low = costs[rank * stride]
    guard fraction > 0 else { return low }
    let high = costs[(rank + 1) * stride]
    // Infinite minus infinite is not a number; an infinite end stays infinite.
    let isFinite = high .< Lanes(repeating: .infinity)
    return Lanes(repeating: .infinity).replacing(
      with: low.adding(fraction, times: high - low), where: isFinite)
  }

  /// Sorts each lane by compare and exchange of neighbours, as far as `rank + 1`: each pass sinks
  /// the smallest cost left to its place.
  @inline(always)
  private func sort(_ costs: UnsafeMutablePointer<Lanes>, stride: Int) {
    for place in 0..<min(rank + 2, particles - 1) {
      var p = particles - 1
      while p > place {
        let a = costs[(p - 1) * stride]
        let b = costs[p * stride]
        costs[(p - 1) * stride] = a.lesser(b)
        costs[p * stride] = b.greater(a)
        p -= 1
      }
    }
  }
}
