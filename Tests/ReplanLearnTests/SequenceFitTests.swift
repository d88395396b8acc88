import ReplanCore
import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// Ensembles that are fitted over several ticks, on the pendulum of the other training tests.
struct SequenceFitTests {
  /// Runs of 60 ticks; only the angle is told where `hidesVelocity`.
  private func runs(_ count: Int, seed: UInt32, hidesVelocity: Bool = false) -> [Trajectory] {
    var p = Philox(seed: SIMD2(seed, 21), episode: 0, tick: 0, iteration: 0, candidate: 0)
    func told(_ state: [Float]) -> [Float] {
      hidesVelocity ? [wrappedAngle(state[0])] : [wrappedAngle(state[0]), state[1]]
    }
    return (0..<count).map { _ in
      let n = p.nextNormals()
      var state = [1.5 * n.x, 2 * n.y]
      var run = Trajectory(actionCount: 1, start: told(state))
      var torque: Float = 0
      for _ in 0..<60 {
        torque = 0.8 * torque + 0.5 * p.nextNormals().z
        state = TrainingPlants.pendulum(state, torque)
        run.append(action: [torque], state: told(state))
      }
      return run
    }
  }

  private func settings(steps: Int) -> SequenceSettings {
    var settings = SequenceSettings()
    settings.training.steps = steps
    settings.training.batch = 32
    settings.training.learningRate = 5e-3
    settings.unroll = 8
    settings.judgedTicks = 20
    return settings
  }

  private func fit(
    _ structure: PlantStructure, _ runs: [Trajectory], heldOut: [Trajectory], steps: Int = 400,
    threads: Int = 1, noise: NoiseHead = .constant
  ) throws -> EnsembleModel {
    var settings = settings(steps: steps)
    settings.training.threads = threads
    return try SequenceTrainer.fit(
      runs.remembering(structure), heldOut: heldOut.remembering(structure), structure: structure,
      shape: TrainingPlants.shape(structure, members: 2, width: 24, noise: noise),
      channels: (0...structure.stateCount).map { "c\($0)" }, settings: settings, dataHash: "77")
  }

  private func figures(
    _ model: EnsembleModel, _ runs: [Trajectory], steps: Int
  ) throws -> ChannelFigures {
    var validation = ValidationSettings()
    validation.horizons = [steps]
    let found = try IdentifiedModel(model).validate(runs, settings: validation)
    return try #require(found.figures(channel: 0, horizon: .steps(steps)))
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func itForeseesTwentyTicks(noise: NoiseHead) throws {
    let structure = TrainingPlants.pendulumStructure()
    let model = try fit(
      structure, runs(20, seed: 1), heldOut: runs(6, seed: 2), noise: noise)
    let found = try figures(model, runs(10, seed: 3), steps: 20)
    #expect(found.rmse < 0.25 && found.nrmseFit > 0.8, "\(found)")
    #expect((0.8...0.99).contains(try #require(found.coverage90)))
    #expect(model.training.transitions == 20 * 60 && model.training.dataHash == "77")
    #expect(model.training.rmse.count == 2 && model.training.disagreement != nil)
    #expect(model.training.spread?.steps.first == 1)
  }

  @Test func whereTheVelocityIsNotMeasuredHistoryStandsIn() throws {
    var plain = PlantStructure(stateCount: 1, actionCount: 1, tick: TrainingPlants.tick)
    plain.states[0].isAngle = true
    let train = runs(20, seed: 4, hidesVelocity: true)
    let held = runs(6, seed: 5, hidesVelocity: true)
    let test = runs(10, seed: 6, hidesVelocity: true)
    let without = try figures(
      fit(plain, train, heldOut: held), test, steps: 10)
    let with = try figures(
      fit(plain.remembering(1), train, heldOut: held), test, steps: 10)
    #expect(with.rmse < 0.3 * without.rmse, "\(with.rmse) against \(without.rmse)")
  }

  @Test func theResultDoesNotDependOnTheNumberOfThreads() throws {
    let structure = TrainingPlants.pendulumStructure(symmetric: true)
    let models = try [1, 2].map {
      try fit(
        structure, runs(6, seed: 7), heldOut: runs(2, seed: 8), steps: 30, threads: $0)
    }
    #expect(models[0].layers == models[1].layers)
    #expect(models[0].noiseVariance == models[1].noiseVariance)
    #expect(models[0].training == models[1].training)
  }

  @Test func whatCannotBeFittedIsSaid() {
    let structure = TrainingPlants.pendulumStructure()
    #expect(throws: LearnError.self) { try fit(structure, [], heldOut: []) }
    var settings = SequenceSettings()
    settings.unroll = 0
    settings.robustness = -1
    let error = #expect(throws: LearnError.self) { try settings.validate() }
    #expect(error?.description.contains("unroll") == true)
    #expect(error?.description.contains("robustness") == true)
  }
}
