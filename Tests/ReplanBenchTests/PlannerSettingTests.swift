import ReplanCore
import ReplanRobot
import Testing

@testable import ReplanBench

struct PlannerSettingTests {
  @Test func everyKindIsThereOnce() {
    let kinds = PlannerConfiguration.every(horizon: 40).map(\.kind)
    #expect(kinds == ["ilqr", "cem", "mppi", "shooting", "cem-ilqr", "lqr"])
  }

  @Test(arguments: 0..<5)
  func settingsAreReplaced(kind: Int) throws {
    let planner = PlannerConfiguration.every(horizon: 40)[kind]
    let changed = planner.with(horizon: 7, candidates: 48, iterations: 9)
    #expect(changed.horizon == 7 && changed.candidates == 48 && changed.iterations == 9)
    #expect(changed.kind == planner.kind && changed.words == "9 x 48 x 7")
    let kept = planner.with(horizon: 8)
    #expect(kept.candidates == planner.candidates && kept.iterations == planner.iterations)
    let range = try #require(planner.candidateRange)
    #expect(range.lowerBound == 16)
  }

  @Test func evaluationsOfTheRecipe() throws {
    var configuration = try RobotDescription.standard().controllerConfiguration(seed: 1)
    let standard = EnsembleShape.standard
    configuration.structure = standard.structure
    configuration.model = .ensemble(standard.shape)
    // 5 iterations x 200 candidates x 25 ticks x 5 particles.
    configuration.planner = .crossEntropy(.plain(horizon: 25))
    #expect(configuration.evaluations == 125_000)
    configuration.propagation = Propagation(.mean)
    #expect(configuration.evaluations == 125_000)
    configuration.propagation = Propagation(.member, particles: 2)
    #expect(configuration.evaluations == 50_000)
    // Decreasing populations: 100 and 50.
    configuration.planner = .crossEntropy(
      CrossEntropyConfiguration(horizon: 10, iterations: 2, candidates: 100, elites: 5, decay: 2))
    #expect(configuration.evaluations == 150 * 10 * 2)
    // 32 candidates at the start, 16 step sizes in each iteration, through all members.
    configuration.planner = .ilqr(ILQRConfiguration(horizon: 50, iterations: 2, candidates: 32))
    #expect(configuration.evaluations == 64 * 50 * 5)
  }

  @Test func operationsOfTheStandardNetwork() {
    let shape = EnsembleShape.standard.shape
    #expect(shape.words == "6-64-64-8" && shape.memberCount == 5)
    #expect(shape.flops == Double(2 * (6 * 64 + 64 * 64 + 64 * 4)))
  }

  @Test func quantilesAreNearestRanks() {
    let times = TickTimes(nanoseconds: (1...200).reversed().map { $0 * 1000 })
    #expect(times.p50 == 100 && times.p90 == 180 && times.p99 == 198 && times.max == 200)
    let one = TickTimes(nanoseconds: [1500])
    #expect(one.p50 == 1.5 && one.p99 == 1.5 && one.quantile(0.001) == 1.5)
  }
}
