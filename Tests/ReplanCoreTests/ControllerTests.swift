import ReplanNumerics
import Testing

@testable import ReplanCore

/// A controller over its own memory, with random weights as a model.
final class ControllerFixture {
  var controller: Controller
  let parameters: RandomParameters
  private let block: Block

  static func configuration(
    _ planner: PlannerConfiguration = .ilqr(ILQRConfiguration(horizon: 12)),
    slew: Float = .infinity, latency: Int = 0, timing: OutputTiming = .nextTick,
    actionRate: Float = 0, fallback: Fallback = .safe
  ) -> ControllerConfiguration {
    let structure = PlantStructure.cartPole
    var objective = Objective(terminal: 2)
    objective.append(Term(.angle, channel: 2, weight: 1))
    objective.append(Term(.quadratic, channel: 0, weight: 0.2))
    objective.append(Term(.range, channel: 0, weight: 20, low: -1.7, high: 1.7))
    objective.append(Term(.action, channel: 0, weight: 0.01, scale: 10))
    if actionRate > 0 { objective.append(Term(.actionRate, channel: 0, weight: actionRate)) }
    var low = StateVector(repeating: -.infinity)
    var high = StateVector(repeating: .infinity)
    low[0] = -2.4
    high[0] = 2.4
    return ControllerConfiguration(
      structure: structure, model: .ensemble(.small(structure)),
      limits: ActionLimits(
        low: ActionVector(repeating: -10), high: ActionVector(repeating: 10),
        slewPerTick: ActionVector(repeating: slew), safe: ActionVector(repeating: 0)),
      objective: objective, planner: planner, value: .expected,
      guarding: GuardConfiguration(
        observationLow: StateVector(repeating: -50), observationHigh: StateVector(repeating: 50),
        envelopeLow: low, envelopeHigh: high, staleTicks: 2, shiftedTicks: 3, fallback: fallback),
      timing: timing, plantLatency: latency, seed: 42)
  }

  init(
    _ configuration: ControllerConfiguration = configuration(), isReady: Bool = true,
    parameters: RandomParameters? = nil
  ) {
    self.parameters = parameters ?? RandomParameters(configuration.shape, seed: 8)
    block = Block(bytes: Controller.byteCount(configuration))
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    controller = Controller(configuration, arena: &arena)
    if isReady { controller.adopt(self.parameters.block.floats) }
    controller.begin(episode: 1, mode: .plan)
  }

  func tick(
    _ k: Int, _ values: [Float] = [0.1, 0, 3, 0.2], age: Int = 0, units: Int = .max,
    elapsed: Int = 1
  ) -> Decision {
    var state = StateVector(repeating: 0)
    for (i, value) in values.enumerated() { state[i] = value }
    let observation = Observation(values: state, tick: k - age, elapsedSamples: elapsed)
    return controller.tick(observation, tick: k) { $0 < units }
  }
}

@Suite struct ControllerTests {
  @Test func aFreshObservationGivesAPlan() {
    let fixture = ControllerFixture()
    let decision = fixture.tick(0)
    #expect(decision.verdict == .planned)
    #expect(decision.iterations >= 2 && decision.planCost.isFinite)
    #expect(decision.disagreement > 0)
    #expect(decision.action[0] != 0 && abs(decision.action[0]) <= 10)
  }

  @Test func withoutAModelItFallsBack() {
    let fixture = ControllerFixture(isReady: false)
    let decision = fixture.tick(0)
    #expect(decision.verdict == .noModel && decision.verdict.isFallback)
    #expect(decision.action[0] == 0 && decision.planCost.isNaN)
  }

  @Test func missingObservationsAreBridgedThenFallBackThenRecover() {
    let fixture = ControllerFixture()
    _ = fixture.tick(0)
    #expect(fixture.tick(1, age: 1).verdict == .bridged)
    #expect(fixture.tick(2, age: 2).verdict == .bridged)
    let stale = fixture.tick(3, age: 3)
    #expect(stale.verdict == .stale && stale.action[0] == 0)
    #expect(fixture.tick(4).verdict == .planned)
  }

