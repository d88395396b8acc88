import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct ValueTests {
  /// The value of one candidate with these particle costs.
  private func value(_ value: Value, _ costs: [Float]) -> Float {
    var lanes = costs.map { Lanes(repeating: $0) }
    return Valuation(value, particles: costs.count).apply(&lanes, stride: 1)[7]
  }

  /// Known answers; the quantiles are those of numpy.quantile.
  @Test func knownAnswers() {
    let costs: [Float] = [4, 1, 5, 3, 2]
    #expect(abs(value(.expected, costs) - 3) < 1e-6)
    #expect(abs(value(.pessimistic(0.95), costs) - 4.9) < 1e-5)
    #expect(abs(value(.optimistic(0.70), costs) - 1.6) < 1e-5)
    let hundred = (0..<101).map { Float(($0 * 37) % 101) }
    #expect(abs(value(.pessimistic(0.95), Array(hundred)) - 97.5) < 1e-4)
    #expect(abs(value(.optimistic(0.70), Array(hundred)) - 15) < 1e-4)
  }

  @Test func oneParticleIsItsOwnValue() {
    for value: Value in [.expected, .pessimistic(0.95), .optimistic(0.7)] {
      #expect(self.value(value, [2.5]) == 2.5)
      #expect(self.value(value, [2.5, 2.5, 2.5]) == 2.5)
    }
  }

  @Test func infiniteParticlesCountAsTheWorst() {
    let costs: [Float] = [.infinity, 1, 2, 3, 4]
    #expect(value(.expected, costs) == .infinity)
    #expect(value(.pessimistic(0.95), costs) == .infinity)
    #expect(value(.pessimistic(0.2), costs) < .infinity)
    #expect(abs(value(.optimistic(0.7), costs) - 1.6) < 1e-5)
    #expect(value(.optimistic(0.7), [.infinity, .infinity]) == .infinity)
  }

  /// Against sorting, lane by lane, for every number of particles.
  @Test(arguments: [Float(0.05), 0.5, 0.7, 0.95, 0.999])
  func quantilesAgreeWithSorting(share: Float) {
    var random = TestRandom(4)
    for particles in 1...64 {
      let costs = (0..<particles).map { _ in
        var x = Lanes(repeating: 0)
        for lane in 0..<16 { x[lane] = random.uniform(-3, 50) }
        return x
      }
      for (value, q) in [
        (Value.pessimistic(share), 0.5 + share / 2), (.optimistic(share), 0.5 - share / 2),
      ] {
        var work = costs
        let result = Valuation(value, particles: particles).apply(&work, stride: 1)
        for lane in 0..<16 {
          let sorted = costs.map { $0[lane] }.sorted()
          let position = Float(particles - 1) * q
          let low = Int(position)
          let high = min(low + 1, particles - 1)
          let expected = sorted[low] + (position - Float(low)) * (sorted[high] - sorted[low])
          #expect(abs(result[lane] - expected) < 1e-4 * max(1, abs(expected)))
        }
      }
    }
  }

  /// Two actions lead to the same place on average, one surely, one not; there is a cliff behind.
  /// The cost of the mean calls the wide one better by its smaller effort, the mean of the costs and
  /// the worst end do not, and the best end does.
  @Test func atACliffTheValueOfTheMeanAndTheMeanOfTheValuesDisagree() {
    let cliff = Term(.range, channel: 0, weight: 20, high: 1)
    func costs(_ outcomes: [Float], effort: Float) -> [Float] {
      outcomes.map { cliff.derivatives($0).cost + effort }
    }
    let narrow: [Float] = [0.7, 0.75, 0.8, 0.85, 0.9]
    let wide: [Float] = [0.2, 0.5, 0.8, 1.1, 1.4]
    let ofMean = (
      narrow: costs([narrow.reduce(0, +) / 5], effort: 0.1)[0],
      wide: costs([wide.reduce(0, +) / 5], effort: 0)[0]
    )
    #expect(ofMean.wide < ofMean.narrow)
    let narrowCosts = costs(narrow, effort: 0.1)
    let wideCosts = costs(wide, effort: 0)
    #expect(value(.expected, wideCosts) > value(.expected, narrowCosts))
    #expect(value(.pessimistic(0.95), wideCosts) > value(.pessimistic(0.95), narrowCosts))
    #expect(value(.optimistic(0.7), wideCosts) < value(.optimistic(0.7), narrowCosts))
    // 0.68 = 20 (0.1² + 0.4²) / 5; at position 3.9 between 0.2 and 3.2: 2.9.
    #expect(abs(value(.expected, wideCosts) - 0.68) < 1e-4)
    #expect(abs(value(.pessimistic(0.95), wideCosts) - 2.9) < 1e-3)
  }
}
