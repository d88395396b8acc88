import Testing

@testable import ReplanIdentify

/// Intervals near a bound, against a plain evaluation of their source and against their promise.
@Suite struct BoundedIntervalTests {
  @Test func farFromBoundsItIsTheNormalOne() {
    let range = BoundedInterval(estimate: 5, deviation: 0.1, bounds: 0...1000).range
    #expect(abs(range.lowerBound - (5 - 0.195_996_4)) < 1e-6)
    #expect(abs(range.upperBound - (5 + 0.195_996_4)) < 1e-6)
  }

  /// A measured mean in deviations, and the interval, from the belt of the source on a grid of means.
  @Test(arguments: [
    (-3.0, 0.0, 0.42), (-2.0, 0.0, 0.62), (-1.0, 0.0, 1.10), (-0.5, 0.0, 1.49), (0.0, 0.0, 1.96),
    (0.5, 0.0, 2.46), (1.0, 0.0, 2.96), (2.0, 0.36, 3.96), (3.0, 1.14, 4.96),
  ])
  func itIsThatOfTheSource(measured: Double, low: Double, high: Double) {
    let range = BoundedInterval(estimate: measured, deviation: 1, bounds: 0...1e6).range
    #expect(abs(range.lowerBound - low) < 0.011 && abs(range.upperBound - high) < 0.011, "\(range)")
    // An upper bound is a lower one seen from the other side.
    let other = BoundedInterval(estimate: -measured, deviation: 1, bounds: -1e6...0).range
    #expect(abs(other.lowerBound + range.upperBound) < 1e-6)
    #expect(abs(other.upperBound + range.lowerBound) < 1e-6)
  }

  /// Estimates of every truth, also where both bounds are near.
  @Test(arguments: [0.0, 0.2, 0.7, 1.5, 2.5])
  func itHoldsTheTruthAsOftenAsItSays(truth: Double) {
    var random = TestRandom(7)
    let draws = 4000
    for bounds in [0...100.0, 0...2.5] {
      let inside = (0..<draws).count { _ in
        let estimate = truth + random.normal()
        return BoundedInterval(estimate: estimate, deviation: 1, bounds: bounds).range
          .contains(truth)
      }
      let share = Double(inside) / Double(draws)
      // Four deviations of a count of 4000.
      #expect(abs(share - 0.95) < 0.014, "\(truth) in \(bounds): \(share)")
    }
  }

  @Test func farOutsideItStaysAtTheBound() {
    let range = BoundedInterval(estimate: -1e3, deviation: 1e-3, bounds: 0...1).range
    #expect(range.lowerBound == 0 && range.upperBound < 1e-3)
  }
}
