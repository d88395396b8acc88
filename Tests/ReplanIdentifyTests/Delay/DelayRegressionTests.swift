import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanIdentify

/// One channel that adds up its actions, some ticks late.
@Suite struct DelayRegressionTests {
  private func record(_ delay: Int, noise: Double, disturbance: Double) -> Trajectory {
    var random = TestRandom(2)
    var trajectory = Trajectory(actionCount: 1, start: [0])
    var (state, sent): (Double, [Double]) = (0, [])
    for k in 0..<400 {
      sent.append(k % 7 < 3 ? 1 : random.uniform(-1, 1))
      state +=
        0.1 * (k >= delay ? sent[k - delay] : 0) - 0.02 * state + disturbance * random.normal()
      trajectory.append(
        action: [Float(sent[k])], state: [Float(state + noise * random.normal())])
    }
    return trajectory
  }

  private func regression(_ trajectory: Trajectory) throws -> (DelayRegression, samples: Int) {
    let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02)
    let windows = DelayWindows([trajectory], structure, longest: DelayEstimate.longest)
    let samples = windows.lengths.reduce(0, +)
    return (
      try #require(DelayRegression(windows, channel: 0, order: 1, samples: samples)), samples
    )
  }

  @Test(arguments: [0, 3, 10]) func theRightCandidateLeavesLeast(delay: Int) throws {
    let errors = try #require(
      try regression(record(delay, noise: 0.02, disturbance: 0.02)).0.errors())
    let sums = errors.byCandidate.map { $0.reduce(0, +) }
    #expect(sums.firstIndex(of: errors.least) == delay, "\(sums)")
    #expect(errors.none > errors.least && errors.extra == 1)
  }

  /// Where a disturbance makes the errors, the likelihood says so; where there is none, it stays low.
  @Test func disturbancesAreToldFromNoise() throws {
    for (noise, disturbance, isDisturbed) in [(0.05, 0.0, false), (0.002, 0.05, true)] {
      let (found, samples) = try regression(record(2, noise: noise, disturbance: disturbance))
      let shares = [0.0, 0.1, 1, 10, 100]
      let likelihoods = try shares.map {
        try #require(found.errors(share: $0)).likelihood(samples: samples)
      }
      let best = try #require(likelihoods.firstIndex(of: likelihoods.max() ?? 0))
      #expect((shares[best] >= 10) == isDisturbed, "\(likelihoods)")
    }
  }

  @Test func whatStandsStillIsLeftOut() {
    var still = Trajectory(actionCount: 1, start: [1])
    for k in 0..<100 { still.append(action: [Float(k % 3)], state: [1]) }
    let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02)
    let windows = DelayWindows([still], structure, longest: DelayEstimate.longest)
    #expect(DelayRegression(windows, channel: 0, order: 1, samples: 100) == nil)
  }
}
