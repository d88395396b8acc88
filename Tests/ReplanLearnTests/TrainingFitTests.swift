import Foundation
import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanLearn

struct TrainingFitTests {
  @Test func pendulumIsFittedBetterThanByLinearLeastSquares() throws {
    let structure = TrainingPlants.pendulumStructure()
    let train = TrainingPlants.pendulumSet(500, seed: 1)
    let test = TrainingPlants.pendulumSet(500, seed: 2)
    let linear = TrainingPlants.rmse(test, TrainingPlants.linearFit(train))
    for posterior in Posterior.allCases {
      var settings = TrainingSettings()
      settings.posterior = posterior
      let model = try TrainingPlants.fit(train, structure, settings)
      let error = TrainingPlants.error(model, on: test)
      // Velocity changes by 0.3 rad/s a tick.
      #expect(error < 0.006, "rad/s")
      #expect(error < 0.1 * linear)
      let summary = model.training
      #expect(summary.posterior == posterior.rawValue && summary.likelihood == "squares")
      #expect(summary.transitions == 500 && summary.steps == 2000 && summary.dataHash == "0123")
      // The summary judges on transitions that were held out: about the same error.
      #expect(abs(Double(summary.rmse[1]) / error - 1) < 0.6)
      #expect(summary.rmse[0] < 1e-4, "the trapezoidal rule is off by O(tick³) only")
    }
  }

  @Test(arguments: [NoiseHead.constant, .predicted])
  func resultDoesNotDependOnTheNumberOfThreads(noise: NoiseHead) throws {
    let structure = TrainingPlants.pendulumStructure(symmetric: true)
    let set = TrainingPlants.pendulumSet(400, seed: 3, noise: 0.01)
    var settings = TrainingSettings()
    settings.steps = 120
    let models = try [1, 2, 3].map { threads in
      settings.threads = threads
      settings.niceness = threads == 3 ? 5 : 0
      return try TrainingPlants.fit(set, structure, settings, members: 4, noise: noise)
    }
    for model in models {
      #expect(model.layers == models[0].layers)
      #expect(model.noiseVariance == models[0].noiseVariance)
      #expect(model.training == models[0].training)
    }
    settings.seed = 2
    let other = try TrainingPlants.fit(set, structure, settings, members: 4, noise: noise)
    #expect(other.layers != models[0].layers)
  }

  @Test func bootstrapResamplesAndSharedDoesNot() throws {
    var settings = TrainingSettings()
    let few = Split(count: 250, settings: settings)
    #expect(few.heldOut.isEmpty && few.training.count == 250)
    let many = Split(count: 1000, settings: settings)
    #expect(many.heldOut.count == 100)
    #expect(Set(many.heldOut + many.training).count == 1000)
    let bags = (0..<2).map {
      few.bag(Stream(seed: 1, member: $0), posterior: .bootstrap)
    }
    for bag in bags {
      #expect(bag.training.count == 250)
      #expect(Set(bag.training).isDisjoint(with: bag.judging))
      #expect(Set(bag.training).union(bag.judging).count == 250)
      // (1 − 1/n)^n of the transitions are out of the bag.
      #expect(abs(Double(bag.judging.count) / 250 - 0.368) < 0.08)
    }
    #expect(bags[0].training != bags[1].training)
    let shared = many.bag(Stream(seed: 1, member: 0), posterior: .shared)
    #expect(shared.training == many.training && shared.judging == many.heldOut)
    settings.posterior = .shared
    settings.steps = 60
    let structure = TrainingPlants.pendulumStructure()
    let set = TrainingPlants.pendulumSet(100, seed: 4)
    let model = try TrainingPlants.fit(set, structure, settings, members: 2)
    let half = model.layers[0].weight.count / 2
    #expect(model.layers[0].weight[..<half] != model.layers[0].weight[half...])
  }

