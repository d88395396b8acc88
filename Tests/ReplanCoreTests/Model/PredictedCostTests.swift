import ReplanNumerics
import Testing

@testable import ReplanCore

/// The cost that an ensemble predicts beside the changes of state.
@Suite struct PredictedCostTests {
  /// A random ensemble that predicts the cost; as it is, or as the residual of a physics.
  private struct Setup {
    let fixture: ModelFixture
    let reference: EnsembleReference
    let structure = PlantStructure.cartPole

    init(
      activation: Activation = .silu, noise: NoiseHead = .constant, hidden: [Int] = [11, 18],
      isHybrid: Bool = false
    ) {
      let shape = EnsembleShape.small(
        structure, activation: activation, noise: noise, hidden: hidden, predictsCost: true)
      let parameters = RandomParameters(shape, seed: 5)
      reference = EnsembleReference(structure: structure, parameters: parameters)
      let layout = HybridLayout(.cartPole, shape)
      let physics = PhysicsConfiguration(equation: .cartPole, substeps: 2)
      fixture = ModelFixture(
        isHybrid ? .hybrid(physics, shape) : .ensemble(shape), structure
      ) { block in
        if isHybrid { PhysicsReference(name: .cartPole, substeps: 2).pack(block) }
        (block + (isHybrid ? layout.ensembleOffset : 0)).update(
          from: parameters.block.floats, count: layout.ensemble.count)
      }
    }

    func cost(member: Int?, _ point: [Double]) -> Double {
      reference.cost(member: member, Array(point[..<4]), [point[4]])
    }

    /// Next states and costs of one member, or of the mean.
    func predict(
      member: Int?, _ state: [Lanes], _ action: [Lanes], vectors: Int, normals: [Lanes]? = nil
    ) -> (next: [Lanes], cost: [Lanes]) {
      var next = [Lanes](repeating: .zero, count: 4 * vectors)
      var cost = [Lanes](repeating: .zero, count: vectors)
      if let normals {
        fixture.model.predict(
          member: member, state, action, vectors: vectors, normals: normals, into: &next,
          cost: &cost)
      } else if let member {
        fixture.model.predict(
          member: member, state, action, vectors: vectors, into: &next, cost: &cost)
      } else {
        fixture.model.predictMean(state, action, vectors: vectors, into: &next, cost: &cost)
      }
      return (next, cost)
    }
  }

