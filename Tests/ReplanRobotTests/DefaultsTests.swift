import ReplanCore
import ReplanRobot
import Testing

@Suite struct DefaultsTests {
  private let robot: RobotDescription

  init() throws {
    robot = try RobotDescription.parse(text: minimal, file: "robot.yaml")
  }

  @Test func channels() {
    #expect(robot.description == "")
    #expect(robot.observation.map(\.kind) == [.linear, .angle])
    #expect(robot.observation[0].range == nil && robot.observation[0].noise == nil)
    #expect(robot.action[0].slew == nil && robot.action[0].safe == 0)
    #expect(robot.declaredStructure.symmetry.isEmpty)
    #expect(robot.declaredStructure.invariant.isEmpty)
    #expect(robot.declaredStructure.secondOrder.isEmpty)
    #expect(robot.latency == 0)
  }

  @Test func objectiveAndPlanner() throws {
    let term = try #require(robot.declaredObjective.terms.first)
    #expect(term.weight == 1 && term.target == 0 && term.scale == 1)
    #expect(term.low == nil && term.high == nil)
    #expect(robot.declaredObjective.terminal == 1 && robot.declaredObjective.learnedCost == 0)
    #expect(robot.planner.horizon == 1 && robot.planner.method.kind == .ilqr)
    #expect(robot.planner.threads == 1 && robot.planner.wait == .futex)
    #expect(robot.value == .expected)
    #expect(robot.propagationConfiguration() == Propagation())
  }

  @Test func model() {
    let model = robot.model
    #expect(model.members == 3 && model.hidden == [32, 32])
    #expect(model.activation == .silu && model.likelihood == .squares)
    #expect(model.posterior == .bootstrap)
    #expect(model.training.steps == 2000 && model.training.batch == 64)
    #expect(model.training.learningRate == 0.005 && model.training.weightDecay == 0.0001)
    #expect(model.refit.every == 5 && model.refit.steps == 500 && model.refit.adoptAfter == 3)
  }

  @Test func dataset() {
    let dataset = robot.dataset
    #expect(dataset.budget == nil && dataset.recency == nil)
    #expect(dataset.eviction == .oldest && dataset.basePolicy == .keep)
  }

  @Test func loop() {
    #expect(
      robot.basePolicy.method == .ornsteinUhlenbeck(timeConstant: 0.15, deviation: 0.6))
    #expect(robot.basePolicy.seconds == 0.5)
    #expect(robot.learning.loop == .replan)
    #expect(robot.controllerConfiguration(seed: 1).executedTicks == 1)
    #expect(robot.episode.seconds == 4 && robot.episode.hold == 1)
    #expect(robot.episode.reset == .rest && robot.episode.success.isEmpty)
    #expect(robot.guarding.staleTicks == 2 && robot.guarding.shiftedTicks == 3)
    #expect(robot.guarding.fallback == .safe && robot.envelope.isEmpty)
    #expect(robot.link.device == nil && robot.link.simulator == nil)
    #expect(robot.link.baud == 921_600 && robot.link.output == .nextTick)
    #expect(robot.link.lead == 1 && robot.link.timeout == 3)
  }

  @Test func defaultsThatGiveWayToOtherKeys() throws {
    let fast = minimal.replacing("rate: 50", with: "rate: 1000") + "planner: {horizon: 0.5}\n"
    #expect(try RobotDescription.parse(text: fast, file: "robot.yaml").link.lead == 0.1)
    let eager = minimal("model: {refit: {every: 2}}")
    #expect(try RobotDescription.parse(text: eager, file: "robot.yaml").model.refit.adoptAfter == 2)
  }

  @Test(arguments: ["once", "aggregate"]) func loopsThatExecuteWholePlans(loop: String) throws {
    let text = minimal("learning: {loop: \(loop)}")
    let configuration = try RobotDescription.parse(text: text, file: "robot.yaml")
      .controllerConfiguration(seed: 1)
    #expect(configuration.executedTicks == configuration.planner.horizon)
    #expect(configuration.executedTicks > 1)
  }

  @Test func basePolicies() throws {
    let uniform = minimal("base_policy: {kind: uniform}")
    #expect(
      try RobotDescription.parse(text: uniform, file: "robot.yaml").basePolicy.method
        == .uniform(amplitude: 1))
    let hold = minimal("base_policy: {kind: hold, amplitude: 0.5, seconds: 2}")
    let policy = try RobotDescription.parse(text: hold, file: "robot.yaml").basePolicy
    #expect(policy.method == .hold(amplitude: 0.5, period: 0.2) && policy.seconds == 2)
  }
}
