import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct PathIntegralTests {
  /// Where all plans cost the same nothing is learned of the noise.
  @Test(arguments: [SIMD4<Float>(1, 0, 0, 0), SIMD4(1, 0.3, 0.1, 0), SIMD4(1, 0.5, 0, 0)])
  func equalCostsLeaveTheNoiseAsItIs(scales: SIMD4<Float>) {
    var configuration = ControllerFixture.configuration(
      .pathIntegral(
        PathIntegralConfiguration(
          horizon: 8, candidates: 4096, noise: 0.2, noiseExponent: 0, scales: scales,
          adaptation: 0.5, leastNoise: 0.01)))
    configuration.objective = Objective()
    let fixture = PlannerFixture(configuration, RandomParameters(configuration.shape, seed: 21))
    guard case .pathIntegral(let planner) = fixture.planner else { return #expect(Bool(false)) }
    for tick in 0..<5 {
      #expect(fixture.improve([0, 0, 0, 0], tick: tick).isUsable)
      // Adaptation never raises it, so sampling errors add up downwards.
      for k in 0..<8 { #expect(planner.spread[k] > 0.18 && planner.spread[k] <= 0.2) }
    }
  }
}
