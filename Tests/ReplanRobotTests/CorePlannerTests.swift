import Foundation
import ReplanCore
import ReplanRobot
import Testing

@Suite struct CorePlannerTests {
  private func robot(_ more: String) throws -> RobotDescription {
    try RobotDescription.parse(text: minimal(more), file: "robot.yaml")
  }

  /// All settings of a configuration, as text: equal if and only if all of them are.
  private func settings(_ more: String) throws -> String {
    "\(try robot(more).plannerConfiguration())"
  }

  /// At 50 Hz a second is 50 ticks.
  @Test func defaultsAreTheCores() throws {
    let cases: [(String, PlannerConfiguration)] = [
      ("{}", .ilqr(ILQRConfiguration(horizon: 50))),
      ("{kind: ilqr}", .ilqr(ILQRConfiguration(horizon: 50))),
      ("{kind: cem}", .crossEntropy(.improved(horizon: 50))),
      ("{kind: mppi}", .pathIntegral(PathIntegralConfiguration(horizon: 50))),
      ("{kind: shooting}", .randomShooting(RandomShootingConfiguration(horizon: 50))),
      ("{kind: lqr}", .lqr(LQRConfiguration())),
      (
        "{kind: cem-ilqr}",
        .polished(.improved(horizon: 50), ILQRConfiguration(horizon: 50, candidates: 1))
      ),
    ]
    for (text, expected) in cases {
      #expect(try settings("planner: \(text)") == "\(expected)", "\(text)")
    }
  }