  @Test func nothingIsPredictedFromAStateThatNobodyHasSeen() {
    let fixture = ControllerFixture()
    let first = fixture.tick(0, age: 1)
    #expect(first.verdict == .stale && first.action[0] == 0)
    #expect(fixture.tick(1).verdict == .planned)
  }

  /// The last plan grows older on ticks that never come to planning, too.
  @Test func aPlanFromBeforeAnInterruptionIsNotFollowed() {
    let fixture = ControllerFixture()
    _ = fixture.tick(0)
    for k in 1..<6 { #expect(fixture.tick(k, [2.5, 0, 3, 0]).verdict == .outsideEnvelope) }
    #expect(fixture.tick(6, units: 0).verdict == .late)
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func observationsThatAreNotFiniteAreRefused(value: Float) {
    let fixture = ControllerFixture()
    _ = fixture.tick(0)
    #expect(fixture.tick(1, [0, value, 3, 0]).verdict == .bridged)
    #expect(fixture.tick(2, [0, value, 3, 0]).verdict == .bridged)
    #expect(fixture.tick(3, [0, value, 3, 0]).verdict == .notFinite)
    #expect(fixture.tick(4, [0, 60, 3, 0]).verdict == .outOfRange)
  }

  @Test func leavingTheEnvelopeFallsBack() {
    let fixture = ControllerFixture()
    let decision = fixture.tick(0, [2.5, 0, 3, 0])
    #expect(decision.verdict == .outsideEnvelope && decision.action[0] == 0)
  }

  @Test func aMissedDeadlineFollowsTheLastPlanAndThenFallsBack() {
    let fixture = ControllerFixture()
    _ = fixture.tick(0)
    let planned = fixture.controller.planner.plan.action(1)[0]
    let shifted = fixture.tick(1, units: 0)
    #expect(shifted.verdict == .shifted && shifted.iterations == 0)
    #expect(shifted.action[0] == planned)
    #expect(fixture.tick(2, units: 0).verdict == .shifted)
    #expect(fixture.tick(3, units: 0).verdict == .shifted)
    #expect(fixture.tick(4, units: 0).verdict == .late)
    #expect(fixture.tick(5, units: 1).verdict == .planned)
  }

  @Test func weightsThatAreNotFiniteGiveNoPlan() {
    let fixture = ControllerFixture()
    _ = fixture.tick(0)
    fixture.parameters.block.floats[200] = .nan
    for i in 100..<400 { fixture.parameters.block.floats[i] = .nan }
    let decision = fixture.tick(1)
    #expect(decision.verdict == .noPlan && decision.action[0] == 0)
  }

  @Test func theSlewLimitHoldsWhateverIsPlanned() {
    let planners: [PlannerConfiguration] = [
      .ilqr(ILQRConfiguration(horizon: 12)),
      .crossEntropy(CrossEntropyConfiguration(horizon: 12, candidates: 40, elites: 5)),
    ]
    for planner in planners {
      let fixture = ControllerFixture(
        ControllerFixture.configuration(planner, slew: 1.5, actionRate: 0.001))
      var random = TestRandom(1)
      var last: Float = 0
      for k in 0..<40 {
        let values = (0..<4).map { _ in random.uniform(-2, 2) }
        let action = fixture.tick(k, values).action[0]
        #expect(abs(action - last) <= 1.5 + 1e-5 && abs(action) <= 10)
        last = action
      }
    }
  }

  @Test func lookingAheadPredictsThroughTheCommittedActions() {
    let fixture = ControllerFixture(ControllerFixture.configuration(latency: 2))
    let reference = EnsembleReference(
      structure: .cartPole, parameters: fixture.parameters)
    var actions: [Double] = [0, 0, 0]
    for k in 0..<6 {
      let observed: [Float] = [0.1, 0.2, 3 - Float(k) * 0.1, 0.3]
      let decision = fixture.tick(k, observed)
      var state = observed.map(Double.init)
      for action in actions.suffix(3) { state = reference.next(member: nil, state, [action]) }
      for i in 0..<4 { #expect(abs(Double(fixture.controller.start[i]) - state[i]) < 1e-4) }
      actions.append(Double(decision.action[0]))
    }
  }

  @Test func bridgingPredictsUnderTheActionThatWasInForce() {
    for timing in [OutputTiming.nextTick, .immediate] {
      let fixture = ControllerFixture(ControllerFixture.configuration(timing: timing))
      let reference = EnsembleReference(
        structure: .cartPole, parameters: fixture.parameters)
      let first = fixture.tick(0)
      let second = fixture.tick(1)
      _ = fixture.tick(2, age: 1)
      let inForce = timing == .nextTick ? first.action[0] : second.action[0]
      let expected = reference.next(
        member: nil, [0.1, 0, 3, 0.2] as [Double], [Double(inForce)])
      for i in 0..<4 {
        #expect(abs(Double(fixture.controller.estimate[i]) - expected[i]) < 1e-5)
      }
    }
  }

  @Test func theSameSeedGivesTheSameBits() {
    func run() -> [UInt32] {
      let fixture = ControllerFixture()
      return (0..<10).map {
        fixture.tick($0, [0.1, 0, 3 - Float($0) / 10, 0]).action[0].bitPattern
      }
    }
    #expect(run() == run())
  }

  @Test func theBasePolicyStaysInsideTheLimitsAndMoves() {
    for policy in [
      BasePolicy.ornsteinUhlenbeck(timeConstant: 0.15, deviation: 0.6),
      .uniform(amplitude: 1, ticks: 1),
    ] {
      let fixture = ControllerFixture(isReady: false)
      fixture.controller.begin(episode: 0, mode: .explore(policy))
      let decisions = (0..<400).map { fixture.tick($0) }
      let actions = decisions.map { $0.action[0] }
      #expect(decisions.allSatisfy { $0.verdict == .explored })
      #expect(actions.allSatisfy { abs($0) <= 10 })
      let mean = actions.reduce(0, +) / 400
      let deviation = (actions.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 400).squareRoot()
      #expect(abs(mean) < 2 && deviation > 3.5 && deviation < 7)
    }
  }

  @Test func itNeverUsesMoreThanItsArena() {
    let configuration = ControllerFixture.configuration()
    let bytes = Controller.byteCount(configuration)
    let block = Block(bytes: bytes)
    var arena = Arena(base: block.pointer, capacity: bytes)
    _ = Controller(configuration, arena: &arena)
    #expect(arena.used == bytes && bytes < 2 << 20)
  }

  @Test func theRegulatorStandsInWhereTheStateIsKnown() {
    let fixture = ControllerFixture(ControllerFixture.configuration(fallback: .lqr))
    let outside = fixture.tick(0, [2.5, 0, 0.1, 0])
    #expect(outside.verdict == .outsideEnvelope)
    #expect(outside.action[0] != 0 && abs(outside.action[0]) <= 10)
    let blind = ControllerFixture(ControllerFixture.configuration(fallback: .lqr))
    _ = blind.tick(0)
    for k in 1..<3 { #expect(blind.tick(k, age: k).verdict == .bridged) }
    let stale = blind.tick(3, age: 3)
    #expect(stale.verdict == .stale && stale.action[0] == 0)
    let unready = ControllerFixture(
      ControllerFixture.configuration(fallback: .lqr), isReady: false)
    #expect(unready.tick(0).action[0] == 0)
  }

  @Test func weightsThatAreNotFiniteLeaveTheRegulatorToTheSafeAction() {
    let fixture = ControllerFixture(ControllerFixture.configuration(fallback: .lqr))
    for i in 100..<400 { fixture.parameters.block.floats[i] = .nan }
    fixture.controller.adopt(fixture.parameters.block.floats)
    let decision = fixture.tick(0)
    #expect(decision.verdict == .noPlan && decision.action[0] == 0)
  }
}
