import ReplanCore
import ReplanNumerics

/// A controller with its memory, and a plant for it where the model is the plant's physics.
struct Bench: ~Copyable {
  private var controller: Controller
  private let memory: UnsafeMutableRawPointer
  private let parameters: UnsafeMutablePointer<Float>
  private let simulation: RungeKutta?
  private let state: UnsafeMutablePointer<Lanes>
  private let next: UnsafeMutablePointer<Lanes>
  private let action: UnsafeMutablePointer<Lanes>
  private var observation = StateVector(repeating: 0)
  private var tick = -1
  /// Bytes of the controller's arena.
  let bytes: Int

  /// What the last tick decided.
  private(set) var decision = (action: Float(0), cost: Float(0))

  /// - Parameter change: what is to be different from the work's own configuration.
  init(
    _ work: Work, _ size: Work.Size, crew: Crew = Crew(),
    change: (inout ControllerConfiguration) -> Void = { _ in }
  ) {
    var configuration = work.configuration(size)
    change(&configuration)
    bytes = Controller.byteCount(configuration)
    memory = Bench.zeros(bytes)
    var arena = Arena(base: memory, capacity: bytes)
    controller = Controller(configuration, arena: &arena)
    parameters = Bench.zeros(4 * controller.parameterCount).assumingMemoryBound(to: Float.self)
    work.fill(parameters, configuration)
    state = Bench.zeros(1024).assumingMemoryBound(to: Lanes.self)
    next = Bench.zeros(1024).assumingMemoryBound(to: Lanes.self)
    action = Bench.zeros(1024).assumingMemoryBound(to: Lanes.self)
    if work.usesPhysics {
      var own = Arena(base: Bench.zeros(1 << 16), capacity: 1 << 16)
      simulation = RungeKutta(
        stateCount: 4, actionCount: 1, substeps: 1, tick: 0.02, arena: &own)
      // Hanging, for the optimal-control problem; a regulator starts where it works.
      state[2] = Lanes(repeating: work == .lqr ? 0.1 : .pi)
    } else {
      simulation = nil
      state[2] = Lanes(repeating: 0.1)
    }
    controller.employ(crew)
    controller.adopt(parameters)
    controller.begin(episode: 1, mode: .plan)
  }

  /// Memory for as long as the process runs, aligned for the arena.
  static func zeros(_ bytes: Int) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return memory
  }

  /// Moves the plant on and observes it, for the next `decide`.
  ///
  /// Networks of random weights are no plant, so they meet the same observation again and again.
  mutating func prepareTick() {
    if let simulation, tick >= 0 {
      simulation.predict(Work.cartPole, state, action, vectors: 1, into: next)
      for i in 0..<4 { state[i] = next[i] }
    }
    tick += 1
    for i in 0..<4 { observation[i] = state[i][0] }
  }

  /// One tick; the name of its verdict.
  mutating func decide() -> String {
    let decision = controller.tick(
      Observation(values: observation, tick: tick), tick: tick, mayContinue: { _ in true })
    action[0] = Lanes(repeating: decision.action[0])
    self.decision = (decision.action[0], decision.planCost)
    return decision.verdict == .planned ? "planned" : "\(decision.verdict)"
  }

  /// The plant's state, to see that the work was real.
  var stateList: String { (0..<4).map { "\(state[$0][0])" }.joined(separator: ",") }
}
