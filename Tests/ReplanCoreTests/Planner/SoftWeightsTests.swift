import Foundation
import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct SoftWeightsTests {
  /// The weighted mean of plans of one action each, and its square.
  private func mean(
    _ costs: [Float], _ plans: [Float], _ temperature: PathIntegralConfiguration.Temperature,
    charge: Float = 0
  ) -> (mean: Float, square: Float) {
    func make(_ arena: inout Arena) -> (Candidates, SoftWeights) {
      (
        Candidates(capacity: costs.count, horizon: 1, actionCount: 1, arena: &arena),
        SoftWeights(capacity: costs.count, arena: &arena)
      )
    }
    var measure = Arena.measuring()
    _ = make(&measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let (candidates, weights) = make(&arena)
    for (c, cost) in costs.enumerated() {
      candidates.costs[c / 16][c % 16] = cost
      let (start, vectors) = candidates.block(of: c / 16, count: costs.count)
      candidates.set(
        c - 16 * start, of: candidates.block(start), vectors: vectors, from: [plans[c]])
    }
    weights.begin(candidates, count: costs.count, temperature)
    if charge != 0 {
      weights.charge(candidates, count: costs.count, element: 0, around: 0, charge)
    }
    weights.finish(count: costs.count)
    let result = weights.moments(candidates, count: costs.count, element: 0, around: 0)
    return withExtendedLifetime(block) { result }
  }

  @Test func knownAnswers() {
    // Weights 1, e⁻¹ and 0.
    let result = mean([1, 3, .infinity], [2, -1, 50], .absolute(2))
    let weight = exp(Float(-1))
    #expect(abs(result.mean - (2 - weight) / (1 + weight)) < 1e-5)
    #expect(abs(result.square - (4 + weight) / (1 + weight)) < 1e-5)
    // The exponent of the second falls by 0.5 · -1, so it grows to e^-½; that of the first by 1.
    let charged = mean([1, 3], [2, -1], .absolute(2), charge: 0.5)
    let first = exp(Float(-1))
    let second = exp(Float(-0.5))
    #expect(abs(charged.mean - (2 * first - second) / (first + second)) < 1e-5)
  }

  /// The median of 0...4 is 2 above the least, so a relative temperature of ½ is 1.
  @Test(arguments: [Float(0), 7, -3, 1000])
  func theSpreadIsTheMedianAboveTheLeast(shift: Float) {
    let costs: [Float] = [3, 0, 4, 1, 2]
    let plans: [Float] = [1, 2, 3, 4, 5]
    let relative = mean(costs.map { $0 + shift }, plans, .relative(0.5))
    let absolute = mean(costs, plans, .absolute(1))
    #expect(abs(relative.mean - absolute.mean) < 1e-3)
    // One candidate of enormous cost moves neither.
    let outlier = mean([3, 0, 1e30, 1, 2], plans, .relative(0.5))
    #expect(abs(outlier.mean - absolute.mean) < 0.1)
  }

  @Test func equalCostsWeighAlikeWhateverTheTemperature() {
    for temperature in [PathIntegralConfiguration.Temperature.relative(0.1), .absolute(3)] {
      let plans = (0..<40).map(Float.init)
      let result = mean([Float](repeating: 5, count: 40), plans, temperature)
      #expect(abs(result.mean - 19.5) < 1e-4)
    }
  }

  @Test func aLowTemperatureTakesTheBest() {
    let costs = (0..<50).map { Float(($0 * 13) % 50) }
    let result = mean(costs, (0..<50).map(Float.init), .absolute(0.01))
    #expect(abs(result.mean) < 1e-5)
  }
}
