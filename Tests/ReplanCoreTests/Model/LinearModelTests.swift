import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct LinearModelTests {
  /// Random matrices, kept in plain arrays as well.
  private struct Setup {
    let states: Int
    let actions: Int
    let byState: [Float]
    let byAction: [Float]
    let offset: [Float]
    let variance: [Float]
    let fixture: ModelFixture

    init(states: Int, actions: Int) {
      var random = TestRandom(UInt64(states * 31 + actions))
      self.states = states
      self.actions = actions
      let byState = (0..<(states * states)).map { _ in random.uniform(-1, 1) }
      let byAction = (0..<(states * actions)).map { _ in random.uniform(-1, 1) }
      let offset = (0..<states).map { _ in random.uniform(-1, 1) }
      let variance = (0..<states).map { _ in random.uniform(0, 2) }
      let layout = LinearLayout(stateCount: states, actionCount: actions)
      fixture = ModelFixture(
        .linear, PlantStructure(stateCount: states, actionCount: actions, tick: 0.02)
      ) {
        layout.pack(
          byState: byState, byAction: byAction, offset: offset, noiseVariance: variance, into: $0)
      }
      (self.byState, self.byAction, self.offset) = (byState, byAction, offset)
      self.variance = variance
    }
  }

  @Test(arguments: [1, 4, 32], [1, 3, 16])
  func predictionsAgreeWithDoublePrecision(states: Int, actions: Int) {
    let setup = Setup(states: states, actions: actions)
    for vectors in [1, 3] {
      let (state, action) = setup.fixture.points(vectors: vectors)
      let next = setup.fixture.mean(state, action, vectors: vectors)
      #expect(setup.fixture.predict(member: 0, state, action, vectors: vectors) == next)
      for v in 0..<vectors {
        for lane in 0..<16 {
          let x = point(state, action, vectors: vectors, v, lane: lane)
          for i in 0..<states {
            var expected = Double(setup.offset[i])
            for j in 0..<states { expected += Double(setup.byState[i * states + j]) * x[j] }
            for j in 0..<actions {
              expected += Double(setup.byAction[i * actions + j]) * x[states + j]
            }
            #expect(abs(Double(next[i * vectors + v][lane]) - expected) < 2e-5)
          }
        }
      }
    }
  }

  @Test func theJacobianIsTheMatrices() {
    let setup = Setup(states: 5, actions: 2)
    let (state, action) = setup.fixture.points(vectors: 1)
    let jacobian = setup.fixture.jacobian(state, action)
    for i in 0..<5 {
      for j in 0..<5 { #expect(jacobian[i * 7 + j] == Lanes(repeating: setup.byState[i * 5 + j])) }
      for j in 0..<2 {
        #expect(jacobian[i * 7 + 5 + j] == Lanes(repeating: setup.byAction[i * 2 + j]))
      }
    }
    #expect(setup.fixture.disagreement(state, action) == .zero)
    #expect(setup.fixture.model.memberCount == 1)
  }

  @Test func noiseHasTheStatedVariance() {
    let setup = Setup(states: 4, actions: 1)
    let (state, action) = setup.fixture.points(vectors: 2)
    let normals = setup.fixture.points(vectors: 2, seed: 4).state
    let plain = setup.fixture.predict(member: 0, state, action, vectors: 2)
    let noisy = setup.fixture.predict(member: 0, state, action, vectors: 2, normals: normals)
    for i in noisy.indices {
      let deviation = setup.variance[i / 2].squareRoot()
      let expected = plain[i] + Lanes(repeating: deviation) * normals[i]
      for lane in 0..<16 { #expect(abs(noisy[i][lane] - expected[lane]) < 1e-5) }
    }
  }

  /// A product with zero is not finite in its own lane only.
  @Test func aLaneDoesNotDependOnItsNeighbours() {
    let setup = Setup(states: 4, actions: 1)
    var (state, action) = setup.fixture.points(vectors: 1)
    let first = setup.fixture.mean(state, action)
    for i in state.indices { state[i][7] = .nan }
    action[0][8] = .infinity
    let second = setup.fixture.mean(state, action)
    for i in first.indices {
      for lane in 0..<16 where lane != 7 && lane != 8 {
        #expect(first[i][lane].bitPattern == second[i][lane].bitPattern)
      }
      #expect(second[i][7].isNaN && !second[i][8].isFinite)
    }
  }
}
