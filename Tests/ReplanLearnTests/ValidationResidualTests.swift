import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// White residuals stay within their bounds, coloured ones and forgotten inputs leave them.
struct ValidationResidualTests {
  private func tests(
    _ runs: [Trajectory], _ residual: (Trajectory, Int) -> Float
  ) -> ResidualTests {
    ResidualTests(
      residuals: runs.map { run in
        (0..<run.count).flatMap { [residual(run, $0), nil] as [Float?] }
      }, trajectories: runs, stateCount: 2, channels: [0], lags: 20)
  }

  private struct White {
    var p: Philox
    init(_ seed: UInt32) {
      p = Philox(seed: SIMD2(seed, 8), episode: 0, tick: 0, iteration: 0, candidate: 0)
    }
    mutating func next() -> Float { p.nextNormals().x }
  }

  @Test func whiteResidualsAreWithinTheBounds() {
    let runs = ToyPredictor.trajectories(10, length: 300)
    var (outside, all) = (0, 0)
    for seed in 1...20 {
      var white = White(UInt32(seed))
      let found = tests(runs) { _, _ in white.next() }
      #expect(found.autocorrelations.count == 1 && found.crossCorrelations.count == 1)
      #expect(found.autocorrelations[0].values.count == 20)
      #expect(found.crossCorrelations[0].values.count == 21)
      for correlation in found.autocorrelations + found.crossCorrelations {
        outside += correlation.outside
        all += correlation.values.count
      }
    }
    // One in a hundred is expected; of 820 up to 20 are likely enough.
    #expect(outside <= 20 && all == 820)
  }

  @Test func aForgottenInputShowsAtItsLag() {
    let runs = ToyPredictor.trajectories(5, length: 300)
    var white = White(3)
    let found = tests(runs) { run, k in
      white.next() + (k >= 2 ? 0.3 * run.actions[k - 2] : 0)
    }
    let cross = found.crossCorrelations[0]
    #expect(cross.firstLag == 0 && cross.action == 0)
    #expect(cross.values[2] > 2 * cross.bound)
    #expect(abs(cross.values[2] - 0.3 / (1.09 as Double).squareRoot()) < 0.08)
    #expect(cross.values.indices.filter { cross.values[$0].magnitude > 1.5 * cross.bound } == [2])
  }

  @Test func colouredResidualsShow() {
    let runs = ToyPredictor.trajectories(5, length: 400)
    var white = White(5)
    var last: Float = 0
    let found = tests(runs) { _, k in
      last = (k == 0 ? 0 : 0.6 * last) + white.next()
      return last
    }
    let own = found.autocorrelations[0]
    #expect(abs(own.values[0] - 0.6) < 0.06 && abs(own.values[1] - 0.36) < 0.09)
    #expect(own.outside >= 3 && own.firstLag == 1)
  }

  @Test func noPairCrossesFromOneRunToTheNext() {
    // In each run the residual alternates; across runs it would not.
    let runs = ToyPredictor.trajectories(50, length: 2)
    let found = tests(runs) { _, k in k % 2 == 0 ? 1 : -1 }
    #expect(abs(found.autocorrelations[0].values[0] + 0.5) < 1e-6)
    #expect(found.autocorrelations[0].values.dropFirst().allSatisfy { $0 == 0 })
  }
}
