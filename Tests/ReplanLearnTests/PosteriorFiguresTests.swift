import ReplanCore
import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

@Suite struct PosteriorFiguresTests {
  private let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02)

  /// A model that says: the change is `means[m]` with variance `variance`, whatever the state.
  private func model(means: [Float], variance: Float) -> EnsembleModel {
    let shape = EnsembleShape(
      inputCount: 2, outputCount: 1, hiddenLayerCount: 1, hidden: [1, 1, 1, 1],
      memberCount: means.count, activation: .tanh, noise: .constant)
    let zeros = [Float](repeating: 0, count: 2 * means.count)
    return EnsembleModel(
      structure: structure, shape: shape, channels: ["x", "u"],
      layers: [
        .init(weight: zeros, bias: [Float](repeating: 0, count: means.count)),
        .init(weight: [Float](repeating: 0, count: means.count), bias: means),
      ], inputMean: [0, 0], inputScale: [1, 1], outputMean: [0], outputScale: [1],
      noiseVariance: [Float](repeating: variance, count: means.count),
      training: TrainingSummary(
        transitions: 0, steps: 0, seed: 0, posterior: "", likelihood: "", rmse: [], dataHash: ""))
  }

  /// Changes that are standard normal.
  private func normals(_ count: Int) -> TransitionSet {
    var source = TrainingPlants.Normals(seed: 3)
    var set = TransitionSet(stateCount: 1, actionCount: 1)
    for _ in 0..<count { set.append(state: [0], action: [0], nextState: [source.next()]) }
    return set
  }

  @Test func aTrueModelIsCalibrated() {
    let set = normals(4000)
    let none = TransitionSet(stateCount: 1, actionCount: 1)
    let figures = PosteriorFigures(
      model(means: [0, 0], variance: 1), heldOut: set, outside: none)
    // Entropy of a standard normal number: ½ (1 + log 2π).
    #expect(abs(figures.likelihood - 1.4189) < 0.05)
    for (share, nominal) in zip(figures.coverage, PosteriorFigures.levels) {
      #expect(abs(share - nominal) < 0.02)
    }
    #expect(figures.calibrationError < 0.02)
    #expect(figures.epistemic == 0 && abs(figures.aleatoric - 1) < 1e-6)
    #expect(abs(figures.error - 1) < 0.05)
  }

  @Test func overconfidenceIsSeen() {
    let set = normals(4000)
    let none = TransitionSet(stateCount: 1, actionCount: 1)
    let figures = PosteriorFigures(
      model(means: [0, 0], variance: 0.25), heldOut: set, outside: none)
    // Half the deviation: 90 % intervals hold what lies within 0.822 deviations, 58.9 %.
    #expect(abs(figures.coverage[1] - 0.589) < 0.03)
    #expect(figures.calibrationError > 0.1)
    #expect(figures.detection == nil)
  }

  /// Two members at ±1: the mixture's density is the mean of theirs.
  @Test func membersAreAMixture() {
    var set = TransitionSet(stateCount: 1, actionCount: 1)
    set.append(state: [0], action: [0], nextState: [1])
    let outputs = MemberOutputs(model(means: [-1, 1], variance: 1), on: set)
    // log(½ (φ(0) + φ(2))).
    #expect(abs(outputs.logLikelihood(0) - -1.48516) < 1e-4)
    // ½ (Φ(2) + Φ(0)).
    #expect(abs(outputs.rank(0, 0) - 0.73862) < 1e-4)
    #expect(abs(outputs.disagreement(0, 0) - 1) < 1e-6)
  }

  @Test func separationIsTheShareOfPairsInOrder() {
    #expect(PosteriorFigures.separation(of: [3, 4], from: [1, 2]) == 1)
    #expect(PosteriorFigures.separation(of: [1, 2], from: [3, 4]) == 0)
    #expect(PosteriorFigures.separation(of: [1, 2], from: [1, 2]) == 0.5)
    #expect(PosteriorFigures.separation(of: [2], from: [1, 2, 3]) == 0.5)
  }

  @Test func aRegionIsAFifthOfTheDataOnBothSides() {
    let structure = TrainingPlants.pendulumStructure()
    let set = TrainingPlants.pendulumSet(500, seed: 1)
    for seed in UInt64(1)...3 {
      for channel in 0...1 {
        let region = WithheldRegion(
          channel: channel, of: set, structure: structure, seed: seed)
        let inside = (0..<set.count).filter { region.holds($0, of: set) }
        #expect((95...110).contains(inside.count))
        let values = inside.map { set.states[2 * $0 + channel] }
        // Whoever mirrors the plant learns nothing of one side by the other.
        #expect(values.contains { $0 > 0 } && values.contains { $0 < 0 })
        let least = values.map(\.magnitude).min()!
        let most = values.map(\.magnitude).max()!
        for i in 0..<set.count where !region.holds(i, of: set) && channel == 0 {
          let magnitude = set.states[2 * i].magnitude
          #expect(magnitude <= least || magnitude >= most)
        }
      }
    }
  }

  /// Members that know a region disagree there no more than elsewhere; kept from them, they do.
  @Test func whatIsWithheldIsNoticed() throws {
    let structure = TrainingPlants.pendulumStructure()
    let fitted = TrainingPlants.pendulumSet(600, seed: 1)
    let heldOut = TrainingPlants.pendulumSet(300, seed: 2)
    var asked: [Int] = []
    let figures = try WithheldFigures(
      fitted: fitted, heldOut: heldOut, structure: structure, seed: 1
    ) { rest throws(LearnError) in
      asked.append(rest.count)
      return model(means: [0, 0.1], variance: 1)
    }
    // A model that says the same everywhere cannot tell.
    #expect(try #require(figures).detection == 0.5)
    #expect(asked.count == 2 && asked.allSatisfy { (470...500).contains($0) })
    let few = TrainingPlants.pendulumSet(20, seed: 2)
    #expect(
      try WithheldFigures(fitted: fitted, heldOut: few, structure: structure, seed: 1) {
        _ throws(LearnError) in model(means: [0], variance: 1)
      } == nil)
  }

  @Test func statesOutsideAreNoneOfTheData() {
    let structure = TrainingPlants.pendulumStructure()
    let fitted = TrainingPlants.pendulumSet(300, seed: 1, side: true)
    let heldOut = TrainingPlants.pendulumSet(100, seed: 2, side: true)
    let outside = OutsideStates.draw(
      200, outside: fitted, beyond: heldOut, structure: structure, seed: 1)
    let again = OutsideStates.draw(
      200, outside: fitted, beyond: heldOut, structure: structure, seed: 1)
    #expect(outside.count == 200 && outside == again)
    // All that was seen turned to the right and slowly: what is outside does not.
    for i in 0..<200 {
      let (angle, velocity) = (outside.states[2 * i], outside.states[2 * i + 1])
      #expect(angle < 0.2 || angle > 2.9 || velocity.magnitude > 5.5, "\(angle) \(velocity)")
      #expect(outside.actions[i].magnitude <= 1.001)
    }
  }
}
