import ReplanCore
import ReplanNumerics
import ReplanRealtime

/// A controller with random weights, ticked inside the context that the sanitizer watches.
struct ControllerTicks: ~Copyable {
  private var controller: Controller
  private let memory: UnsafeMutableRawPointer
  private let parameters: UnsafeMutablePointer<Float>
  /// Weights that are not numbers.
  private let spoilt: UnsafeMutablePointer<Float>
  private let threads: WorkerThreads?

  /// - Parameter wait: how two threads wait that share the rollouts; nil for one thread.
  init(
    _ planner: PlannerConfiguration, _ value: Value, _ propagation: Propagation,
    sharedBy wait: WorkerThreads.Wait?
  ) throws(RealtimeError) {
    threads = try wait.map { wait throws(RealtimeError) in
      try WorkerThreads(count: 2, wait: wait, priority: nil)
    }
    var configuration = Self.configuration(planner)
    configuration.value = value
    configuration.propagation = propagation
    configuration.workers = threads?.count ?? 1
    let bytes = Controller.byteCount(configuration)
    memory = .allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    var arena = Arena(base: memory, capacity: bytes)
    controller = Controller(configuration, arena: &arena)
    if let threads {
      controller.employ(Crew(context: threads.context, run: WorkerThreads.run))
    }
    let count = controller.parameterCount
    parameters = .allocate(capacity: count)
    var random = Philox(seed: SIMD2(1, 2), episode: 0, tick: 0, iteration: 0, candidate: 0)
    for i in 0..<count { parameters[i] = 0.2 * random.nextNormals().x }
    spoilt = .allocate(capacity: count)
    spoilt.initialize(repeating: .nan, count: count)
  }

  deinit {
    memory.deallocate()
    parameters.deallocate()
    spoilt.deallocate()
  }

  /// Runs ticks of every kind: exploring, planning, bridging, falling back, a model taken over.
  ///
  /// - Returns: how many ticks gave each verdict.
  mutating func run(ticks: Int, perTick: (Int) -> Void) -> [Verdict: Int] {
    var verdicts: [Verdict: Int] = [:]
    controller.begin(
      episode: 1, mode: .explore(.ornsteinUhlenbeck(timeConstant: 0.15, deviation: 0.6)))
    for tick in 0..<ticks {
      if tick == ticks / 10 { controller.begin(episode: 2, mode: .plan) }
      let decision = step(tick, perTick: perTick, adopts: tick == ticks / 10 + 5)
      verdicts[decision.verdict, default: 0] += 1
    }
    return verdicts
  }

  private mutating func step(
    _ tick: Int, perTick: (Int) -> Void, adopts: Bool
  ) -> Decision {
    var values = StateVector(repeating: 0)
    for i in 0..<4 { values[i] = sine(Float(tick) * 0.1 * Float(i + 1)) }
    if tick % 50 >= 46 { values[1] = .nan }
    if tick % 200 >= 60 && tick % 200 < 64 { values[1] = 60 }
    if tick % 200 == 80 { values[0] = 6 }
    // Six ticks in a row without an observation, so that bridging runs out.
    let age = tick % 100 >= 94 ? tick % 100 - 93 : 0
    RealtimeContext.enter()
    defer { RealtimeContext.exit() }
    if adopts { controller.adopt(parameters) }
    // For a while the model predicts nothing that is finite.
    if tick % 500 == 450 { controller.adopt(spoilt) }
    if tick % 500 == 470 { controller.adopt(parameters) }
    perTick(tick)
    return controller.tick(Observation(values: values, tick: tick - age), tick: tick) { _ in
      // Now and then the deadline has passed.
      tick % 20 != 7
    }
  }

  private static func configuration(_ planner: PlannerConfiguration) -> ControllerConfiguration {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[0] = .init(isInvariant: true, velocity: 1, mirror: -1)
    structure.states[2] = .init(isAngle: true, velocity: 3, mirror: -1)
    var objective = Objective(terminal: 2)
    objective.append(Term(.angle, channel: 2, weight: 1))
    objective.append(Term(.range, channel: 0, weight: 20, low: -1.7, high: 1.7))
    objective.append(Term(.action, channel: 0, weight: 0.01, scale: 10))
    objective.append(Term(.actionRate, channel: 0, weight: 0.001, scale: 10))
    var hidden = InlineArray<4, Int>(repeating: 0)
    hidden[0] = 32
    hidden[1] = 32
    return ControllerConfiguration(
      structure: structure,
      model: .ensemble(
        EnsembleShape(
          inputCount: structure.inputCount, outputCount: structure.outputCount,
          hiddenLayerCount: 2, hidden: hidden, memberCount: 3, activation: .silu,
          noise: .constant)),
      limits: ActionLimits(
        low: ActionVector(repeating: -10), high: ActionVector(repeating: 10),
        slewPerTick: ActionVector(repeating: 5), safe: ActionVector(repeating: 0)),
      objective: objective, planner: planner, value: .expected,
      guarding: GuardConfiguration(
        observationLow: StateVector(repeating: -50), observationHigh: StateVector(repeating: 50),
        envelopeLow: StateVector(repeating: -5), envelopeHigh: StateVector(repeating: 5)),
      timing: .nextTick, plantLatency: 1, seed: 7)
  }
}
