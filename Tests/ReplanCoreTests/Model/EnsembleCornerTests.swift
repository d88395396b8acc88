import ReplanNumerics
import Testing

@testable import ReplanCore

/// The ends of what an ensemble's shape may be.
struct EnsembleCorner: CustomTestStringConvertible, Sendable {
  let name: String
  let hidden: [Int]
  var members = 2
  var activation = Activation.silu
  var noise = NoiseHead.predicted
  let structure: PlantStructure

  var testDescription: String { "\(name), \(members) members of \(hidden), \(activation)" }

  static var all: [EnsembleCorner] {
    [
      EnsembleCorner(name: "thinnest", hidden: [1], members: 1, structure: .cartPole),
      EnsembleCorner(name: "thin and deep", hidden: [1, 1, 1, 1], structure: .arm),
      EnsembleCorner(name: "widest", hidden: [256], activation: .tanh, structure: .plain),
      EnsembleCorner(name: "deepest", hidden: [256, 256, 256, 256], structure: .cartPole),
      EnsembleCorner(
        name: "most members", hidden: [13, 5], members: 16, activation: .softplus,
        structure: .arm),
      EnsembleCorner(
        name: "no structure", hidden: [64, 64], members: 5, noise: .constant, structure: .plain),
      EnsembleCorner(name: "odd widths", hidden: [37, 2, 61], members: 3, structure: .arm),
      EnsembleCorner(
        name: "memory of a tick", hidden: [12], members: 3, structure: .arm.remembering(1)),
      EnsembleCorner(
        name: "memory of six ticks", hidden: [16, 16], structure: .cartPole.remembering(6)),
    ]
  }

  func make() -> (fixture: ModelFixture, parameters: RandomParameters) {
    let shape = EnsembleShape.small(
      structure, members: members, activation: activation, noise: noise, hidden: hidden)
    let parameters = RandomParameters(shape, seed: UInt64(hidden.count * 100 + members))
    let fixture = ModelFixture(.ensemble(shape), structure) {
      $0.update(from: parameters.block.floats, count: ParameterLayout(shape).count)
    }
    return (fixture, parameters)
  }
}

@Suite struct EnsembleCornerTests {
  @Test(arguments: EnsembleCorner.all)
  func predictionsAgreeWithDoublePrecision(corner: EnsembleCorner) {
    let (fixture, parameters) = corner.make()
    let reference = EnsembleReference(structure: corner.structure, parameters: parameters)
    let states = corner.structure.stateCount
    for vectors in 1...Ensemble.blockVectors {
      let (state, action) = fixture.points(vectors: vectors)
      for member in [nil, corner.members - 1] {
        let next =
          member.map { fixture.predict(member: $0, state, action, vectors: vectors) }
          ?? fixture.mean(state, action, vectors: vectors)
        for (v, lane) in [(0, 0), (vectors - 1, 15)] {
          let x = point(state, action, vectors: vectors, v, lane: lane)
          let expected = reference.next(
            member: member, Array(x[..<states]), Array(x[states...]))
          for i in 0..<states {
            #expect(abs(Double(next[i * vectors + v][lane]) - expected[i]) < 1e-5)
          }
        }
      }
    }
  }

  @Test(arguments: EnsembleCorner.all)
  func jacobiansAgreeWithCentralDifferences(corner: EnsembleCorner) {
    let (fixture, parameters) = corner.make()
    let reference = EnsembleReference(structure: corner.structure, parameters: parameters)
    let states = corner.structure.stateCount
    let (state, action) = fixture.points(vectors: 1)
    let jacobian = fixture.jacobian(state, action)
    for lane in [0, 9] {
      let expected = centralDifferences(at: point(state, action, lane: lane)) {
        reference.next(member: nil, Array($0[..<states]), Array($0[states...]))
      }
      #expect(largestError(jacobian, lane: lane, expected) < 1e-5)
    }
  }

  /// The promise behind replay on another machine: lanes, tiles and blocks change no bit.
  @Test(arguments: EnsembleCorner.all)
  func everyLaneHasTheBitsOfTheScalarForm(corner: EnsembleCorner) {
    let (fixture, parameters) = corner.make()
    let scalar = ScalarEnsemble(structure: corner.structure, parameters: parameters)
    let states = corner.structure.stateCount
    for vectors in 1...Ensemble.blockVectors {
      let (state, action) = fixture.points(vectors: vectors)
      let mean = fixture.mean(state, action, vectors: vectors)
      let last = fixture.predict(member: corner.members - 1, state, action, vectors: vectors)
      for (v, lane) in [(0, 3), (vectors - 1, 12)] {
        let x = point(state, action, vectors: vectors, v, lane: lane).map { Float($0) }
        let (s, a) = (Array(x[..<states]), Array(x[states...]))
        let expectedMean = scalar.next(member: nil, s, a)
        let expectedLast = scalar.next(member: corner.members - 1, s, a)
        for i in 0..<states {
          let at = i * vectors + v
          #expect(mean[at][lane].bitPattern == expectedMean[i].bitPattern)
          #expect(last[at][lane].bitPattern == expectedLast[i].bitPattern)
        }
      }
    }
  }

  @Test(arguments: EnsembleCorner.all)
  func lanesThatAreNotFiniteStayAmongThemselves(corner: EnsembleCorner) {
    let (fixture, _) = corner.make()
    for vectors in 1...Ensemble.blockVectors {
      var (state, action) = fixture.points(vectors: vectors)
      let first = fixture.mean(state, action, vectors: vectors)
      for i in state.indices where i % vectors == 0 { state[i][1] = .nan }
      action[vectors - 1][2] = .infinity
      let second = fixture.mean(state, action, vectors: vectors)
      for (at, pair) in zip(first, second).enumerated() {
        for lane in 0..<16 {
          let isTouched =
            (at % vectors == 0 && lane == 1) || (at % vectors == vectors - 1 && lane == 2)
          if !isTouched { #expect(pair.0[lane].bitPattern == pair.1[lane].bitPattern) }
        }
      }
      #expect(second[0][1].isNaN)
    }
    var (state, action) = fixture.points(vectors: 1)
    let slopes = fixture.jacobian(state, action)
    let spread = fixture.disagreement(state, action)
    for i in state.indices { state[i][1] = .nan }
    action[0][2] = .infinity
    let after = fixture.jacobian(state, action)
    let spreadAfter = fixture.disagreement(state, action)
    for lane in [0] + Array(3..<16) {
      #expect(spread[lane].bitPattern == spreadAfter[lane].bitPattern)
      for i in slopes.indices { #expect(slopes[i][lane].bitPattern == after[i][lane].bitPattern) }
    }
  }
}
