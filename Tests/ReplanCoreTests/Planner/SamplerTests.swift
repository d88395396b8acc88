import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct SamplerTests {
  /// 48 candidates around a mean of 1 with deviation 2 [candidate][tick].
  private func candidates(
    horizon: Int, knots: Knots, tick: Int = 0, scales: SIMD4<Float> = SIMD4(1, 0, 0, 0),
    distribution: Sampler.Distribution = .normal, blocks: Int = 3
  ) -> [[Float]] {
    func make(_ arena: inout Arena) -> Sampler {
      Sampler(
        horizon: horizon, actionCount: 1, knots: knots, exponent: 0, scales: scales,
        distribution: distribution, arena: &arena)
    }
    var measure = Arena.measuring()
    _ = make(&measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let sampler = make(&arena)
    sampler.prepare()
    var result: [[Float]] = []
    for b in 0..<blocks {
      var actions = [Lanes](repeating: .zero, count: horizon)
      sampler.fill(
        &actions, vectors: 1, first: 16 * b, exact: 1, iteration: 0,
        key: RandomKey(seed: 1, episode: 1, tick: tick),
        mean: [Float](repeating: 1, count: horizon),
        deviation: [Float](repeating: 2, count: horizon))
      for lane in 0..<16 { result.append(actions.map { $0[lane] }) }
    }
    return withExtendedLifetime(block) { result }
  }

  @Test func theFirstCandidateIsTheMean() {
    #expect(candidates(horizon: 9, knots: Knots())[0] == [Float](repeating: 1, count: 9))
  }

  /// A knot every 4 ticks of the episode: at tick 6 the first change comes after two ticks.
  @Test(arguments: [(0, [4, 8]), (6, [2, 6]), (7, [1, 5, 9]), (11, [1, 5, 9])])
  func heldActionsChangeAtTheKnotsOfTheEpisodeOnly(tick: Int, changes: [Int]) {
    for plan in candidates(horizon: 10, knots: Knots(every: 4), tick: tick).dropFirst() {
      #expect((1..<10).filter { plan[$0] != plan[$0 - 1] } == changes)
    }
  }

  @Test(arguments: [0, 1, 2, 3, 4])
  func linearKnotsMakeStraightLines(tick: Int) {
    let plans = candidates(horizon: 13, knots: Knots(every: 4, .linear), tick: tick)
    for plan in plans.dropFirst() {
      for t in 1..<12 where (tick + t) % 4 != 0 {
        #expect(abs(plan[t + 1] - 2 * plan[t] + plan[t - 1]) < 1e-5)
      }
      #expect(Set(plan).count > 3)
    }
  }

  @Test func scalesAreTakenInTurn() {
    let plans = candidates(
      horizon: 30, knots: Knots(), scales: SIMD4(1, 0.3, 0.1, 0), blocks: 30)
    for (index, scale) in [Float(1), 0.3, 0.1].enumerated() {
      let some = plans.enumerated().filter { $0.offset % 3 == index && $0.offset > 0 }
        .flatMap(\.element)
      let deviation = (some.map { ($0 - 1) * ($0 - 1) }.reduce(0, +) / Float(some.count))
        .squareRoot()
      #expect(abs(deviation / (2 * scale) - 1) < 0.05)
    }
  }

  @Test func uniformSamplesFillTheirRange() {
    let all = candidates(horizon: 11, knots: Knots(), distribution: .uniform, blocks: 60)
      .dropFirst().flatMap { $0 }
    #expect(all.allSatisfy { $0 >= -1 && $0 <= 3 })
    let variance = all.map { ($0 - 1) * ($0 - 1) }.reduce(0, +) / Float(all.count)
    #expect(abs(variance - 4.0 / 3) < 0.05)
    #expect(all.min()! < -0.99 && all.max()! > 2.99)
  }
}
