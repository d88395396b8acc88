import ReplanCore
import ReplanRobot
import Testing

@Suite struct CoreConfigurationTests {
  private func load(_ name: String) throws -> RobotDescription {
    try RobotDescription.load(path: Shipped.path(name))
  }

  @Test func cartPoleStructure() throws {
    let structure = try load("cart-pole").structure()
    #expect(structure.stateCount == 4 && structure.actionCount == 1)
    #expect(structure.tick == 0.02)
    let expected = [
      PlantStructure.StateChannel(isInvariant: true, velocity: 1, mirror: -1),
      PlantStructure.StateChannel(mirror: -1),
      PlantStructure.StateChannel(isAngle: true, velocity: 3, mirror: -1),
      PlantStructure.StateChannel(mirror: -1),
    ]
    for (index, channel) in expected.enumerated() {
      #expect(structure.states[index] == channel)
    }
    #expect(structure.actionMirror[0] == -1 && structure.isSymmetric)
    // Sine and cosine, two velocities, one action; the two accelerations are learned.
    #expect(structure.inputCount == 5 && structure.outputCount == 2)
  }

  @Test func nothingDeclaredMeansNothingKnown() throws {
    let robot = try RobotDescription.parse(text: minimal, file: "robot.yaml")
    let structure = robot.structure()
    #expect(!structure.isSymmetric && structure.actionMirror[0] == 1)
    #expect(structure.states[0] == PlantStructure.StateChannel())
    #expect(structure.states[1] == PlantStructure.StateChannel(isAngle: true))
    let guarding = robot.guardConfiguration()
    #expect(guarding.observationLow[0] == -.infinity && guarding.envelopeHigh[0] == .infinity)
    #expect(robot.limits().slewPerTick[0] == .infinity)
  }

  @Test func cartPoleShape() throws {
    let shape = try load("cart-pole").ensembleShape()
    #expect(shape.inputCount == 5 && shape.outputCount == 2 && shape.memberCount == 3)
    #expect(shape.hiddenLayerCount == 2 && shape.hidden[0] == 32 && shape.hidden[1] == 32)
    #expect(shape.activation == .silu && shape.noise == .constant)
    let text = try Shipped.text("cart-pole").replacing(
      "activation: silu", with: "activation: tanh\n  likelihood: gaussian")
    let other = try RobotDescription.parse(text: text, file: "robot.yaml").ensembleShape()
    #expect(other.activation == .tanh && other.noise == .predicted)
  }

  /// The cost of RECIPE's swing-up: the force counts in units of its limit.
  @Test func cartPoleObjective() throws {
    let objective = try load("cart-pole").objective()
    #expect(objective.count == 6 && objective.terminal == 2)
    let kinds: [Term.Kind] = [.angle, .quadratic, .quadratic, .quadratic, .action, .range]
    let channels = [2, 0, 1, 3, 0, 0]
    let weights: [Float] = [1, 0.2, 0.01, 0.01, 0.01, 20]
    for i in 0..<6 {
      #expect(objective.terms[i].kind == kinds[i] && objective.terms[i].channel == channels[i])
      #expect(objective.terms[i].weight == weights[i] && objective.terms[i].target == 0)
      #expect(objective.terms[i].scale == (i == 4 ? 10 : 1))
    }
    #expect(objective.terms[5].low == -1.7 && objective.terms[5].high == 1.7)
    #expect(objective.terms[0].low == -.infinity)
    #expect(!objective.hasActionRate)
  }

  @Test func secondsBecomeTicks() throws {
    #expect(try load("cart-pole").plannerConfiguration().horizon == 50)
    #expect(try load("pendulum").plannerConfiguration().horizon == 75)
    let text = minimal.replacing("max: 1}", with: "max: 1, slew: 25, safe: -0.5}")
      .replacing("{quadratic: position}", with: "{action_rate: force, weight: 3}")
    let robot = try RobotDescription.parse(text: text, file: "robot.yaml")
    let limits = robot.limits()
    #expect(limits.slewPerTick[0] == 0.5 && limits.safe[0] == -0.5)
    #expect(limits.low[0] == -1 && limits.high[0] == 1)
    #expect(robot.objective().hasActionRate)
    #expect(robot.ticks(in: 4) == 200 && robot.ticks(in: 0.001) == 1 && robot.period == 0.02)
  }

  @Test func everythingReachesTheController() throws {
    let text =
      try Shipped.text("cart-pole").replacing("latency: 0", with: "latency: 3")
      .replacing("fallback: safe", with: "fallback: lqr")
      .replacing("output: next-tick", with: "output: immediate")
      .replacing("kind: ilqr", with: "kind: cem\n  elites: 7\n  momentum: 0.25")
      + "value: {optimistic: 0.7}\npropagation: {dynamics: resampled, noise: true, particles: 9}\n"
    let robot = try RobotDescription.parse(text: text, file: "robot.yaml")
    let configuration = robot.controllerConfiguration(seed: 17)
    #expect(configuration.seed == 17 && configuration.plantLatency == 3)
    #expect(configuration.timing == .immediate && configuration.value == .optimistic(0.7))
    #expect(configuration.propagation == Propagation(.resampled, hasNoise: true, particles: 9))
    #expect(configuration.guarding.fallback == .lqr)
    #expect(configuration.guarding.envelopeLow[0] == -2.4)
    #expect(configuration.guarding.observationHigh[3] == 60)
    #expect(configuration.guarding.observationHigh[2] == .infinity)
    guard case .crossEntropy(let cem) = configuration.planner else {
      Issue.record("kind: cem is the cross-entropy planner")
      return
    }
    #expect(cem.elites == 7 && cem.momentum == 0.25 && cem.candidates == 32)
    #expect(cem.horizon == 50 && cem.iterations == 2 && cem.noise == 0.5)
  }

  @Test func successIsJudgedByWrappedAngles() throws {
    let robot = try load("cart-pole")
    let upright = try #require(robot.episode.success.first)
    #expect(upright.index == 2 && upright.isAngle)
    #expect(upright.holds(for: 0.2) && upright.holds(for: 2 * .pi - 0.1))
    #expect(!upright.holds(for: .pi) && !upright.holds(for: .nan))
    let onTrack = robot.episode.success[1]
    #expect(onTrack.index == 0 && onTrack.holds(for: -2.4) && !onTrack.holds(for: 2.5))
  }
}
