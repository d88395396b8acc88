import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanLearn

@Suite struct PosteriorFitTests {
  private func settings(_ posterior: Posterior) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.posterior = posterior
    settings.steps = 800
    return settings
  }

  @Test(arguments: [Posterior.bayesian, .lastLayer])
  func theResultDoesNotDependOnThreads(_ posterior: Posterior) throws {
    let set = TrainingPlants.pendulumSet(120, seed: 1, noise: 0.05)
    let structure = TrainingPlants.pendulumStructure()
    var settings = settings(posterior)
    settings.steps = 100
    let one = try TrainingPlants.fit(set, structure, settings, members: 5)
    settings.threads = 3
    let three = try TrainingPlants.fit(set, structure, settings, members: 5)
    #expect(one.layers == three.layers)
    settings.seed = 2
    let other = try TrainingPlants.fit(set, structure, settings, members: 5)
    #expect(one.layers != other.layers)
    #expect(one.training.posterior == posterior.rawValue)
    // No two members are alike.
    let heads = (0..<5).map {
      TrainingPlants.head(one, member: $0, state: [1, 1], action: 0.5)[0]
    }
    #expect(Set(heads).count == 5)
  }

  /// Trained on positive angles: on the other side the samples differ far more.
  @Test(arguments: [Posterior.bayesian, .lastLayer], [NoiseHead.constant, .predicted])
  func spreadGrowsAwayFromTheData(_ posterior: Posterior, _ noise: NoiseHead) throws {
    let structure = TrainingPlants.pendulumStructure()
    let train = TrainingPlants.pendulumSet(400, seed: 1, noise: 0.02, side: true)
    let model = try TrainingPlants.fit(
      train, structure, settings(posterior), members: 8, noise: noise)
    let same = TrainingPlants.pendulumSet(200, seed: 2, side: true)
    let other = TrainingPlants.pendulumSet(400, seed: 3)
    let unseen = other.rows((0..<400).filter { other.states[2 * $0] < -0.7 })
    let inside = Calibration.disagreements(model, same, Array(0..<200)).sorted()
    let outside = Calibration.disagreements(model, unseen, Array(0..<unseen.count)).sorted()
    #expect(outside[outside.count / 2] > 5 * inside[inside.count / 2])
    #expect(PosteriorFigures.separation(of: outside, from: inside) > 0.9)
    // And they fit where there are data.
    let test = TrainingPlants.pendulumSet(200, seed: 4, side: true)
    let error = TrainingPlants.error(model, on: test)
    let naive = TrainingPlants.rmse(test) { _, _ in 0 }
    #expect(error < 0.25 * naive, "\(error) of \(naive)")
  }

  /// A sharper posterior has less spread.
  @Test func temperatureScalesTheSpread() throws {
    let structure = TrainingPlants.pendulumStructure()
    let train = TrainingPlants.pendulumSet(200, seed: 1, noise: 0.1)
    func spread(_ temperature: Float) throws -> Double {
      var settings = settings(.bayesian)
      settings.chains.cycles = 6
      settings.chains.temperature = temperature
      let model = try TrainingPlants.fit(train, structure, settings, members: 6)
      let values = Calibration.disagreements(model, train, Array(0..<200))
      return Double(values.reduce(0, +)) / 200
    }
    #expect(try spread(0.01) < 0.5 * spread(1))
  }

  @Test func wrongChainSettingsAreRefused() throws {
    let set = TrainingPlants.pendulumSet(50, seed: 1)
    var settings = settings(.bayesian)
    settings.chains.cycles = 0
    settings.chains.friction = 1
    let structure = TrainingPlants.pendulumStructure()
    let error = #expect(throws: LearnError.self) {
      try TrainingPlants.fit(set, structure, settings)
    }
    #expect(error?.description.contains("cycles 0, 1 or more") == true)
    #expect(error?.description.contains("friction 1.0") == true)
  }
}