  @Test(arguments: 1...min(2, Ensemble.blockVectors), [[7], [11, 18], [4, 4, 4, 4]])
  func costsAgreeWithDoublePrecision(vectors: Int, hidden: [Int]) {
    for isHybrid in [false, true] {
      let setup = Setup(hidden: hidden, isHybrid: isHybrid)
      let (state, action) = setup.fixture.points(vectors: vectors)
      for member in [nil, 0, 2] {
        let found = setup.predict(member: member, state, action, vectors: vectors)
        // Asking for the cost changes nothing about the states.
        let plain =
          member.map { setup.fixture.predict(member: $0, state, action, vectors: vectors) }
          ?? setup.fixture.mean(state, action, vectors: vectors)
        #expect(found.next == plain)
        for v in 0..<vectors {
          for lane in 0..<16 {
            let x = point(state, action, vectors: vectors, v, lane: lane)
            let expected = setup.cost(member: member, x)
            #expect(abs(Double(found.cost[v][lane]) - expected) < 3e-6)
          }
        }
      }
    }
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func theCostHasNoiseOfItsOwn(noise: NoiseHead) {
    for isHybrid in [false, true] {
      let setup = Setup(noise: noise, isHybrid: isHybrid)
      let (state, action) = setup.fixture.points(vectors: 1)
      let normals = setup.fixture.points(vectors: 1, seed: 5).state
      let plain = setup.predict(member: 1, state, action, vectors: 1)
      let noisy = setup.predict(member: 1, state, action, vectors: 1, normals: normals)
      for lane in 0..<16 {
        let x = point(state, action, lane: lane)
        let deviations = setup.reference.deviations(member: 1, Array(x[..<4]), [x[4]])
        let ofCost = Float(deviations[2]) * normals[2][lane]
        #expect(abs(noisy.cost[0][lane] - plain.cost[0][lane] - ofCost) < 1e-5)
        let ofVelocity = Float(deviations[0]) * normals[0][lane]
        #expect(abs(noisy.next[1][lane] - plain.next[1][lane] - ofVelocity) < 1e-5)
      }
    }
  }

  @Test(arguments: [Activation.tanh, .silu, .softplus], [NoiseHead.constant, .predicted])
  func theCostsRowAgreesWithCentralDifferences(activation: Activation, noise: NoiseHead) {
    for isHybrid in [false, true] {
      let setup = Setup(activation: activation, noise: noise, isHybrid: isHybrid)
      let (state, action) = setup.fixture.points(vectors: 1)
      let plain = setup.fixture.jacobian(state, action)
      let resolution = 1e-3 * Double(setup.reference.parameters.outputScale[2])
      for member in [nil, 0, 2] {
        var jacobian = [Lanes](repeating: .zero, count: 20)
        var row = [Lanes](repeating: .zero, count: CostRow.count(setup.structure))
        setup.fixture.model.linearize(
          member: member, state, action, into: &jacobian, cost: &row)
        if member == nil { #expect(jacobian == plain) }
        for lane in 0..<16 {
          let x = point(state, action, lane: lane)
          let expected = centralDifferences(at: x) { [setup.cost(member: member, $0)] }
          #expect(largestError(Array(row[..<5]), lane: lane, expected) < 5e-6)
          let cost = setup.cost(member: member, x)
          #expect(abs(Double(row[5][lane]) - cost) < 3e-6)
          guard abs(cost) > 1e-4 else { continue }
          let curvature = cost > 0 ? 0.5 / max(cost, resolution) : 0
          #expect(abs(Double(row[6][lane]) - curvature) < 1e-2 * max(1, curvature))
        }
      }
    }
  }

  @Test func membersDisagreeAboutTheCostAsAboutAnyOutput() {
    let setup = Setup()
    let (state, action) = setup.fixture.points(vectors: 1)
    let found = setup.fixture.disagreement(state, action)
    for lane in 0..<16 {
      let x = point(state, action, lane: lane)
      let heads = (0..<3).map { setup.reference.head(member: $0, Array(x[..<4]), [x[4]]) }
      let variances = (0..<3).map { j in
        let y = heads.map { $0[j] }
        let mean = y.reduce(0, +) / 3
        return y.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 2
      }
      #expect(abs(Double(found[lane]) - variances.max()!) < 1e-5)
    }
    // Alike in the state, -2 a and a in the cost: at a = 2 that is -4 and 2, of variance 18.
    let parameters = LearnedCostFixture.parameters([.init(action: -2), .init(action: 1)])
    let known = ModelFixture(.ensemble(parameters.shape), SpreadFixture.structure()) {
      $0.update(from: parameters.block.floats, count: ParameterLayout(parameters.shape).count)
    }
    let variance = known.disagreement([Lanes(repeating: 0.3)], [Lanes(repeating: 2)])
    #expect(abs(variance[5] - 18) < 1e-4)
  }

  @Test func curvatureIsThatOfTheRootAndNeverNegative() {
    let costs = Lanes(0.5, 2, 0, -1, 1e-4, 1e-30, .infinity, .nan, 0, 0, 0, 0, 0, 0, 0, 0)
    let found = CostRow.curvature(costs, scale: 2)
    #expect(found[0] == 1 && found[1] == 0.25 && found[2] == 0 && found[3] == 0)
    // Below two thousandths there is no more to be told from the cost.
    #expect(abs(found[4] - 250) < 1e-3 && found[5] == found[4])
    #expect(found[6] == 0 && found[7] == 0)
  }

  @Test func aHeadWithoutTheCostHasNoRoomForIt() {
    let plain = EnsembleShape.small(.cartPole, noise: .predicted)
    let shape = EnsembleShape.small(.cartPole, noise: .predicted, predictsCost: true)
    #expect(plain.meanCount == 2 && plain.headCount == 4 && !plain.predictsCost)
    #expect(shape.meanCount == 3 && shape.headCount == 6 && shape.outputCount == 2)
    let structure = PlantStructure.cartPole
    #expect(ModelConfiguration.ensemble(plain).noiseCount(structure) == 2)
    #expect(ModelConfiguration.ensemble(shape).noiseCount(structure) == 3)
    #expect(ModelConfiguration.ensemble(shape).predictsCost)
    #expect(!ModelConfiguration.linear.predictsCost)
  }
}
