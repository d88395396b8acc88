import Testing

@testable import ReplanIdentify

@Suite struct DynamicModeFitTests {
  @Test func allDirectionsAreLeastSquares() throws {
    var random = TestRandom(1)
    let space = StateSpace(
      a: [[0.9, 0.1], [-0.2, 0.8]], b: [[0.1, 0], [0.3, 0.5]], c: [[1, 0], [0, 1]],
      offset: [3, -1])
    let record = space.record(300, process: 0.05, random: &random)
    let found = try #require(DynamicModeFit([record], outputs: 2).model(order: 2))
    let least = try #require(ARXFit([record], outputs: 2, longest: 0).model(history: 0))
    for (a, b) in zip(found.coefficients.values, least.coefficients.values) {
      #expect(abs(a - b) < 1e-9)
    }
    for (target, covariance) in found.covariances.enumerated() {
      for (a, b) in zip(covariance.values, least.covariances[target].values) {
        #expect(abs(a - b) < 1e-3 * abs(b) + 1e-9)
      }
    }
  }

  /// Six channels that show the motion of two, each with noise of its own: two directions carry it.
  @Test func fewDirectionsCarryTheMotion() throws {
    var random = TestRandom(2)
    let shown = (0..<6).map { _ in random.array(2, -1, 1) }
    let space = StateSpace(
      a: [[0.95, 0.2], [-0.2, 0.95]], b: [[0], [0.5]], c: shown)
    let record = space.record(400, output: 0.2, random: &random)
    let fit = DynamicModeFit([record], outputs: 6)
    let clean = space.record(100, random: &random)
    let two = try #require(fit.model(order: 2))
    let all = try #require(fit.model(order: 6))
    // Nothing moves in the other directions, and nothing of the motion is lost.
    let (_, values, _) = try #require(DenseAlgebra.decomposed(two.companion))
    #expect(values[1] > 0.3 && values[2] < 1e-9)
    #expect(two.simulationError(clean, from: 0) < 1.1 * all.simulationError(clean, from: 0))
    #expect(fit.model(order: 7) == nil)
  }
}
