import ReplanCore
import ReplanRobot
import Testing

@testable import ReplanBench

struct FitRateTests {
  /// A machine whose tick takes `perStep` µs for each candidate and tick of the horizon.
  private func find(
    _ rate: Double, horizon: Double, perStep: Double, _ planner: PlannerConfiguration
  ) throws -> (fit: FitRate, tried: [PlannerConfiguration]) {
    var configuration = try RobotDescription.standard().controllerConfiguration(seed: 1)
    configuration.planner = planner
    var tried: [PlannerConfiguration] = []
    let finder = FitFinder(
      configuration: configuration, rate: rate, horizon: horizon
    ) { configuration, _ in
      let planner = configuration.planner
      tried.append(planner)
      #expect(configuration.structure.tick == Float(1 / rate))
      let work =
        (planner.iterations ?? 1) * (planner.candidates ?? 1) * planner.horizon
      return TickTimes(nanoseconds: [Int64(perStep * Double(work) * 1000)])
    }
    return (finder.find(), tried)
  }

  @Test func fillsTheShareOfThePeriod() throws {
    // 60 % of 5 ms are 3000 µs: with 3 iterations of 200 ticks and 0.05 µs, 100 candidates.
    let (fit, _) = try find(
      200, horizon: 1, perStep: 0.05, .crossEntropy(CrossEntropyConfiguration()))
    #expect(fit.fits && fit.horizon == 200 && !fit.isShortened && fit.iterations == 3)
    #expect(fit.candidates == 80 || fit.candidates == 96)
    #expect(fit.periodShare <= FitRate.share && fit.periodShare > 0.45)
  }

  @Test func takesFewerIterationsBeforeItShortens() throws {
    // 16 candidates x 200 ticks fit once: 0.7 µs x 3200 = 2240 µs of 3000.
    let (fit, _) = try find(200, horizon: 1, perStep: 0.7, .ilqr(ILQRConfiguration(iterations: 4)))
    #expect(fit.fits && fit.iterations == 1 && fit.candidates == 16 && !fit.isShortened)
  }

  @Test func shortensTheHorizonLast() throws {
    // 16 candidates, 2 iterations: 3000 µs / (32 x 2 µs) = 46 ticks.
    let (fit, _) = try find(
      200, horizon: 1, perStep: 2, .crossEntropy(CrossEntropyConfiguration()))
    #expect(fit.fits && fit.isShortened && fit.wantedHorizon == 200)
    #expect(fit.iterations == 2 && fit.candidates == 16)
    #expect((41...46).contains(fit.horizon))
  }

  @Test func saysWhenNothingFits() throws {
    let (fit, _) = try find(
      200, horizon: 1, perStep: 100, .pathIntegral(PathIntegralConfiguration()))
    #expect(!fit.fits && fit.horizon == 2 && fit.periodShare > FitRate.share)
  }

  /// The core plans 500 ticks at most.
  @Test func staysInsideTheCoresHorizon() throws {
    let (fit, tried) = try find(
      1000, horizon: 1, perStep: 1e-4, .randomShooting(RandomShootingConfiguration()))
    #expect(fit.horizon == 500 && fit.isShortened && fit.wantedHorizon == 1000)
    #expect(tried.allSatisfy { $0.horizon <= 500 })
  }

  @Test func plannersWithoutCandidatesAreJudgedByTheirHorizon() throws {
    let (fit, _) = try find(
      100, horizon: 1, perStep: 1, .ilqr(ILQRConfiguration(iterations: 1, isRealTime: true)))
    #expect(fit.fits && fit.candidates == nil && fit.horizon == 100 && fit.p99 == 100)
  }

  @Test func candidatesStayAboveTheElites() throws {
    let planner = PlannerConfiguration.crossEntropy(
      CrossEntropyConfiguration(candidates: 200, elites: 40))
    let (_, tried) = try find(500, horizon: 1, perStep: 1, planner)
    #expect(tried.allSatisfy { ($0.candidates ?? 0) >= 48 })
  }
}
