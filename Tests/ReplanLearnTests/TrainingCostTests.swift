import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanLearn

/// The measured cost as one more output of the ensemble.
@Suite struct TrainingCostTests {
  private static let structure = TrainingPlants.pendulumStructure()

  /// 1 - cosθ' + 0.01 θ̇'² + 0.05 a², of the next state and the action.
  private static func cost(_ next: [Float], _ action: Float) -> Float {
    let angle = TrainingPlants.cosine(next[0])
    return 1 - angle + 0.01 * next[1] * next[1] + 0.05 * action * action
  }

  /// Pendulum transitions with that cost, `noise` added.
  private static func set(
    _ count: Int, seed: UInt32, noise: Float = 0, side: Bool = false
  ) -> TransitionSet {
    let plain = TrainingPlants.pendulumSet(count, seed: seed, side: side)
    var result = TransitionSet(stateCount: 2, actionCount: 1)
    var numbers = TrainingPlants.Normals(seed: seed)
    for i in 0..<count {
      let next = Array(plain.nextStates[2 * i..<2 * i + 2])
      result.append(
        state: Array(plain.states[2 * i..<2 * i + 2]), action: [plain.actions[i]], nextState: next,
        cost: cost(next, plain.actions[i]) + noise * numbers.next())
    }
    return result
  }

  private static func fit(
    _ set: TransitionSet, noise: NoiseHead = .constant, structure: PlantStructure = structure,
    predictsCost: Bool = true, threads: Int = 1
  ) throws -> EnsembleModel {
    var shape = TrainingPlants.shape(structure, noise: noise)
    shape.predictsCost = predictsCost
    var settings = TrainingSettings()
    settings.threads = threads
    return try Trainer.fit(
      transitions: set, structure: structure, shape: shape,
      channels: TrainingPlants.pendulumChannels, settings: settings, dataHash: "0123")
  }

  /// Mean predicted cost of the members.
  private static func predicted(_ model: EnsembleModel, _ state: [Float], _ action: Float)
    -> Double
  {
    let members = model.shape.memberCount
    let sum = (0..<members).reduce(0.0) {
      $0 + TrainingPlants.head(model, member: $1, state: state, action: action)[1]
    }
    return Double(model.outputMean[1]) + Double(model.outputScale[1]) * sum / Double(members)
  }

  private static func error(_ model: EnsembleModel, on set: TransitionSet) -> Double {
    let sum = (0..<set.count).reduce(0.0) { sum, i in
      let state = Array(set.states[2 * i..<2 * i + 2])
      let error = predicted(model, state, set.actions[i]) - Double(set.costs[i])
      return sum + error * error
    }
    return (sum / Double(set.count)).squareRoot()
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func theHeadPredictsAKnownCostOnHeldOutData(noise: NoiseHead) throws {
    let model = try Self.fit(Self.set(1500, seed: 1), noise: noise)
    let heldOut = Self.set(500, seed: 2)
    let found = Self.error(model, on: heldOut)
    let spread = Double(model.outputScale[1])
    #expect(found < 0.03 * spread, "\(found) of \(spread)")
    let claimed = Double(try #require(model.training.costRMSE))
    #expect(claimed > 0.4 * found && claimed < 2.5 * found)
    // The states are learned as well as without the cost.
    let plain = try Self.fit(Self.set(1500, seed: 1), noise: noise, predictsCost: false)
    #expect(plain.training.costRMSE == nil)
    #expect(
      TrainingPlants.error(model, on: heldOut) < 1.5 * TrainingPlants.error(plain, on: heldOut))
  }

  @Test func theNoiseOfTheCostIsFound() throws {
    let set = Self.set(1500, seed: 3, noise: 0.2)
    let constant = try Self.fit(set)
    for member in 0..<3 {
      let variance = constant.noiseVariance[2 * member + 1]
      let deviation = constant.outputScale[1] * variance.squareRoot()
      #expect(deviation > 0.15 && deviation < 0.27)
    }
    let predicted = try Self.fit(set, noise: .predicted)
    let head = TrainingPlants.head(predicted, member: 0, state: [1, 0], action: 0)
    #expect(head.count == 4)
    let deviation = Double(predicted.outputScale[1]) * TrainingPlants.exponential(0.5 * head[3])
    #expect(deviation > 0.12 && deviation < 0.3)
  }

  /// Only positive angles are seen; the mirrored plant costs the same and moves the other way.
  @Test func mirroringKeepsTheCost() throws {
    let symmetric = TrainingPlants.pendulumStructure(symmetric: true)
    let model = try Self.fit(Self.set(1500, seed: 4, side: true), structure: symmetric)
    let spread = Double(model.outputScale[1])
    #expect(Self.error(model, on: Self.set(400, seed: 5)) < 0.05 * spread)
    #expect(model.outputMean[0] == 0 && model.outputMean[1] > 0)
  }

  @Test func theResultDoesNotDependOnThreads() throws {
    let set = Self.set(200, seed: 6)
    let (one, two) = (try Self.fit(set), try Self.fit(set, threads: 2))
    #expect(one.layers == two.layers && one.training == two.training)
  }

  @Test func withoutItsCostNothingIsFitted() {
    var set = Self.set(20, seed: 1)
    set.append(state: [0, 0], action: [0], nextState: [0, 0])
    #expect(throws: LearnError.noCost(transition: 20)) { try Self.fit(set) }
    #expect(throws: Never.self) { try Self.fit(set, predictsCost: false) }
    #expect(throws: Never.self) { try Self.fit(set.withCosts) }
    let texts = [LearnError.noCost(transition: 20), .plantWithoutCost].map(\.description)
    #expect(texts.allSatisfy { $0.contains("learned_cost") } && texts[0].contains("20"))
  }
}
