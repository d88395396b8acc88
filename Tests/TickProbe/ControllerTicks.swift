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

  init(_ setup: ProbeSetup) throws(RealtimeError) {
    threads = try setup.sharedBy.map { wait throws(RealtimeError) in
      try WorkerThreads(count: 2, wait: wait, priority: nil)
    }
    var configuration = Self.configuration(setup)
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
    Self.fill(parameters, count: count, setup.model)
    spoilt = .allocate(capacity: count)
    spoilt.initialize(repeating: .nan, count: count)
  }

  deinit {
    memory.deallocate()
    parameters.deallocate()
    spoilt.deallocate()
  }

  /// Runs ticks of every kind: exploring, settling, planning, bridging, falling back, a model taken over.
  ///
  /// - Returns: how many ticks gave each verdict.
  mutating func run(ticks: Int, perTick: (Int) -> Void) -> [Verdict: Int] {
    var verdicts: [Verdict: Int] = [:]
    controller.begin(
      episode: 1, mode: .explore(.ornsteinUhlenbeck(timeConstant: 0.15, deviation: 0.6)))
    for tick in 0..<ticks {
      // Planning begins without a model, which comes five ticks later.
      let planned = tick - ticks / 10
      if tick == ticks / 20 { controller.begin(episode: 1, mode: .settle) }
      if planned == 0 { controller.begin(episode: 2, mode: .plan) }
      let decision = step(tick, perTick: perTick, hasModel: planned > 5, adopts: planned == 5)
      verdicts[decision.verdict, default: 0] += 1
    }
    return verdicts
  }

  private mutating func step(
    _ tick: Int, perTick: (Int) -> Void, hasModel: Bool, adopts: Bool
  ) -> Decision {
    var values = StateVector(repeating: 0)
    for i in 0..<4 { values[i] = sine(Float(tick) * 0.1 * Float(i + 1)) }
    if tick % 50 >= 46 { values[1] = .nan }
    if tick % 200 >= 60 && tick % 200 < 64 { values[1] = 60 }
    if tick % 200 == 80 { values[0] = 6 }
    // Faster than the plant can move, and on its way out of the envelope.
    if tick % 200 >= 30 && tick % 200 < 34 { values[3] = 20 }
    if tick % 200 >= 120 && tick % 200 < 130 { (values[0], values[1]) = (4.99, 5) }
    // Six ticks in a row without an observation, so that bridging runs out.
    let age = tick % 100 >= 94 ? tick % 100 - 93 : 0
    RealtimeContext.enter()
    defer { RealtimeContext.exit() }
    if adopts { controller.adopt(parameters) }
    // For a while the model predicts nothing that is finite.
    if hasModel && tick % 500 == 450 { controller.adopt(spoilt) }
    if hasModel && tick % 500 == 470 { controller.adopt(parameters) }
    // For a while nothing counts as known.
    if tick % 500 == 400 { controller.bound(disagreement: -1) }
    if tick % 500 == 410 { controller.bound(disagreement: .infinity) }
    perTick(tick)
    return controller.tick(Observation(values: values, tick: tick - age), tick: tick) { _ in
      // Now and then the deadline has passed.
      tick % 20 != 7 && tick % 400 < 390
    }
  }

  static var structure: PlantStructure {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[0] = .init(isInvariant: true, velocity: 1, mirror: -1)
    structure.states[2] = .init(isAngle: true, velocity: 3, mirror: -1)
    return structure
  }

  /// Random weights, and a cart-pole for the physics; the linear plant stays where it is.
  private static func fill(
    _ block: UnsafeMutablePointer<Float>, count: Int, _ model: ModelConfiguration
  ) {
    var random = Philox(seed: SIMD2(1, 2), episode: 0, tick: 0, iteration: 0, candidate: 0)
    for i in 0..<count { block[i] = 0.2 * random.nextNormals().x }
    switch model {
    case .ensemble: break
    case .linear:
      var byState = [Float](repeating: 0, count: 16)
      for i in 0..<4 { byState[5 * i] = 1 }
      let variances = [Float](repeating: 0.01, count: 4)
      LinearLayout(stateCount: 4, actionCount: 1).pack(
        byState: byState, byAction: [0, 0.02, 0, -0.04], offset: nil, noiseVariance: variances,
        into: block)
    case .physics(let configuration), .hybrid(let configuration, _):
      let cart = CartPoleEquation(cartMass: 1, poleMass: 0.1, poleLength: 1)
      PhysicsLayout(configuration.equation).pack(
        cart, noiseVariance: [0.01, 0.01, 0.01, 0.01], into: block)
    }
  }

  /// The filter, where outcomes are valued by their best end; the channel that it has to find is one
  /// that nothing else is tried on.
  private static func estimator(_ setup: ProbeSetup) -> EstimatorConfiguration {
    var estimator = EstimatorConfiguration()
    guard case .optimistic = setup.value else { return estimator }
    estimator.method = .kalman(decay: 0.5)
    estimator.isEstimated[2] = true
    for i in 0..<4 {
      estimator.measurementDeviation[i] = 0.001
      estimator.processDeviation[i] = 0.1
      estimator.initialDeviation[i] = 1
    }
    return estimator
  }

  private static func configuration(_ setup: ProbeSetup) -> ControllerConfiguration {
    var objective = Objective(terminal: 2)
    objective.append(Term(.angle, channel: 2, weight: 1))
    objective.append(Term(.range, channel: 0, weight: 20, low: -1.7, high: 1.7))
    objective.append(Term(.action, channel: 0, weight: 0.01, scale: 10))
    objective.append(Term(.actionRate, channel: 0, weight: 0.001, scale: 10))
    var guarding = GuardConfiguration(
      observationLow: StateVector(repeating: -50), observationHigh: StateVector(repeating: 50),
      envelopeLow: StateVector(repeating: -5), envelopeHigh: StateVector(repeating: 5))
    guarding.stepPerTick[3] = 3
    guarding.envelopeTicks = 4
    switch setup.value {
    case .expected: guarding.fallback = .feedback
    case .pessimistic: guarding.fallback = .lqr
    case .optimistic: guarding.fallback = .safe
    }
    guarding.feedback.append(.init(action: 0, state: 2, gain: -1))
    var configuration = ControllerConfiguration(
      structure: structure, model: setup.model,
      limits: ActionLimits(
        low: ActionVector(repeating: -10), high: ActionVector(repeating: 10),
        slewPerTick: ActionVector(repeating: 5), safe: ActionVector(repeating: 0)),
      objective: objective, planner: setup.planner, value: setup.value,
      guarding: guarding,
      timing: .nextTick, plantLatency: 1, seed: 7, propagation: setup.propagation)
    configuration.estimator = estimator(setup)
    configuration.settling.append(.init(action: 0, state: 0, gain: -2))
    return configuration
  }
}
