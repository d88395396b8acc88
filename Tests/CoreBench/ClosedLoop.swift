import ReplanCore
import ReplanNumerics

/// Runs a trial: the cart-pole's equations of motion under the controller, with sensors that fail,
/// deadlines that cut, a model that is replaced and an envelope that is left.
struct ClosedLoop: ~Copyable {
  private static let ticks = 60

  private var controller: Controller
  private let plant: RungeKutta
  private let models: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  private let state: UnsafeMutablePointer<Lanes>
  private let next: UnsafeMutablePointer<Lanes>
  private let action: UnsafeMutablePointer<Lanes>

  init(_ trial: Trial) {
    var configuration = trial.work.configuration(.part)
    trial.change(&configuration)
    let bytes = Controller.byteCount(configuration)
    var arena = Arena(base: Bench.zeros(bytes), capacity: bytes)
    controller = Controller(configuration, arena: &arena)
    let count = controller.parameterCount
    func block() -> UnsafeMutablePointer<Float> {
      let block = Bench.zeros(4 * count).assumingMemoryBound(to: Float.self)
      trial.work.fill(block, configuration)
      return block
    }
    models = (block(), block())
    // Another plant or network, but near enough.
    for k in 0..<count { models.1[k] *= 1.01 }
    var own = Arena(base: Bench.zeros(1 << 16), capacity: 1 << 16)
    plant = RungeKutta(stateCount: 4, actionCount: 1, substeps: 1, tick: 0.02, arena: &own)
    state = Bench.zeros(1024).assumingMemoryBound(to: Lanes.self)
    next = Bench.zeros(1024).assumingMemoryBound(to: Lanes.self)
    action = Bench.zeros(1024).assumingMemoryBound(to: Lanes.self)
    state[2] = Lanes(repeating: 0.1)
    controller.adopt(models.0)
    controller.bound(disagreement: 1)
    controller.begin(episode: 3, mode: .plan)
  }

  /// Prints what each tick comes to, as bit patterns.
  mutating func run() {
    for tick in 0..<Self.ticks {
      if tick == 40 { controller.adopt(models.1) }
      if tick == 48 { state[0] = Lanes(repeating: 2) }
      if tick == 52 { state[0] = Lanes(repeating: 0) }
      let decision = controller.tick(observation(tick), tick: tick) { unit in
        // From "not at all" to a few units, in the ticks whose deadline is short.
        !(25..<34).contains(tick) || unit < (tick - 25) % 4
      }
      var bits = [UInt32(decision.verdict.rawValue), UInt32(decision.iterations)]
      bits += [decision.planCost, decision.disagreement, decision.action[0]].map(\.bitPattern)
      bits += (0..<4).map { decision.estimate[$0].bitPattern }
      print(bits.map { String($0, radix: 16) }.joined(separator: " "))
      action[0] = Lanes(repeating: decision.action[0])
      plant.predict(Work.cartPole, state, action, vectors: 1, into: next)
      for i in 0..<4 { state[i] = next[i] }
    }
  }

  private func observation(_ tick: Int) -> Observation {
    var values = StateVector(repeating: 0)
    for i in 0..<4 { values[i] = state[i][0] }
    // Missing for two ticks, and for longer than is bridged; not a number; torn.
    if (8..<10).contains(tick) || (14..<20).contains(tick) {
      return Observation(values: values, tick: tick - 1)
    }
    if tick == 11 { values[3] = .nan }
    if tick == 22 { values[0] += 3 }
    return Observation(values: values, tick: tick, elapsedSamples: tick == 36 ? 3 : 1)
  }
}
