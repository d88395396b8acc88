import ReplanNumerics
import Testing

@testable import ReplanCore

/// An ensemble with random weights and its reference.
private struct Setup {
  let ensemble: Ensemble
  let reference: EnsembleReference
  let block: Block

  init(
    members: Int = 3, activation: Activation = .silu, noise: NoiseHead = .constant,
    hidden: [Int] = [11, 18]
  ) {
    let structure = PlantStructure.cartPole
    let shape = EnsembleShape.small(
      structure, members: members, activation: activation, noise: noise, hidden: hidden)
    let parameters = RandomParameters(shape, seed: 5)
    var measure = Arena.measuring()
    _ = Ensemble(structure: structure, shape: shape, arena: &measure)
    block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    var ensemble = Ensemble(structure: structure, shape: shape, arena: &arena)
    ensemble.prepare(structure: structure, shape: shape)
    ensemble.adopt(parameters.block.floats)
    self.ensemble = ensemble
    reference = EnsembleReference(structure: structure, parameters: parameters)
  }

  /// Random states [S × vectors] and actions [A × vectors].
  func points(vectors: Int) -> (state: [Lanes], action: [Lanes]) {
    var random = TestRandom(9)
    func lanes(_ count: Int, _ bound: Float) -> [Lanes] {
      (0..<(count * vectors)).map { _ in
        var x = Lanes(repeating: 0)
        for i in 0..<16 { x[i] = random.uniform(-bound, bound) }
        return x
      }
    }
    return (lanes(4, 3), lanes(1, 2))
  }
}

@Suite struct EnsembleTests {
  @Test(arguments: 1...min(2, Ensemble.blockVectors), [[7], [11, 18], [16, 5, 9], [4, 4, 4, 4]])
  func predictionsAgreeWithDoublePrecision(vectors: Int, hidden: [Int]) {
    let setup = Setup(hidden: hidden)
    let (state, action) = setup.points(vectors: vectors)
    var next = [Lanes](repeating: .zero, count: 4 * vectors)
    for member in [nil, 0, 2] {
      if let member {
        setup.ensemble.predict(member: member, state, action, vectors: vectors, into: &next)
      } else {
        setup.ensemble.predictMean(state, action, vectors: vectors, into: &next)
      }
      for v in 0..<vectors {
        for lane in 0..<16 {
          let s = (0..<4).map { Double(state[$0 * vectors + v][lane]) }
          let expected = setup.reference.next(
            member: member, s, [Double(action[v][lane])])
          for i in 0..<4 {
            #expect(abs(Double(next[i * vectors + v][lane]) - expected[i]) < 3e-6)
          }
        }
      }
    }
  }

  @Test(arguments: [Activation.tanh, .silu, .softplus], [NoiseHead.constant, .predicted])
  func jacobiansAgreeWithCentralDifferences(activation: Activation, noise: NoiseHead) {
    let setup = Setup(activation: activation, noise: noise)
    let (state, action) = setup.points(vectors: 1)
    var jacobian = [Lanes](repeating: .zero, count: 4 * 5)
    setup.ensemble.linearize(state, action, into: &jacobian)
    let h = 1e-5
    for lane in 0..<16 {
      let point = (0..<4).map { Double(state[$0][lane]) } + [Double(action[0][lane])]
      for column in 0..<5 {
        var up = point
        var down = point
        up[column] += h
        down[column] -= h
        let high = setup.reference.next(member: nil, Array(up[..<4]), [up[4]])
        let low = setup.reference.next(member: nil, Array(down[..<4]), [down[4]])
        for row in 0..<4 {
          let expected = (high[row] - low[row]) / (2 * h)
          #expect(abs(Double(jacobian[row * 5 + column][lane]) - expected) < 5e-6)
        }
      }
    }
  }

  @Test func disagreementIsTheVarianceAcrossMembers() {
    let setup = Setup(members: 4)
    let (state, action) = setup.points(vectors: 1)
    let found = setup.ensemble.disagreement(state, action)
    for lane in 0..<16 {
      let s = (0..<4).map { Double(state[$0][lane]) }
      let heads = (0..<4).map {
        setup.reference.head(member: $0, s, [Double(action[0][lane])])
      }
      let variances = (0..<2).map { j in
        let y = heads.map { $0[j] }
        let mean = y.reduce(0, +) / 4
        return y.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 3
      }
      #expect(abs(Double(found[lane]) - variances.max()!) < 1e-5)
    }
  }

  @Test func oneMemberNeverDisagrees() {
    let setup = Setup(members: 1)
    let (state, action) = setup.points(vectors: 1)
    #expect(setup.ensemble.disagreement(state, action) == Lanes(repeating: 0))
  }

  @Test func aLaneDoesNotDependOnItsNeighbours() {
    let setup = Setup()
    var (state, action) = setup.points(vectors: 1)
    var first = [Lanes](repeating: .zero, count: 4)
    setup.ensemble.predictMean(state, action, vectors: 1, into: &first)
    for i in 0..<4 { state[i][1] = .nan }
    action[0][2] = .infinity
    var second = [Lanes](repeating: .zero, count: 4)
    setup.ensemble.predictMean(state, action, vectors: 1, into: &second)
    for i in 0..<4 {
      #expect(first[i][0].bitPattern == second[i][0].bitPattern)
      #expect(first[i][15].bitPattern == second[i][15].bitPattern)
    }
    #expect(second[1][1].isNaN)
  }
}
