import Foundation
import ReplanNumerics
import ReplanPlants
import Testing

@testable import ReplanCore

private let equations = (0..<PhysicsEquation.count).map { PhysicsEquation(rawValue: UInt8($0))! }

@Suite struct PhysicsModelTests {
  @Test(arguments: equations, [1, 4])
  func predictionsAgreeWithDoublePrecision(equation: PhysicsEquation, substeps: Int) {
    let reference = PhysicsReference(name: equation, substeps: substeps)
    let fixture = reference.fixture()
    for vectors in 1...3 {
      let (state, action) = fixture.points(vectors: vectors)
      let next = fixture.mean(state, action, vectors: vectors)
      for v in 0..<vectors {
        for lane in 0..<16 {
          let expected = reference.next(point(state, action, vectors: vectors, v, lane: lane))
          for (i, value) in expected.enumerated() {
            let found = Double(next[i * vectors + v][lane])
            #expect(abs(found - value) < 1e-5 * max(1, abs(value)))
          }
        }
      }
    }
  }

  @Test(arguments: equations, [1, 3])
  func jacobiansAgreeWithCentralDifferences(equation: PhysicsEquation, substeps: Int) {
    let reference = PhysicsReference(name: equation, substeps: substeps)
    let fixture = reference.fixture()
    let (state, action) = fixture.points(vectors: 1)
    let jacobian = fixture.jacobian(state, action)
    for lane in 0..<16 {
      let expected = centralDifferences(
        at: point(state, action, lane: lane), step: 1e-6, reference.next)
      #expect(largestError(jacobian, lane: lane, expected) < 2e-5)
    }
  }

  /// Where Coulomb friction changes its sign, its slope is steepest.
  @Test func jacobiansHoldNearStandstill() {
    let reference = PhysicsReference(name: .cartPole, substeps: 4)
    let fixture = reference.fixture()
    let (state, action) = fixture.points(vectors: 1, bound: 0.02)
    let jacobian = fixture.jacobian(state, action)
    for lane in 0..<16 {
      let expected = centralDifferences(
        at: point(state, action, lane: lane), step: 1e-7, reference.next)
      #expect(largestError(jacobian, lane: lane, expected) < 5e-5)
    }
  }

