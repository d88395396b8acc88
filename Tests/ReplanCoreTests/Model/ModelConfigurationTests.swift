import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct ModelConfigurationTests {
  private static let physics = PhysicsConfiguration(equation: .cartPole, substeps: 2)

  private static var all: [ModelConfiguration] {
    let shape = EnsembleShape.small(.cartPole)
    return [.ensemble(shape), .linear, .physics(physics), .hybrid(physics, shape)]
  }

  @Test func aModelIsReadyOnceItHasParameters() {
    for configuration in Self.all {
      var measure = Arena.measuring()
      var model = Model(configuration, structure: .cartPole, arena: &measure)
      #expect(!model.isReady)
      let block = Block(bytes: 4 * configuration.parameterCount(.cartPole))
      model.adopt(block.floats)
      #expect(model.isReady)
    }
  }

  /// A hybrid takes over both parts by one pointer.
  @Test func parametersAreSwappedByAPointer() {
    let shape = EnsembleShape.small(.cartPole)
    let layout = HybridLayout(.cartPole, shape)
    let blocks = [1, 2].map { seed in
      let block = Block(bytes: 4 * layout.count)
      let weights = RandomParameters(shape, seed: UInt64(seed))
      layout.physics.pack(
        CartPoleEquation(cartMass: Float(seed), poleMass: 0.2, poleLength: 0.5),
        noiseVariance: nil, into: block.floats)
      (block.floats + layout.ensembleOffset).update(
        from: weights.block.floats, count: layout.ensemble.count)
      return block
    }
    let fixture = ModelFixture(.hybrid(Self.physics, shape), .cartPole) {
      $0.update(from: blocks[0].floats, count: layout.count)
    }
    let (state, action) = fixture.points(vectors: 1)
    let first = fixture.mean(state, action)
    withExtendedLifetime(blocks) {
      fixture.adopt(blocks[1].floats)
      #expect(fixture.mean(state, action) != first)
      fixture.adopt(blocks[0].floats)
      #expect(fixture.mean(state, action) == first)
    }
  }

  /// Each planner works through each model, within the tick's limits.
  @Test func aControllerPlansThroughEveryModel() {
    let shape = EnsembleShape.small(.cartPole)
    let weights = RandomParameters(shape, seed: 3)
    let planners: [PlannerConfiguration] = [
      .ilqr(ILQRConfiguration(horizon: 12, candidates: 40)),
      .crossEntropy(CrossEntropyConfiguration(horizon: 8, candidates: 70, elites: 7)),
    ]
    for model in Self.all {
      for planner in planners {
        var configuration = ControllerFixture.configuration(planner)
        configuration.model = model
        let memory = Block(bytes: Controller.byteCount(configuration))
        var arena = Arena(base: memory.pointer, capacity: memory.bytes)
        var controller = Controller(configuration, arena: &arena)
        let block = Block(bytes: 4 * controller.parameterCount)
        Self.pack(model, weights, block.floats)
        controller.adopt(block.floats)
        controller.begin(episode: 1, mode: .plan)
        var state = StateVector(repeating: 0)
        state[2] = 0.4
        withExtendedLifetime((memory, block)) {
          for k in 0..<3 {
            let decision = controller.tick(Observation(values: state, tick: k), tick: k) { _ in
              true
            }
            #expect(decision.verdict == .planned && decision.planCost.isFinite)
            #expect(abs(decision.action[0]) <= 10 && decision.action[0] != 0)
          }
        }
      }
    }
  }

  private static func pack(
    _ model: ModelConfiguration, _ weights: RandomParameters, _ block: UnsafeMutablePointer<Float>
  ) {
    let equation = CartPoleEquation(cartMass: 0.7, poleMass: 0.2, poleLength: 0.5)
    switch model {
    case .ensemble(let shape):
      block.update(from: weights.block.floats, count: ParameterLayout(shape).count)
    case .linear:
      var byState = [Float](repeating: 0, count: 16)
      for i in 0..<4 { byState[5 * i] = 1 }
      (byState[1], byState[11], byState[14]) = (0.02, 0.02, 0.4)
      LinearLayout(stateCount: 4, actionCount: 1).pack(
        byState: byState, byAction: [0, 0.03, 0, -0.06], offset: nil, noiseVariance: nil,
        into: block)
    case .physics(let physics):
      PhysicsLayout(physics.equation).pack(equation, noiseVariance: nil, into: block)
    case .hybrid(let physics, let shape):
      let layout = HybridLayout(physics.equation, shape)
      layout.physics.pack(equation, noiseVariance: nil, into: block)
      (block + layout.ensembleOffset).update(
        from: weights.block.floats, count: layout.ensemble.count)
    }
  }
}
