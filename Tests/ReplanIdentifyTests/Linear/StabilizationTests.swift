import Testing

@testable import ReplanIdentify

@Suite struct StabilizationTests {
  @Test func aStableModelIsLetBe() throws {
    var random = TestRandom(1)
    let record = StateSpace.swinging.record(200, random: &random)
    let model = try #require(ARXFit([record], outputs: 1, longest: 1).model(history: 1))
    #expect(Stabilization.applied(to: model, [record]) == nil)
  }

  /// A slow plant and few noisy samples: least squares finds an eigenvalue beyond 1.
  @Test func anUnstableEstimateOfASlowPlantBecomesStable() throws {
    let space = StateSpace(a: [[0.995]], b: [[0.1]], c: [[1]])
    var made = 0
    for seed in 1...40 {
      var random = TestRandom(UInt64(seed))
      let record = space.record(60, process: 0.05, random: &random)
      let model = try #require(ARXFit([record], outputs: 1, longest: 0).model(history: 0))
      guard model.spectralRadius > Stabilization.limit else { continue }
      made += 1
      let result = try #require(Stabilization.applied(to: model, [record]))
      #expect(result.before == model.spectralRadius)
      #expect(result.model.spectralRadius <= Stabilization.limit + 1e-6)
      // It still follows the record about as well as one that was not held.
      #expect(
        result.model.simulationError(record, from: 0)
          < 1.5 * model.simulationError(record, from: 0) + 0.2)
    }
    #expect(made > 0)
  }

  @Test func severalOutputsAreHeldTogether() throws {
    var random = TestRandom(3)
    let space = StateSpace(
      a: [[1.02, 0.1], [0, 0.8]], b: [[0.1], [0.3]], c: [[1, 0], [0, 1]])
    let record = space.record(120, process: 0.01, random: &random)
    let model = try #require(ARXFit([record], outputs: 2, longest: 1).model(history: 1))
    let result = try #require(Stabilization.applied(to: model, [record]))
    #expect(result.before > 1.01)
    #expect(result.model.spectralRadius <= Stabilization.limit + 1e-6)
  }
}