  @Test func theCartPoleIsTheSimulatedPlant() {
    let reference = PhysicsReference(name: .cartPole, substeps: 20)
    let fixture = reference.fixture()
    var plant = CartPole(
      parameters: CartPole.Parameters(
        cartMass: 0.7, poleMass: 0.3, poleLength: 0.5, cartViscous: 0.1, cartCoulomb: 0.2,
        pivotViscous: 0.0008, pivotCoulomb: 0.0009))
    let (state, action) = fixture.points(vectors: 1, bound: 2)
    let next = fixture.mean(state, action)
    for lane in 0..<16 {
      var placed = PlantState(repeating: 0)
      for i in 0..<4 { placed[i] = state[i][lane] }
      plant.place(placed)
      for _ in 0..<20 { plant.step(PlantAction(action[0][lane], 0, 0, 0), seconds: 0.001) }
      for i in 0..<4 { #expect(abs(plant.state[i] - next[i][lane]) < 2e-5) }
    }
  }

  @Test func thePendulumIsTheSimulatedPlant() {
    let reference = PhysicsReference(name: .pendulum, substeps: 20)
    let fixture = reference.fixture()
    var plant = Pendulum(
      parameters: Pendulum.Parameters(mass: 1.05, length: 0.49, viscous: 0.02, coulomb: 0.015))
    let (state, action) = fixture.points(vectors: 1, bound: 2)
    let next = fixture.mean(state, action)
    for lane in 0..<16 {
      var placed = PlantState(repeating: 0)
      for i in 0..<2 { placed[i] = state[i][lane] }
      plant.place(placed)
      for _ in 0..<20 { plant.step(PlantAction(action[0][lane], 0, 0, 0), seconds: 0.001) }
      for i in 0..<2 { #expect(abs(plant.state[i] - next[i][lane]) < 2e-5) }
    }
  }

  /// Without friction and torque an arm of two links keeps its energy.
  @Test func theArmKeepsItsEnergy() {
    let (m1, l1, m2, l2) = (0.8, 0.4, 0.5, 0.3)
    func energy(_ x: [Double]) -> Double {
      let inner = m1 * l1 * l1 / 3
      let outer = m2 * l2 * l2 / 12
      let both = x[1] + x[3]
      // The outer rod's centre, from its velocity at the elbow and about it.
      let square =
        l1 * l1 * x[1] * x[1] + 0.25 * l2 * l2 * both * both
        + l1 * l2 * x[1] * both * cos(x[2])
      return 0.5 * inner * x[1] * x[1] + 0.5 * outer * both * both + 0.5 * m2 * square
        + 9.81 * (m1 * 0.5 * l1 * cos(x[0]) + m2 * (l1 * cos(x[0]) + 0.5 * l2 * cos(x[0] + x[2])))
    }
    let fixture = PhysicsReference(name: .twoLinkArm, substeps: 20, friction: 0).fixture()
    var (state, action) = fixture.points(vectors: 1, bound: 2)
    action = action.map { _ in .zero }
    let before = (0..<16).map { energy(point(state, action, lane: $0)) }
    for _ in 0..<25 { state = fixture.mean(state, action) }
    for lane in 0..<16 {
      #expect(abs(energy(point(state, action, lane: lane)) - before[lane]) < 2e-3)
    }
  }

  /// Water goes nowhere but from tank to tank and out of the lower one.
  @Test func tanksThatNeitherFillNorDrainKeepTheirLevels() {
    let structure = PlantStructure(stateCount: 2, actionCount: 1, tick: 0.1)
    let closed = TwoTankEquation(
      gain: 1, upperOutflow: 0, lowerOutflow: 0, upperHeight: 1000, lowerHeight: 1000, weir: 1e-6)
    let layout = PhysicsLayout(.twoTanks)
    let configuration = PhysicsConfiguration(equation: .twoTanks)
    let fixture = ModelFixture(.physics(configuration), structure) {
      layout.pack(closed, noiseVariance: nil, into: $0)
    }
    let (state, action) = fixture.points(vectors: 1)
    let next = fixture.mean(state, action)
    for lane in 0..<16 {
      #expect(abs(next[0][lane] - state[0][lane] - 0.1 * action[0][lane]) < 1e-5)
      #expect(abs(next[1][lane] - state[1][lane]) < 1e-5)
    }
  }

  /// The names in files: none twice, each within its bounds, in the order in which they are stored.
  @Test(arguments: equations)
  func parametersHaveNamesOfTheirOwnAndStartInsideTheirBounds(equation: PhysicsEquation) {
    let parameters = (0..<equation.parameterCount).map { equation.parameter($0) }
    #expect(Set(parameters.map { "\($0.name)" }).count == parameters.count)
    #expect(parameters.allSatisfy { $0.low <= $0.start && $0.start <= $0.high && $0.low < $0.high })
    #expect(parameters.contains { !$0.isFixed })
  }

  /// Without friction and torque a Furuta pendulum keeps its energy.
  @Test func theFurutaPendulumKeepsItsEnergy() {
    let (arm, reach, m, length) = (1e-3, 0.15, 0.05, 0.2)
    func energy(_ x: [Double]) -> Double {
      let inertia = m * length * length / 3
      let s = Double(sine(Float(x[2])))
      let c = Double(cosine(Float(x[2])))
      return 0.5 * (arm + m * reach * reach + inertia * s * s) * x[1] * x[1]
        + m * length / 2 * reach * c * x[1] * x[3] + 0.5 * inertia * x[3] * x[3]
        + m * 9.81 * length / 2 * c
    }
    let fixture = PhysicsReference(
      name: .furutaPendulum, substeps: 10, friction: 0
    ).fixture()
    var (state, action) = fixture.points(vectors: 1)
    action[0] = .zero
    let before = (0..<16).map { energy(point(state, action, lane: $0)) }
    for _ in 0..<50 { state = fixture.mean(state, action) }
    for lane in 0..<16 {
      #expect(abs(energy(point(state, action, lane: lane)) - before[lane]) < 2e-4)
    }
  }

  @Test(arguments: equations)
  func noiseHasTheStatedVariance(equation: PhysicsEquation) {
    let variance: [Float] = [0.25, 4, 0, 1]
    let fixture = PhysicsReference(name: equation, substeps: 1)
      .fixture(noiseVariance: Array(variance[..<equation.stateCount]))
    let (state, action) = fixture.points(vectors: 2)
    let normals = fixture.points(vectors: 2, seed: 4).state
    let plain = fixture.predict(member: 0, state, action, vectors: 2)
    let noisy = fixture.predict(member: 0, state, action, vectors: 2, normals: normals)
    for i in noisy.indices {
      let expected = plain[i] + Lanes(repeating: variance[i / 2].squareRoot()) * normals[i]
      for lane in 0..<16 { #expect(abs(noisy[i][lane] - expected[lane]) < 1e-5) }
    }
  }

  @Test(arguments: equations)
  func aLaneDoesNotDependOnItsNeighbours(equation: PhysicsEquation) {
    let fixture = PhysicsReference(name: equation, substeps: 2).fixture()
    var (state, action) = fixture.points(vectors: 1)
    let first = fixture.mean(state, action)
    let slopes = fixture.jacobian(state, action)
    for i in state.indices { state[i][1] = .nan }
    action[0][2] = .infinity
    let second = fixture.mean(state, action)
    let after = fixture.jacobian(state, action)
    for lane in [0] + Array(3..<16) {
      for i in first.indices { #expect(first[i][lane].bitPattern == second[i][lane].bitPattern) }
      for i in slopes.indices { #expect(slopes[i][lane].bitPattern == after[i][lane].bitPattern) }
    }
    #expect(second[1][1].isNaN && !second[1][2].isFinite)
  }

  @Test(arguments: equations)
  func anEquationStoresWhatItReads(equation: PhysicsEquation) {
    let fixture = PhysicsReference(name: equation, substeps: 1).fixture()
    let stored = (0..<equation.parameterCount).map { fixture.parameters.floats[$0] }
    #expect(stored.allSatisfy { $0 > 0 })
    let layout = PhysicsLayout(equation)
    let copy = Block(bytes: 4 * layout.count)
    layout.pack(parameters: stored, noiseVariance: nil, into: copy.floats)
    let (state, action) = fixture.points(vectors: 1)
    let expected = fixture.mean(state, action)
    withExtendedLifetime(copy) {
      fixture.adopt(copy.floats)
      #expect(fixture.mean(state, action) == expected)
    }
  }
}
