import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct ColouredNoiseTests {
  /// 16 × `blocks` samples [sample][tick].
  private func samples(exponent: Float, horizon: Int, blocks: Int) -> [[Float]] {
    var measure = Arena.measuring()
    _ = ColouredNoise(horizon: horizon, exponent: exponent, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let noise = ColouredNoise(horizon: horizon, exponent: exponent, arena: &arena)
    noise.prepare()
    var result = [Lanes](repeating: .zero, count: horizon)
    var samples: [[Float]] = []
    for b in 0..<blocks {
      noise.sample(
        key: RandomKey(seed: 3, episode: 0, tick: 0), iteration: 0, first: 16 * b, channel: 0,
        into: &result, step: 1)
      for lane in 0..<16 { samples.append(result.map { $0[lane] }) }
    }
    return withExtendedLifetime(block) { samples }
  }

  @Test(arguments: [Float(0), 1, 2], [31, 50])
  func everyTickHasUnitVariance(exponent: Float, horizon: Int) {
    let all = samples(exponent: exponent, horizon: horizon, blocks: 250)
    for t in 0..<horizon {
      let variance = all.map { $0[t] * $0[t] }.reduce(0, +) / Float(all.count)
      #expect(abs(variance - 1) < 0.13)
    }
  }

  @Test func aLargerExponentMovesMoreSlowly() {
    let roughness = [Float(0), 1, 2].map { exponent in
      let all = samples(exponent: exponent, horizon: 50, blocks: 40)
      var sum: Float = 0
      for sample in all {
        for t in 1..<50 {
          let difference = sample[t] - sample[t - 1]
          sum += difference * difference
        }
      }
      return sum / Float(49 * all.count)
    }
    // White noise: differences have twice the variance.
    #expect(abs(roughness[0] - 2) < 0.1)
    #expect(roughness[1] < 0.8 * roughness[0] && roughness[2] < 0.4 * roughness[1])
  }

  @Test func candidatesDiffer() {
    let all = samples(exponent: 1, horizon: 20, blocks: 2)
    #expect(Set(all.map { $0[3] }).count == all.count)
  }
}
