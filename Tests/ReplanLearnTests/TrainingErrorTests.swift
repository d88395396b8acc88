import ReplanCore
import ReplanRecord
import Synchronization
import Testing

@testable import ReplanLearn

struct TrainingErrorTests {
  private let structure = TrainingPlants.pendulumStructure()

  @Test func cancellationEndsTheFit() {
    let cancellation = TrainingCancellation()
    let looks = Atomic<Int>(0)
    var settings = TrainingSettings()
    settings.steps = 10_000_000
    settings.threads = 2
    #expect(throws: LearnError.cancelled) {
      try Trainer.fit(
        transitions: TrainingPlants.pendulumSet(50, seed: 1), structure: structure,
        shape: TrainingPlants.shape(structure), channels: TrainingPlants.pendulumChannels,
        settings: settings, dataHash: "", cancellation: cancellation
      ) { progress in
        looks.wrappingAdd(1, ordering: .relaxed)
        if progress.step >= 150 { cancellation.cancel() }
      }
    }
    #expect(looks.load(ordering: .relaxed) >= 2)
  }

  @Test func fewTransitionsAreRefused() {
    #expect(throws: LearnError.tooFewTransitions(count: 7, needed: 8)) {
      try TrainingPlants.fit(
        TrainingPlants.pendulumSet(7, seed: 1), structure, TrainingSettings())
    }
  }

  @Test func eightTransitionsAreFitted() throws {
    var settings = TrainingSettings()
    settings.steps = 20
    let model = try TrainingPlants.fit(
      TrainingPlants.pendulumSet(8, seed: 1), structure, settings)
    #expect(model.training.rmse.allSatisfy { $0.isFinite })
  }

  @Test func valuesThatAreNotFiniteAreNamed() {
    for (where_, channel) in [(0, "angle"), (1, "velocity"), (2, "torque"), (3, "velocity")] {
      var set = TrainingPlants.pendulumSet(20, seed: 1)
      set.append(
        state: [where_ == 0 ? .nan : 0, where_ == 1 ? .infinity : 0],
        action: [where_ == 2 ? .nan : 0], nextState: [0, where_ == 3 ? -.infinity : 0])
      #expect(throws: LearnError.notFinite(transition: 20, channel: channel)) {
        try TrainingPlants.fit(set, structure, TrainingSettings())
      }
    }
  }

  @Test func shapesThatDoNotFitAreRefused() {
    var shapes = [EnsembleShape](repeating: TrainingPlants.shape(structure), count: 2)
    shapes[0].inputCount = 5
    shapes[1].outputCount = 2
    for shape in shapes {
      expectMismatch(structure, shape, TrainingPlants.pendulumChannels)
    }
    expectMismatch(structure, TrainingPlants.shape(structure), ["angle", "velocity"])
    var circular = structure
    circular.states[1].velocity = 1
    var shape = TrainingPlants.shape(structure)
    shape.outputCount = 0
    expectMismatch(circular, shape, TrainingPlants.pendulumChannels)
  }

  private func expectMismatch(
    _ structure: PlantStructure, _ shape: EnsembleShape, _ channels: [String]
  ) {
    do {
      _ = try Trainer.fit(
        transitions: TrainingPlants.pendulumSet(20, seed: 1), structure: structure, shape: shape,
        channels: channels, settings: TrainingSettings(), dataHash: "")
      Issue.record("accepted")
    } catch {
      guard case .mismatch(let what) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(!what.isEmpty)
    }
  }

  @Test func everySettingOutOfRangeIsReportedAtOnce() {
    var settings = TrainingSettings()
    settings.steps = 0
    settings.batch = 5000
    settings.learningRate = -1
    settings.niceness = 40
    do {
      try settings.validate()
      Issue.record("accepted")
    } catch {
      guard case .invalidSettings(let violations) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(violations.count == 4)
      #expect(error.description.contains("learningRate -1.0, above 0"))
    }
  }

  @Test func divergenceIsReported() {
    var settings = TrainingSettings()
    settings.learningRate = 1e30
    settings.steps = 50
    #expect(throws: LearnError.self) {
      try TrainingPlants.fit(TrainingPlants.pendulumSet(50, seed: 1), structure, settings)
    }
  }

  @Test func constantChannelsDoNoHarm() throws {
    var set = TransitionSet(stateCount: 2, actionCount: 1)
    for i in 0..<60 {
      set.append(state: [0.1 * Float(i), 3], action: [0], nextState: [0.1 * Float(i) + 0.06, 3])
    }
    var settings = TrainingSettings()
    settings.steps = 200
    let model = try TrainingPlants.fit(set, structure, settings)
    #expect(model.inputScale == [1, 1, 1, 1])
    #expect(model.training.rmse.allSatisfy { $0 < 1e-4 })
  }
}
