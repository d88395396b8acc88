import ReplanCore
import ReplanNumerics
import Testing

@testable import ReplanIdentify

private let equations: [(PhysicsEquation, [Double])] = [
  (.pendulum, Plants.pendulum), (.cartPole, Plants.cartPole), (.furutaPendulum, Plants.furuta),
  (.motor, Plants.motor), (.twoLinkArm, Plants.arm), (.twoTanks, Plants.tanks),
]

@Suite struct PhysicsEquationTests {
  private func points(_ equation: PhysicsEquation) -> [(state: [Double], action: [Double])] {
    var random = TestRandom(5)
    return (0..<16).map { _ in
      // Levels of tanks are not negative.
      let low: Double = equation == .twoTanks ? 0.5 : -2
      let high: Double = equation == .twoTanks ? 11 : 2
      return (
        random.array(equation.stateCount, low, high), random.array(equation.actionCount, -1, 1)
      )
    }
  }

  private func record(_ action: [Double], states: Int, tick: Double) -> MeasuredRecord {
    var record = MeasuredRecord(stateCount: states, actionCount: action.count)
    for k in 0..<2 {
      record.append(
        time: tick * Double(k), state: [Double](repeating: .nan, count: states), action: action)
    }
    return record
  }

  /// What is fitted is what the loop runs.
  @Test(arguments: equations)
  func theCoreRunsTheSamePhysics(equation: PhysicsEquation, parameters: [Double]) {
    let tick = equation == .twoTanks ? 4.0 : 0.02
    let structure = PlantStructure(
      stateCount: equation.stateCount, actionCount: equation.actionCount, tick: Float(tick))
    let configuration = PhysicsConfiguration(equation: equation, substeps: 2)
    var measuring = Arena.measuring()
    _ = PhysicsModel(structure: structure, configuration: configuration, arena: &measuring)
    let layout = PhysicsLayout(equation)
    let bytes = measuring.used + 4 * layout.count + Arena.alignment
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    var arena = Arena(base: memory, capacity: bytes)
    let block = arena.floats(layout.count)
    layout.pack(parameters: parameters.map { Float($0) }, noiseVariance: nil, into: block)
    var core = PhysicsModel(structure: structure, configuration: configuration, arena: &arena)
    core.adopt(block)
    for (state, action) in points(equation) {
      let expected = equation.simulator.simulate(
        record(action, states: state.count, tick: tick), 0..<2, parameters: parameters,
        start: state, step: tick / 2)
      let x = state.map { Lanes(repeating: Float($0)) }
      let u = action.map { Lanes(repeating: Float($0)) }
      var next = [Lanes](repeating: .zero, count: state.count)
      core.predict(x, u, vectors: 1, into: &next)
      for c in state.indices {
        let value = expected[state.count + c]
        #expect(abs(Double(next[c][0]) - value) < 2e-5 * max(1, abs(value)))
      }
    }
  }

  @Test(arguments: equations)
  func theBalanceVanishesAtTheRightParameters(equation: PhysicsEquation, parameters: [Double]) {
    let simulator = equation.simulator
    let zeros = [Double](repeating: 0, count: equation.stateCount)
    for (state, action) in points(equation) {
      // Over so short a step the difference is the rate.
      let h = 1e-6
      let after = simulator.simulate(
        record(action, states: state.count, tick: h), 0..<2, parameters: parameters, start: state,
        step: h)
      let rate = state.indices.map { (after[state.count + $0] - state[$0]) / h }
      let left = simulator.balance(
        state: state, rate: rate, action: action, parameters: parameters, free: []
      ).left
      let unmoved = simulator.balance(
        state: state, rate: zeros, action: action, parameters: parameters, free: []
      ).left
      for c in left.indices {
        #expect(abs(left[c]) < 1e-3 * max(1, abs(unmoved[c])))
      }
    }
  }

  @Test(arguments: equations)
  func derivativesAreThoseOfCentralDifferences(
    equation: PhysicsEquation, parameters: [Double]
  ) {
    let simulator = equation.simulator
    let free = Array(parameters.indices)
    let (n, tick) = (equation.stateCount, equation == .twoTanks ? 4.0 : 0.02)
    for (state, action) in points(equation).prefix(4) {
      let record = record(action, states: n, tick: tick)
      func next(_ p: [Double], _ x: [Double]) -> [Double] {
        Array(
          simulator.simulate(record, 0..<2, parameters: p, start: x, step: tick / 2)[n...])
      }
      let slopes = simulator.linearize(
        record, 0..<2, parameters: parameters, free: free, start: state, step: tick / 2
      ).slopes
      let width = free.count + n
      for j in 0..<width {
        let value = j < free.count ? parameters[j] : state[j - free.count]
        let h = 1e-6 * max(abs(value), 1e-2)
        func moved(_ change: Double) -> [Double] {
          var (p, x) = (parameters, state)
          if j < free.count { p[j] += change } else { x[j - free.count] += change }
          return next(p, x)
        }
        let expected = zip(moved(h), moved(-h)).map { ($0 - $1) / (2 * h) }
        for c in 0..<n {
          let found = slopes[(n + c) * width + j]
          #expect(abs(found - expected[c]) < 1e-5 * max(1, abs(expected[c])))
        }
      }
    }
  }
}
