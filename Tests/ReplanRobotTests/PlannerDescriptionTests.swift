import ReplanCore
import Testing

@testable import ReplanRobot

@Suite struct PlannerDescriptionTests {
  private func planner(_ text: String) throws -> PlannerDescription {
    try RobotDescription.parse(text: minimal("planner: \(text)"), file: "robot.yaml").planner
  }

  @Test(arguments: PlannerDescription.Kind.allCases)
  func everyKindIsChosenByItsName(kind: PlannerDescription.Kind) throws {
    let planner = try planner("{kind: \(kind.rawValue)}")
    #expect(planner.method.kind == kind)
    #expect(planner.threads == 1 && planner.wait == .futex)
    // 4 ticks are what the core's regulator predicts.
    #expect(planner.horizon == (kind == .lqr ? 4.0 / 50 : 1))
  }

  @Test(arguments: PlannerDescription.Kind.allCases.filter(\.isSampling))
  func samplingKindsHaveThreads(kind: PlannerDescription.Kind) throws {
    let planner = try planner("{kind: \(kind.rawValue), threads: 4, wait: spin}")
    #expect(planner.threads == 4 && planner.wait == .spin)
  }

  @Test(arguments: [(2, 2), (24, 2), (36, 3), (128, 10), (4096, 341)])
  func elitesFollowTheCandidates(candidates: Int, elites: Int) throws {
    let method = try planner("{kind: cem, candidates: \(candidates)}").method
    guard case .crossEntropy(let settings) = method else {
      Issue.record("kind: cem is the cross-entropy planner")
      return
    }
    #expect(settings.elites == elites && settings.candidates == candidates)
  }

  @Test func numbersOfTheFileStayAsTheyAreWritten() throws {
    guard case .pathIntegral(let settings) = try planner("{kind: mppi}").method else {
      Issue.record("kind: mppi is the path-integral planner")
      return
    }
    #expect(settings.scales == [1, 0.3, 0.1] && settings.temperature == .relative(0.1))
  }

  @Test func keysOfOtherKindsNameTheirOwners() throws {
    let found = try faults(of: minimal("planner: {kind: lqr, candidates: 4, temperature: 1}"))
    #expect(
      found.map(\.description) == [
        "robot.yaml:11:22: planner.candidates: found a key of ilqr, cem, mppi, shooting, cem-ilqr, "
          + "allowed with lqr: kind, horizon, iterations, regularisation",
        "robot.yaml:11:37: planner.temperature: found a key of mppi, "
          + "allowed with lqr: kind, horizon, iterations, regularisation",
      ])
  }

  @Test func realTimeLeavesNothingToTheCandidates() throws {
    let text =
      "planner: {real_time: true, iterations: 2, candidates: 8, noise: 1, noise_exponent: 0}"
    let found = try faults(of: minimal(text))
    #expect(
      found.map(\.key) == [
        "planner.iterations", "planner.candidates", "planner.noise", "planner.noise_exponent",
      ])
    #expect(
      found.first?.description == "robot.yaml:11:40: planner.iterations: found a setting beside "
        + "real_time: true, allowed nothing: real time does one iteration a tick from the shifted "
        + "plan")
    #expect(try faults(of: minimal("planner: {real_time: true, regularisation: 1}")).isEmpty)
  }

  @Test func aValueOfTwoFormsIsToldBoth() throws {
    let found = try faults(of: minimal("planner: {kind: mppi, temperature: cold}"))
    #expect(
      found.map(\.description) == [
        "robot.yaml:11:36: planner.temperature: found \"cold\", allowed a number, above 0, at most "
          + "100, or a section with key absolute"
      ])
    let value = try faults(of: minimal("value: pessimistic"))
    #expect(
      value.map(\.description) == [
        "robot.yaml:11:8: value: found \"pessimistic\", allowed expected, or a section with one of "
          + "pessimistic, optimistic"
      ])
  }

  @Test func aFaultyPlannerIsReportedWithAllThatIsWrong() throws {
    let text =
      "planner: {kind: cem, candidates: 4, elites: 5, momentum: 1, "
      + "knots: {every: 0, x: 1}, wait: no}"
    #expect(
      try faults(of: minimal(text)).map(\.key) == [
        "planner.elites", "planner.momentum", "planner.knots.every", "planner.knots.x",
        "planner.wait",
      ])
  }
}
