@testable import ReplanCore

/// Zeroed memory aligned for an arena, freed with its owner.
final class Block {
  let pointer: UnsafeMutableRawPointer
  let bytes: Int

  init(bytes: Int) {
    self.bytes = bytes
    pointer = .allocate(byteCount: max(bytes, 64), alignment: 64)
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 64))
  }

  deinit { pointer.deallocate() }

  var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
}

/// A small linear congruential generator: tests need repeatable numbers, not good ones.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) ^ (state << 31)
  }
  mutating func uniform(_ low: Float, _ high: Float) -> Float {
    Float.random(in: low...high, using: &self)
  }
}

extension PlantStructure {
  /// Cart-pole: position (integrated, invariant), velocity, angle (integrated), rate; one force.
  static var cartPole: PlantStructure {
    var structure = PlantStructure(stateCount: 4, actionCount: 1, tick: 0.02)
    structure.states[0] = .init(isInvariant: true, velocity: 1, mirror: -1)
    structure.states[1] = .init(mirror: -1)
    structure.states[2] = .init(isAngle: true, velocity: 3, mirror: -1)
    structure.states[3] = .init(mirror: -1)
    return structure
  }

  /// Nothing declared: every channel is predicted and enters the network as it is.
  static var plain: PlantStructure {
    PlantStructure(stateCount: 3, actionCount: 2, tick: 0.01)
  }

  /// Two integrated angles, a channel that stands alone, and three actions.
  static var arm: PlantStructure {
    var structure = PlantStructure(stateCount: 5, actionCount: 3, tick: 0.05)
    structure.states[0] = .init(isAngle: true, velocity: 2)
    structure.states[1] = .init(isAngle: true, isInvariant: true, velocity: 4)
    structure.states[3] = .init(isAngle: true)
    return structure
  }
}

extension EnsembleShape {
  static func small(
    _ structure: PlantStructure, members: Int = 3, activation: Activation = .silu,
    noise: NoiseHead = .constant, hidden: [Int] = [11, 18], predictsCost: Bool = false
  ) -> EnsembleShape {
    var widths = InlineArray<4, Int>(repeating: 0)
    for (i, width) in hidden.enumerated() { widths[i] = width }
    return EnsembleShape(
      inputCount: structure.inputCount, outputCount: structure.outputCount,
      hiddenLayerCount: hidden.count, hidden: widths, memberCount: members,
      activation: activation, noise: noise, predictsCost: predictsCost)
  }
}

extension ControllerConfiguration {
  /// The ensemble's shape, of a configuration with an ensemble.
  var shape: EnsembleShape {
    get {
      guard case .ensemble(let shape) = model else { preconditionFailure("no ensemble") }
      return shape
    }
    set { model = .ensemble(newValue) }
  }
}

/// Random weights, kept in plain arrays as well for a reference in double precision.
final class RandomParameters {
  let shape: EnsembleShape
  let block: Block
  /// [layer][member][output × input] and [layer][member][output].
  var weights: [[[Float]]] = []
  var biases: [[[Float]]] = []
  var inputMean: [Float] = []
  var inputScale: [Float] = []
  var outputMean: [Float] = []
  var outputScale: [Float] = []
  /// [member × output]
  var noiseVariance: [Float] = []

  /// Room for parameters that the owner packs.
  init(empty shape: EnsembleShape) {
    self.shape = shape
    block = Block(bytes: ParameterLayout(shape).count * 4)
  }

  init(_ shape: EnsembleShape, seed: UInt64) {
    self.shape = shape
    let layout = ParameterLayout(shape)
    block = Block(bytes: layout.count * 4)
    var random = TestRandom(seed)
    inputMean = (0..<shape.inputCount).map { _ in random.uniform(-0.3, 0.3) }
    inputScale = (0..<shape.inputCount).map { _ in random.uniform(0.5, 2) }
    outputMean = (0..<shape.meanCount).map { _ in random.uniform(-0.05, 0.05) }
    outputScale = (0..<shape.meanCount).map { _ in random.uniform(0.1, 0.4) }
    // Numbers of their own: the weights do not depend on the noise.
    var forNoise = TestRandom(seed &+ 1000)
    noiseVariance = (0..<(shape.memberCount * shape.meanCount)).map { _ in
      forNoise.uniform(0.01, 0.5)
    }
    layout.packNormalisers(
      inputMean: inputMean, inputScale: inputScale, outputMean: outputMean,
      outputScale: outputScale, noiseVariance: noiseVariance, into: block.floats)
    for layer in 0..<shape.layerCount {
      weights.append([])
      biases.append([])
      for member in 0..<shape.memberCount {
        let bound = 1.5 / Float(shape.fanIn(layer)).squareRoot()
        let count = shape.fanIn(layer) * shape.fanOut(layer)
        weights[layer].append((0..<count).map { _ in random.uniform(-bound, bound) })
        biases[layer].append((0..<shape.fanOut(layer)).map { _ in random.uniform(-0.2, 0.2) })
        layout.pack(
          member: member, layer: layer, weight: weights[layer][member],
          bias: biases[layer][member], into: block.floats)
      }
    }
  }
}
