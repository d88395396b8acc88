import ReplanCore
import ReplanNumerics
import Testing

@testable import ReplanRealtime

/// Whether a controller that shares its rollouts among threads decides as one that does not.
@Suite struct SharedTickTests {
  static let planners: [PlannerConfiguration] = [
    .crossEntropy(.improved(horizon: 10, iterations: 3, candidates: 100)),
    .pathIntegral(
      PathIntegralConfiguration(horizon: 10, iterations: 3, candidates: 45, adaptation: 0.3)),
    .randomShooting(RandomShootingConfiguration(horizon: 10, candidates: 33)),
    .polished(
      CrossEntropyConfiguration(horizon: 10, iterations: 2, candidates: 80, elites: 5),
      ILQRConfiguration(horizon: 10)),
  ]
  static let propagations = [
    Propagation(.mean), Propagation(.member), Propagation(.member, hasNoise: true, particles: 4),
    Propagation(.resampled, hasNoise: true), Propagation(.mean, hasNoise: true, particles: 3),
  ]

  @Test(arguments: planners, propagations)
  func decisionsHaveTheSameBitsForAnyNumberOfThreads(
    planner: PlannerConfiguration, propagation: Propagation
  ) throws {
    for value in [Value.expected, .pessimistic(0.95), .optimistic(0.7)] {
      let alone = run(planner, value, propagation, workers: 1)
      #expect(Set(alone).count > 30)
      for (count, wait) in [(2, WorkerThreads.Wait.futex), (3, .spin), (5, .futex)] {
        let threads = try WorkerThreads(count: count, wait: wait, priority: nil)
        #expect(run(planner, value, propagation, workers: count, threads) == alone)
      }
      // More parts than there are threads.
      let two = try WorkerThreads(count: 2, priority: nil)
      #expect(run(planner, value, propagation, workers: 5, two) == alone)
    }
  }

  /// The bits of action and cost of thirty ticks.
  private func run(
    _ planner: PlannerConfiguration, _ value: Value, _ propagation: Propagation, workers: Int,
    _ threads: WorkerThreads? = nil
  ) -> [UInt32] {
    var configuration = Self.configuration(planner, value, propagation)
    configuration.workers = workers
    let bytes = Controller.byteCount(configuration)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    defer { memory.deallocate() }
    var arena = Arena(base: memory, capacity: bytes)
    var controller = Controller(configuration, arena: &arena)
    if let threads {
      controller.employ(Crew(context: threads.context, run: WorkerThreads.run))
    }
    let parameters = UnsafeMutablePointer<Float>.allocate(capacity: controller.parameterCount)
    defer { parameters.deallocate() }
    var random = Philox(seed: SIMD2(1, 2), episode: 0, tick: 0, iteration: 0, candidate: 0)
    for i in 0..<controller.parameterCount { parameters[i] = 0.3 * random.nextNormals().x }
    controller.adopt(parameters)
    controller.begin(episode: 1, mode: .plan)
    return (0..<30).flatMap { k in
      var state = StateVector(repeating: 0)
      state[0] = 0.02 * Float(k)
      state[2] = 3 - 0.1 * Float(k)
      let decision = controller.tick(Observation(values: state, tick: k), tick: k) { _ in true }
      return [decision.action[0].bitPattern, decision.planCost.bitPattern]
    }
  }

  private static func configuration(
    _ planner: PlannerConfiguration, _ value: Value, _ propagation: Propagation
  ) -> ControllerConfiguration {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[0] = .init(isInvariant: true, velocity: 1, mirror: -1)
    structure.states[2] = .init(isAngle: true, velocity: 3, mirror: -1)
    var objective = Objective(terminal: 2)
    objective.append(Term(.angle, channel: 2, weight: 1))
    objective.append(Term(.quadratic, channel: 0, weight: 0.2))
    objective.append(Term(.action, channel: 0, weight: 0.01, scale: 10))
    var hidden = InlineArray<4, Int>(repeating: 0)
    hidden[0] = 20
    hidden[1] = 12
    let unknown = StateVector(repeating: .infinity)
    let unknownLow = StateVector(repeating: -.infinity)
    return ControllerConfiguration(
      structure: structure,
      shape: EnsembleShape(
        inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 2,
        hidden: hidden, memberCount: 3, activation: .silu, noise: .predicted),
      limits: ActionLimits(
        low: ActionVector(repeating: -10), high: ActionVector(repeating: 10),
        slewPerTick: ActionVector(repeating: 5), safe: ActionVector(repeating: 0)),
      objective: objective, planner: planner, value: value,
      guarding: GuardConfiguration(
        observationLow: unknownLow, observationHigh: unknown, envelopeLow: unknownLow,
        envelopeHigh: unknown),
      timing: .nextTick, plantLatency: 0, seed: 7, propagation: propagation)
  }
}
