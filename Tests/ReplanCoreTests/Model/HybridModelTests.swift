import ReplanNumerics
import Testing

@testable import ReplanCore

@Suite struct HybridModelTests {
  /// Cart-pole physics and a random residual, both with references.
  private struct Setup {
    let fixture: ModelFixture
    let physics = PhysicsReference(name: .cartPole, substeps: 2)
    let residual: EnsembleReference
    let structure = PlantStructure.cartPole

    init(members: Int = 3, noise: NoiseHead = .predicted) {
      let shape = EnsembleShape.small(structure, members: members, noise: noise)
      let parameters = RandomParameters(shape, seed: 6)
      residual = EnsembleReference(structure: structure, parameters: parameters)
      let layout = HybridLayout(.cartPole, shape)
      let reference = physics
      fixture = ModelFixture(
        .hybrid(PhysicsConfiguration(equation: .cartPole, substeps: 2), shape), structure
      ) { block in
        reference.pack(block)
        let count = layout.ensemble.count
        (block + layout.ensembleOffset).update(from: parameters.block.floats, count: count)
      }
    }

    func next(member: Int?, _ point: [Double]) -> [Double] {
      let state = Array(point[..<4])
      let ensemble = residual.next(member: member, state, [point[4]])
      var next = physics.next(point)
      let half = 0.5 * Double(structure.tick)
      for i in [1, 3] {
        let change = ensemble[i] - state[i]
        next[i] += change
        next[i - 1] += half * change
      }
      return next
    }
  }

  @Test(arguments: 1...min(2, Ensemble.blockVectors))
  func predictionsAreTheSumOfBoth(vectors: Int) {
    let setup = Setup()
    let (state, action) = setup.fixture.points(vectors: vectors)
    for member in [nil, 0, 2] {
      let next =
        member.map {
          setup.fixture.predict(member: $0, state, action, vectors: vectors)
        } ?? setup.fixture.mean(state, action, vectors: vectors)
      for v in 0..<vectors {
        for lane in 0..<16 {
          let expected = setup.next(
            member: member, point(state, action, vectors: vectors, v, lane: lane))
          for i in 0..<4 {
            #expect(abs(Double(next[i * vectors + v][lane]) - expected[i]) < 1e-5)
          }
        }
      }
    }
  }

  @Test func jacobiansAgreeWithCentralDifferences() {
    let setup = Setup()
    let (state, action) = setup.fixture.points(vectors: 1)
    let jacobian = setup.fixture.jacobian(state, action)
    for lane in 0..<16 {
      let expected = centralDifferences(at: point(state, action, lane: lane)) {
        setup.next(member: nil, $0)
      }
      #expect(largestError(jacobian, lane: lane, expected) < 2e-5)
    }
  }

  @Test func disagreementIsTheEnsembles() {
    let setup = Setup()
    let (state, action) = setup.fixture.points(vectors: 1)
    let plain = ModelFixture(
      .ensemble(setup.residual.parameters.shape), setup.structure
    ) {
      $0.update(
        from: setup.residual.parameters.block.floats,
        count: ParameterLayout(setup.residual.parameters.shape).count)
    }
    let found = setup.fixture.disagreement(state, action)
    #expect(found == plain.disagreement(state, action))
    #expect(found.min() > 0 && setup.fixture.model.memberCount == 3)
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func noiseIsTheEnsembles(noise: NoiseHead) {
    let setup = Setup(noise: noise)
    let (state, action) = setup.fixture.points(vectors: 1)
    let normals = setup.fixture.points(vectors: 1, seed: 5).state
    let plain = setup.fixture.predict(member: 1, state, action)
    let noisy = setup.fixture.predict(member: 1, state, action, normals: normals)
    let half = 0.5 * setup.structure.tick
    for lane in 0..<16 {
      let x = point(state, action, lane: lane)
      let deviations = setup.residual.deviations(member: 1, Array(x[..<4]), [x[4]])
      for (j, i) in [1, 3].enumerated() {
        let change = Float(deviations[j]) * normals[j][lane]
        #expect(abs(noisy[i][lane] - plain[i][lane] - change) < 1e-5)
        #expect(abs(noisy[i - 1][lane] - plain[i - 1][lane] - half * change) < 1e-5)
      }
    }
  }

  @Test func aLaneDoesNotDependOnItsNeighbours() {
    let setup = Setup()
    var (state, action) = setup.fixture.points(vectors: 1)
    let first = setup.fixture.mean(state, action)
    for i in state.indices { state[i][7] = .nan }
    action[0][8] = .infinity
    let second = setup.fixture.mean(state, action)
    for i in first.indices {
      for lane in 0..<16 where lane != 7 && lane != 8 {
        #expect(first[i][lane].bitPattern == second[i][lane].bitPattern)
      }
    }
    #expect(second[1][7].isNaN)
  }
}
