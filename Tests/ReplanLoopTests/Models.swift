import ReplanCore
import ReplanRecord
import ReplanRobot

/// A small linear congruential generator: tests need repeatable numbers, not good ones.
struct TestRandom {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func uniform(_ low: Float, _ high: Float) -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return low + (high - low) * Float(state >> 40) / 16_777_216
  }

  mutating func array(_ count: Int, _ low: Float, _ high: Float) -> [Float] {
    (0..<count).map { _ in uniform(low, high) }
  }
}

extension EnsembleModel {
  /// A model with random weights; the same seed gives the same model.
  static func random(_ robot: RobotDescription, seed: UInt64) -> EnsembleModel {
    let shape = robot.ensembleShape()
    var random = TestRandom(seed)
    let layers = (0..<shape.layerCount).map { layer in
      let (inputs, outputs) = (shape.fanIn(layer), shape.fanOut(layer))
      return Layer(
        weight: random.array(shape.memberCount * inputs * outputs, -0.5, 0.5),
        bias: random.array(shape.memberCount * outputs, -0.2, 0.2))
    }
    return EnsembleModel(
      structure: robot.structure(), shape: shape,
      channels: robot.observation.map(\.name) + robot.action.map(\.name), layers: layers,
      inputMean: random.array(shape.inputCount, -0.3, 0.3),
      inputScale: random.array(shape.inputCount, 0.5, 2),
      outputMean: random.array(shape.outputCount, -0.05, 0.05),
      outputScale: random.array(shape.outputCount, 0.1, 0.4),
      noiseVariance: random.array(shape.memberCount * shape.outputCount, 0.01, 0.1),
      training: TrainingSummary(
        transitions: 10, steps: 1, seed: seed, posterior: "bootstrap", likelihood: "squares",
        rmse: [], dataHash: ""))
  }
}
