import Testing

@testable import ReplanIdentify

/// Intervals near a bound, against a plain evaluation of their source and against their promise.
@Suite struct BoundedIntervalsTests {
  private func range(
    _ estimate: Double, _ deviation: Double, _ bounds: ClosedRange<Double>
  ) throws -> ClosedRange<Double> {
    var covariance = Matrix(rows: 1, columns: 1)
    covariance[0, 0] = deviation * deviation
    return try #require(
      BoundedIntervals(estimates: [estimate], covariance: covariance, bounds: [bounds]))[0]
  }

  @Test func farFromBoundsItIsTheNormalOne() throws {
    let range = try self.range(5, 0.1, 0...1000)
    #expect(abs(range.lowerBound - (5 - 0.195_996_4)) < 1e-6)
    #expect(abs(range.upperBound - (5 + 0.195_996_4)) < 1e-6)
  }

  /// A measured mean in deviations, and the interval, from the belt of the source on a grid of means.
  @Test(arguments: [
    (-3.0, 0.0, 0.42), (-2.0, 0.0, 0.62), (-1.0, 0.0, 1.10), (-0.5, 0.0, 1.49), (0.0, 0.0, 1.96),
    (0.5, 0.0, 2.46), (1.0, 0.0, 2.96), (2.0, 0.36, 3.96), (3.0, 1.14, 4.96),
  ])
  func itIsThatOfTheSource(measured: Double, low: Double, high: Double) throws {
    let range = try self.range(measured, 1, 0...1e6)
    #expect(abs(range.lowerBound - low) < 0.011 && abs(range.upperBound - high) < 0.011, "\(range)")
    // An upper bound is a lower one seen from the other side.
    let other = try self.range(-measured, 1, -1e6...0)
    #expect(abs(other.lowerBound + range.upperBound) < 1e-6)
    #expect(abs(other.upperBound + range.lowerBound) < 1e-6)
  }

  /// Estimates of every truth, also where both bounds are near.
  @Test(arguments: [0.0, 0.2, 0.7, 1.5, 2.5])
  func itHoldsTheTruthAsOftenAsItSays(truth: Double) throws {
    var random = TestRandom(7)
    let draws = 2000
    for bounds in [0...100.0, 0...2.5] {
      let inside = try (0..<draws).count { _ in
        try range(truth + random.normal(), 1, bounds).contains(truth)
      }
      let share = Double(inside) / Double(draws)
      // Four deviations of a count of 2000.
      #expect(abs(share - 0.95) < 0.02, "\(truth) in \(bounds): \(share)")
    }
  }

  @Test func farOutsideItStaysAtTheBound() throws {
    let range = try self.range(-1e3, 1e-3, 0...1)
    #expect(range.lowerBound == 0 && range.upperBound < 1e-3)
  }

  /// One estimate that is held far away, and one that follows it.
  @Test func whatIsHeldTakesOthersWithIt() throws {
    var covariance = Matrix(rows: 2, columns: 2)
    covariance.values = [1, 0.9, 0.9, 1]
    let found = try #require(
      BoundedIntervals(
        estimates: [-20, 10], covariance: covariance, bounds: [0...1e6, -1e6...1e6]))
    // With the first at zero the second is 0.9 · 20 further, and is told better.
    let deviation = (1 - 0.9 * 0.9).squareRoot()
    #expect(abs(found[1].lowerBound - (28 - 1.96 * deviation)) < 0.01, "\(found[1])")
    #expect(found[1].contains(28) && found[0].lowerBound == 0)
  }

  /// Two correlated parameters, both near their bounds, as two frictions of a joint are.
  @Test(arguments: [(0.0, 0.0), (0.3, 0.3), (0.3, 3), (2, 0.5)])
  func correlatedOnesHoldTheTruth(first: Double, second: Double) throws {
    var random = TestRandom(11)
    let correlation = -0.8
    var covariance = Matrix(rows: 2, columns: 2)
    covariance.values = [1, correlation, correlation, 1]
    let draws = 1500
    var inside = [0, 0]
    for _ in 0..<draws {
      let (a, b) = (random.normal(), random.normal())
      let other = correlation * a + (1 - correlation * correlation).squareRoot() * b
      let found = try #require(
        BoundedIntervals(
          estimates: [first + a, second + other], covariance: covariance,
          bounds: [0...1e6, 0...1e6]))
      inside[0] += found[0].contains(first) ? 1 : 0
      inside[1] += found[1].contains(second) ? 1 : 0
    }
    for count in inside { #expect((0.92...0.995).contains(Double(count) / Double(draws))) }
  }
}