  @Test func declaredSymmetryIsLearnedFromOneSide() throws {
    let oneSide = TrainingPlants.pendulumSet(400, seed: 5, side: true)
    let test = TrainingPlants.pendulumSet(400, seed: 6)
    let settings = TrainingSettings()
    let symmetric = try TrainingPlants.fit(
      oneSide, TrainingPlants.pendulumStructure(symmetric: true), settings)
    let plain = try TrainingPlants.fit(oneSide, TrainingPlants.pendulumStructure(), settings)
    #expect(symmetric.inputMean == [0, 0, 0, 0] && symmetric.outputMean == [0])
    let error = TrainingPlants.error(symmetric, on: test)
    #expect(error < 0.01, "rad/s")
    #expect(error < 0.2 * TrainingPlants.error(plain, on: test))
    // Nearly odd: the mirrored plant's change is the mirrored change.
    for i in 0..<100 {
      let (state, action) = ([test.states[2 * i], test.states[2 * i + 1]], test.actions[i])
      let there = TrainingPlants.change(symmetric, state: state, action: action)
      let mirrored = TrainingPlants.change(symmetric, state: state.map { -$0 }, action: -action)
      #expect(abs(there + mirrored) < 0.03)
    }
  }

  @Test(arguments: [200, 1500])
  func constantNoiseIsRecovered(count: Int) throws {
    let noise: Float = 0.05
    let set = TrainingPlants.pendulumSet(count, seed: 7, noise: noise)
    var settings = TrainingSettings()
    settings.steps = 800
    settings.learningRate = 2e-3
    let model = try TrainingPlants.fit(
      set, TrainingPlants.pendulumStructure(symmetric: true), settings)
    for m in 0..<3 {
      let deviation = model.outputScale[0] * model.noiseVariance[m].squareRoot()
      // Residuals hold the member's own error too, which is larger with fewer transitions.
      #expect(deviation > 0.85 * noise && deviation < (count < 300 ? 1.5 : 1.25) * noise)
    }
  }

  @Test func predictedNoiseFollowsTheState() throws {
    // Loud where the velocity is positive, quiet where it is negative.
    let quiet = TrainingPlants.pendulumSet(3000, seed: 8, noise: 0.02)
    let loud = TrainingPlants.pendulumSet(3000, seed: 8, noise: 0.08)
    var set = TransitionSet(stateCount: 2, actionCount: 1)
    for i in 0..<3000 {
      let source = quiet.states[2 * i + 1] > 0 ? loud : quiet
      set.append(
        state: Array(source.states[(2 * i)..<(2 * i + 2)]), action: [source.actions[i]],
        nextState: Array(source.nextStates[(2 * i)..<(2 * i + 2)]))
    }
    var settings = TrainingSettings()
    settings.learningRate = 2e-3
    let model = try TrainingPlants.fit(
      set, TrainingPlants.pendulumStructure(), settings, noise: .predicted)
    #expect(model.training.likelihood == "gaussian")
    // Where it is quiet, the network's own error of about 0.015 weighs in.
    for (velocity, range) in [(Float(-3), 0.017...0.03), (3, 0.07...0.095)] {
      // The mean over members and angles: a single point of a single member scatters by a third.
      let variance = (0..<60).reduce(0.0) { sum, i in
        let state = [Float(i / 3) * 0.3 - 3, velocity]
        let head = TrainingPlants.head(model, member: i % 3, state: state, action: 0.2)
        return sum + exp(min(max(head[1], -10), 3)) / 60
      }
      let deviation = Double(model.outputScale[0]) * variance.squareRoot()
      #expect(range.contains(deviation), "rad/s")
    }
  }

  @Test func bestWeightsAreKeptAndPatienceEndsEarly() throws {
    let structure = TrainingPlants.pendulumStructure()
    let set = TrainingPlants.pendulumSet(300, seed: 9, noise: 0.1)
    var settings = TrainingSettings()
    settings.steps = 4000
    settings.finalRateFraction = 1
    settings.patience = 5
    let model = try TrainingPlants.fit(set, structure, settings)
    #expect(model.training.steps < 4000)
    settings.patience = 0
    let long = try TrainingPlants.fit(set, structure, settings)
    #expect(long.training.steps == 4000)
    // As many held-out transitions as these, beside so small a batch, are judged at every other check.
    settings.patience = 4
    settings.batch = 8
    settings.holdOutFraction = 0.5
    let seldom = try TrainingPlants.fit(set, structure, settings)
    #expect(seldom.training.steps < 4000 && seldom.training.steps.isMultiple(of: 200))
    // All stop at weights that fit, not at the overfitted last ones.
    let test = TrainingPlants.pendulumSet(500, seed: 10)
    #expect(TrainingPlants.error(long, on: test) < 0.06, "rad/s")
  }
}