  @Test func gradientKindsMapExactly() throws {
    let ilqr = ILQRConfiguration(
      horizon: 25, iterations: 4, candidates: 1, noise: 0.25, noiseExponent: 2,
      regularisation: 0.5, dynamics: .members)
    #expect(
      try settings(
        "planner: {kind: ilqr, horizon: 0.5, iterations: 4, candidates: 1, noise: 0.25, "
          + "noise_exponent: 2, regularisation: 0.5, dynamics: members}")
        == "\(PlannerConfiguration.ilqr(ilqr))")
    let realTime = ILQRConfiguration(horizon: 50, isRealTime: true)
    #expect(
      try settings("planner: {kind: ilqr, real_time: true}")
        == "\(PlannerConfiguration.ilqr(realTime))")
    let lqr = LQRConfiguration(horizon: 10, iterations: 77, regularisation: 0.001)
    // The comparison means something only as long as the text shows every setting.
    #expect("\(lqr)".contains("iterations: 77, regularisation: 0.001"))
    #expect(
      try settings("planner: {kind: lqr, horizon: 0.2, iterations: 77, regularisation: 0.001}")
        == "\(PlannerConfiguration.lqr(lqr))")
  }

  @Test func samplingKindsMapExactly() throws {
    let cem = CrossEntropyConfiguration(
      horizon: 50, iterations: 7, candidates: 99, elites: 9, noise: 0.7, noiseExponent: 0.5,
      momentum: 0.3, scales: SIMD4(2, 1, 0.5, 0), keptElites: 0.4, shiftedElites: 0.2, decay: 1.5,
      result: .mean, knots: Knots(every: 3, .linear))
    let keys =
      "iterations: 7, candidates: 99, elites: 9, noise: 0.7, noise_exponent: 0.5, momentum: 0.3, "
      + "scales: [2, 1, 0.5], kept_elites: 0.4, shifted_elites: 0.2, decay: 1.5, execute: mean, "
      + "knots: {every: 3, between: linear}, threads: 2, wait: spin"
    #expect(
      try settings("planner: {kind: cem, \(keys)}")
        == "\(PlannerConfiguration.crossEntropy(cem))")
    let finish = ILQRConfiguration(
      horizon: 50, iterations: 5, candidates: 1, regularisation: 0.2, dynamics: .members)
    #expect(
      try settings(
        "planner: {kind: cem-ilqr, \(keys), "
          + "finish: {iterations: 5, regularisation: 0.2, dynamics: members}}")
        == "\(PlannerConfiguration.polished(cem, finish))")
    let shooting = RandomShootingConfiguration(
      horizon: 50, iterations: 2, candidates: 512, knots: Knots(every: 5))
    #expect(
      try settings("planner: {kind: shooting, iterations: 2, candidates: 512, knots: {every: 5}}")
        == "\(PlannerConfiguration.randomShooting(shooting))")
  }

  @Test(arguments: [
    ("0.25", PathIntegralConfiguration.Temperature.relative(0.25)),
    ("{absolute: 2.5}", .absolute(2.5)),
  ])
  func pathIntegralsMapExactly(
    text: String, temperature: PathIntegralConfiguration.Temperature
  ) throws {
    let expected = PathIntegralConfiguration(
      horizon: 50, iterations: 3, candidates: 64, noise: 0.3, noiseExponent: 0,
      scales: SIMD4(1, 0, 0, 0),
      temperature: temperature, controlCost: 0.1, adaptation: 0.5, leastNoise: 0.2,
      knots: Knots(every: 2))
    #expect(
      try settings(
        "planner: {kind: mppi, iterations: 3, candidates: 64, noise: 0.3, noise_exponent: 0, "
          + "scales: [1], temperature: \(text), control_cost: 0.1, adaptation: 0.5, "
          + "least_noise: 0.2, knots: {every: 2}}")
        == "\(PlannerConfiguration.pathIntegral(expected))")
  }

  @Test func valuesAndPropagationMapExactly() throws {
    let cem = "planner: {kind: cem}\n"
    #expect(try robot(cem).valueConfiguration() == .expected)
    #expect(try robot(cem + "value: expected").valueConfiguration() == .expected)
    #expect(
      try robot(cem + "value: {pessimistic: 0.95}").valueConfiguration() == .pessimistic(0.95))
    #expect(try robot(cem + "value: {optimistic: 0.7}").valueConfiguration() == .optimistic(0.7))
    let cases: [(String, Propagation)] = [
      ("{}", Propagation()), ("{dynamics: mean}", Propagation(.mean)),
      ("{dynamics: member, particles: 6}", Propagation(.member, particles: 6)),
      (
        "{dynamics: resampled, noise: true, particles: 64}",
        Propagation(.resampled, hasNoise: true, particles: 64)
      ),
    ]
    for (text, expected) in cases {
      #expect(try robot(cem + "propagation: \(text)").propagationConfiguration() == expected)
    }
  }

  /// The core traps on what it cannot hold; nothing that a file may say gets there.
  @Test(arguments: [
    "planner: {kind: cem, candidates: 2}",
    "planner: {kind: cem, candidates: 2, elites: 1, decay: 100}",
    "planner: {kind: mppi, noise: 0.001, least_noise: 0.001}",
    "planner: {kind: shooting, candidates: 2, knots: {every: 100}}",
    "planner: {kind: cem-ilqr, horizon: 0.04, knots: {every: 100, between: linear}}",
    "planner: {kind: ilqr, real_time: true, dynamics: members}\nmodel: {members: 16}",
    "planner: {kind: cem}\nvalue: {pessimistic: 0.999}", "planner: {kind: lqr, horizon: 0.04}",
    "planner: {kind: cem}\nvalue: {optimistic: 0.999}\npropagation: {particles: 2}",
    "planner: {kind: mppi}\nvalue: {pessimistic: 0.01}\npropagation: {noise: true, particles: 64}",
    "guard: {fallback: lqr}",
  ])
  func theCoreTakesWhatTheFileMaySay(more: String) throws {
    let configuration = try robot(more).controllerConfiguration(seed: 1)
    let bytes = Controller.byteCount(configuration)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { memory.deallocate() }
    var arena = Arena(base: memory, capacity: bytes)
    let controller = Controller(configuration, arena: &arena)
    #expect(controller.parameterCount > 0 && arena.used == bytes)
  }

  /// The reference shows how settings belong together; what it shows has to work.
  @Test func examplesOfTheReferenceAreRobots() throws {
    let page = try String(
      contentsOf: Shipped.root.appending(path: "docs/ROBOT.md"), encoding: .utf8)
    var robots: [String: RobotDescription] = [:]
    for block in page.components(separatedBy: "```yaml\n").dropFirst() {
      let text = block.components(separatedBy: "\n```")[0]
      guard text.hasPrefix("planner:") else { continue }
      robots[text] = try robot(text)
    }
    let kinds = Set(robots.values.map(\.planner.method.kind))
    #expect(kinds == Set(PlannerDescription.Kind.allCases))
    let plain = PlannerConfiguration.crossEntropy(.plain(horizon: 50))
    #expect(robots.values.contains { "\($0.plannerConfiguration())" == "\(plain)" })
  }
}
