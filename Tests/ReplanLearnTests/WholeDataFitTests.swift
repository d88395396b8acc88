import ReplanCore
import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// A small network fitted to single ticks comes to the minimum of its error, not near it.
struct WholeDataFitTests {
  private static let noise: Float = 0.02

  /// A polynomial of past samples, disturbed at each tick.
  private func run(_ ticks: Int, seed: UInt32) -> Trajectory {
    var p = Philox(seed: SIMD2(seed, 23), episode: 0, tick: 0, iteration: 0, candidate: 0)
    var (y, before, used): (Float, Float, Float) = (0, 0, 0)
    var run = Trajectory(actionCount: 1, start: [y])
    for _ in 0..<ticks {
      let u = 2 * Philox.uniform(p.next().x) - 1
      let next =
        0.2 * y + 0.1 * y * used + 0.9 * u + 0.3 * u * u - 0.2 * before
        + Self.noise * p.nextNormals().x
      (before, y, used) = (y, next, u)
      run.append(action: [u], state: [y])
    }
    return run
  }

  private func shape(_ structure: PlantStructure, width: Int) -> EnsembleShape {
    TrainingPlants.shape(structure, members: 1, width: width, noise: .constant)
  }

  private func settings(unroll: Int) -> SequenceSettings {
    var settings = SequenceSettings()
    settings.training.steps = 100
    settings.training.batch = 32
    settings.training.learningRate = 0.03
    settings.training.posterior = .shared
    settings.unroll = unroll
    return settings
  }

  private func error(unroll: Int) throws -> Double {
    let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02).remembering(1)
    let model = try SequenceTrainer.fit(
      [run(1500, seed: 1)].remembering(structure), heldOut: [], structure: structure,
      shape: shape(structure, width: 5),
      channels: (0...structure.stateCount).map { "c\($0)" }, settings: settings(unroll: unroll),
      dataHash: "1")
    var validation = ValidationSettings()
    validation.horizons = [1]
    let found = try IdentifiedModel(model).validate([run(3000, seed: 2)], settings: validation)
    return Double(try #require(found.figures(channel: 0, horizon: .steps(1))).rmse)
  }

  @Test func itComesToTheNoise() throws {
    let (ended, left) = (try error(unroll: 1), try error(unroll: 2))
    // A weight costs a share of the noise's variance of one in 1500.
    #expect(ended < 1.05 * Double(Self.noise), "\(ended)")
    #expect(left > ended, "\(left), left where the steps ended")
  }

  @Test func onlyFewWeightsOfSingleTicksAreFittedSo() {
    let structure = PlantStructure(stateCount: 1, actionCount: 1, tick: 0.02).remembering(1)
    #expect(WholeDataFit.suits(settings(unroll: 1), shape(structure, width: 5), windows: 1500))
    #expect(!WholeDataFit.suits(settings(unroll: 2), shape(structure, width: 5), windows: 1500))
    #expect(!WholeDataFit.suits(settings(unroll: 1), shape(structure, width: 32), windows: 1500))
    #expect(!WholeDataFit.suits(settings(unroll: 1), shape(structure, width: 5), windows: 100_000))
  }
}
