import Foundation
import ReplanCore
import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// The gradient through several ticks against central differences of the same loss.
struct SequenceGradientTests {
  /// An angle integrated from its velocity, a velocity and a position that are predicted, an action
  /// and a memory of one tick: every way in which a channel follows from others.
  static func structure(memory: Int) -> PlantStructure {
    var structure = PlantStructure(stateCount: 3, actionCount: 1, tick: 0.1)
    structure.states[0] = .init(isAngle: true, velocity: 1, mirror: -1)
    structure.states[1] = .init(mirror: -1)
    structure.states[2] = .init(isInvariant: memory == 0)
    structure.actionMirror[0] = -1
    return memory > 0 ? structure.remembering(memory) : structure
  }

  static func trajectories(_ count: Int, length: Int) -> [Trajectory] {
    var p = Philox(seed: SIMD2(5, 6), episode: 0, tick: 0, iteration: 0, candidate: 0)
    return (0..<count).map { _ in
      let start = p.nextNormals()
      var run = Trajectory(actionCount: 1, start: [0.3 * start.x, start.y, start.z])
      for _ in 0..<length {
        let n = p.nextNormals()
        // Small angles, so that no difference straddles the jump from π to −π.
        run.append(action: [n.w], state: [0.3 * n.x, n.y, n.z])
      }
      return run
    }
  }

  @Test(arguments: [0, 1, 2], [NoiseHead.constant, .predicted])
  func analyticGradientIsTheDerivativeOfTheLoss(memory: Int, noise: NoiseHead) {
    let structure = Self.structure(memory: memory)
    let data = SequenceData(
      Self.trajectories(9, length: 7).remembering(structure), structure: structure)
    let shape = EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 2,
      hidden: [9, 20, 1, 1], memberCount: 1, activation: .tanh, noise: noise)
    let ticks = 4
    let memoryBlock = TrainingMemory { arena in
      let network = MemberNetwork(
        shape: shape, batch: 16 * ticks, propagatesToInputs: true, arena: &arena)
      return Unroll(
        network: network, structure: structure, rows: 16, ticks: ticks, robustness: 0.7,
        arena: &arena)
    }
    let unroll = memoryBlock.parts
    let network = unroll.network
    unroll.prepare(data)
    network.initialise(stream: Stream(seed: 3, member: 0))
    // The head begins small; larger weights make every term of the gradient count.
    let outputs = shape.outputCount
    for o in 0..<outputs {
      for i in 0..<20 {
        let index = network.weightIndex(2, output: o, input: i)
        network.setParameter(index, 6 * network.value(network.parameters, index))
      }
    }
    network.refreshCopies()
    // Windows of different lengths, some of which end before the last tick; a batch that is not full.
    let samples = data.following.indices.filter { data.following[$0] > 0 }.map { Int32($0) }
    let starts = (0..<13).map { k in
      let place = (k * 7) % samples.count
      return samples[k % 2 == 0 ? place : samples.count - 1 - place]
    }
    unroll.load(data, starts, count: starts.count, ticks: ticks) { $0 % 2 == 1 }
    func loss() -> Double {
      unroll.forward(ticks: ticks, keepsRows: true)
      let (sum, count) = unroll.loss(ticks: ticks)
      return sum / count
    }
    _ = loss()
    let count = unroll.loss(ticks: ticks).count
    #expect(count > 13 && count < Double(13 * ticks))
    unroll.backward(ticks: ticks, count: count)
    var checked = 0
    for l in network.layers.indices {
      for o in 0..<network.layers[l].outputs where l < 2 || o < outputs {
        for i in 0..<network.layers[l].inputs where (o + i + l) % 5 == 0 {
          let index = network.weightIndex(l, output: o, input: i)
          let analytic = Double(network.value(network.gradients, index))
          let numeric = derivative(network, index, loss)
          // Where log-variances are learned the hidden layers serve them too.
          if noise == .predicted && l < 2 { continue }
          #expect(
            abs(analytic - numeric) < 0.01 * abs(numeric) + 2e-3, "layer \(l), \(o) from \(i)")
          checked += 1
        }
      }
    }
    #expect(checked >= 8)
  }

  /// Central difference; the loss is computed in single precision, so that the step is a wide one.
  private func derivative(
    _ network: MemberNetwork, _ index: Int, _ loss: () -> Double
  ) -> Double {
    let before = network.value(network.parameters, index)
    let step: Float = 5e-3
    network.setParameter(index, before + step)
    network.refreshCopies()
    let above = loss()
    network.setParameter(index, before - step)
    network.refreshCopies()
    let below = loss()
    network.setParameter(index, before)
    network.refreshCopies()
    return (above - below) / Double(2 * step)
  }

  @Test func predictionsAreThoseOfTheCore() throws {
    let structure = Self.structure(memory: 2)
    let runs = Self.trajectories(3, length: 9).remembering(structure)
    var settings = SequenceSettings()
    settings.training.steps = 3
    settings.training.batch = 16
    settings.unroll = 3
    settings.judgedTicks = 4
    let shape = EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 1,
      hidden: [12, 1, 1, 1], memberCount: 1, activation: .silu, noise: .constant)
    let channels = (0..<structure.stateCount + 1).map { "c\($0)" }
    let model = try SequenceTrainer.fit(
      runs, heldOut: [], structure: structure, shape: shape, channels: channels,
      settings: settings, dataHash: "")
    let data = SequenceData(runs, structure: structure)
    let memory = TrainingMemory { arena in
      Unroll(
        network: MemberNetwork(
          shape: shape, batch: 16, propagatesToInputs: true, arena: &arena),
        structure: structure, rows: 16, ticks: 4, robustness: 1, arena: &arena)
    }
    let unroll = memory.parts
    unroll.prepare(data)
    for (l, layer) in model.layers.enumerated() {
      for o in 0..<shape.fanOut(l) {
        for i in 0..<shape.fanIn(l) {
          unroll.network.setParameter(
            unroll.network.weightIndex(l, output: o, input: i),
            layer.weight[o * shape.fanIn(l) + i])
        }
        unroll.network.setParameter(unroll.network.biasIndex(l, output: o), layer.bias[o])
      }
    }
    unroll.network.refreshCopies()
    unroll.load(data, [0, 1], count: 2, ticks: 4) { _ in false }
    unroll.forward(ticks: 4, keepsRows: false)
    var openLoop = OpenLoop(
      isAngle: (0..<structure.stateCount).map { structure.states[$0].isAngle })
    openLoop.particles = 2
    let forecasts = try openLoop.forecast(
      runs,
      from: [
        Forecasts.Start(trajectory: 0, sample: 0, steps: 4),
        Forecasts.Start(trajectory: 0, sample: 1, steps: 4),
      ], steps: 4
    ) { CorePredictor(model) }
    for start in 0..<2 {
      for t in 1...4 {
        for c in 0..<structure.stateCount {
          let trained = unroll.state[(t * structure.stateCount + c)][start]
          let core = forecasts.rollout[forecasts.index(start: start, step: t, channel: c)]
          #expect(abs(trained - core) < 1e-4 * max(1, abs(core)), "tick \(t), channel \(c)")
        }
      }
    }
  }
}
