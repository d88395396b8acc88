import Foundation
import ReplanCore
import ReplanNumerics
import Testing

@testable import ReplanLearn

/// Analytic gradients of the training loss against central differences of the same loss in double
/// precision, for every activation, both likelihoods, padded and unpadded widths.
struct TrainingGradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var hidden: [Int]
    var outputs: Int
    var activation: Activation
    var noise: NoiseHead
    /// The last of the outputs is the cost.
    var predictsCost = false
    var testDescription: String {
      "\(hidden) → \(outputs), \(activation), \(noise)\(predictsCost ? ", cost" : "")"
    }
  }

  static let cases: [Case] = [Activation.tanh, .silu, .softplus].flatMap { activation in
    [NoiseHead.constant, .predicted].flatMap { noise in
      [([7], 2), ([16, 18], 3), ([5, 33, 4, 16], 1), ([20], 18), ([40], 4)].map {
        Case(hidden: $0.0, outputs: $0.1, activation: activation, noise: noise)
      } + [
        Case(
          hidden: [16, 18], outputs: 3, activation: activation, noise: noise, predictsCost: true)
      ]
    }
  }

  @Test(arguments: cases) func analyticGradientIsTheDerivativeOfTheLoss(_ c: Case) {
    var hidden = InlineArray<4, Int>(repeating: 1)
    for (i, width) in c.hidden.enumerated() { hidden[i] = width }
    let shape = EnsembleShape(
      inputCount: 3, outputCount: c.predictsCost ? c.outputs - 1 : c.outputs,
      hiddenLayerCount: c.hidden.count, hidden: hidden, memberCount: 1, activation: c.activation,
      noise: c.noise, predictsCost: c.predictsCost)
    let rows = 11
    let memory = TrainingMemory { MemberNetwork(shape: shape, batch: rows, arena: &$0) }
    let network = memory.parts
    let targets = UnsafeMutablePointer<Lanes>.allocate(capacity: rows * 2)
    defer { targets.deallocate() }
    targets.initialize(repeating: Lanes(repeating: 0), count: rows * 2)
    network.initialise(stream: Stream(seed: 7, member: 0))
    // The head begins small; larger weights and biases make every term of the gradient count.
    var p = Philox(seed: SIMD2(3, 4), episode: 0, tick: 0, iteration: 0, candidate: 0)
    let all = indices(of: network)
    for (n, i) in all.enumerated() where n >= all.count / 3 {
      network.setParameter(i, network.value(network.parameters, i) + 0.1 * p.nextNormals().x)
    }
    network.refreshCopies()
    let width = Lanes.vectors(for: c.outputs)
    var reference = ReferenceLoss(network: network, noise: c.noise)
    for b in 0..<rows {
      let x = p.nextNormals()
      for i in 0..<3 { network.input[b][i] = x[i] }
      reference.inputs.append((0..<3).map { Double(x[$0]) })
      let t = (0..<c.outputs).map { _ in p.nextNormals().y }
      for j in 0..<c.outputs { targets[b * width + j / 16][j % 16] = t[j] }
      reference.targets.append(t.map { Double($0) })
    }
    network.forward(rows: rows)
    let loss = Loss(noise: c.noise, outputCount: shape.meanCount)
    loss.gradient(
      rows: rows, head: network.head, target: targets, into: network.headAdjoint)
    network.backward(rows: rows)
    let headWidth = Lanes.vectors(for: shape.headCount)
    let total = (0..<rows).reduce(0.0) {
      $0 + loss.value(head: network.head + $1 * headWidth, target: targets + $1 * width)
    }
    #expect(abs(total / Double(rows) - reference.value()) < 1e-5)
    for n in stride(from: 0, to: all.count, by: max(1, all.count / 150)) {
      let analytic = Double(network.value(network.gradients, all[n]))
      let numeric = reference.derivative(parameter: n)
      #expect(abs(analytic - numeric) < 2e-5 * max(1, abs(numeric)), "parameter \(n)")
    }
    #expect(paddingIsZero(network), "padding must not learn")
  }

  @Test func gradientOutsideTheLimitsOfLogVarianceLeadsBackOnly() {
    let loss = Loss(noise: .predicted, outputCount: 1)
    let buffers = UnsafeMutablePointer<Lanes>.allocate(capacity: 16)
    defer { buffers.deallocate() }
    buffers.initialize(repeating: Lanes(repeating: 0), count: 16)
    let (head, target, gradient) = (buffers, buffers + 6, buffers + 10)
    // Far below: an error asks for more variance, its absence for less.
    for (logVariance, error, passes) in [
      (Float(-12), Float(1), true), (-12, 0, false), (4, 30, false), (4, 0, true),
    ] {
      head[0][0] = error
      head[0][1] = logVariance
      loss.gradient(rows: 1, head: head, target: target, into: gradient)
      #expect((gradient[0][1] != 0) == passes)
    }
  }

  /// Weights [output][input] of each layer, then its biases, in the order of the reference.
  private func indices(of network: MemberNetwork) -> [Int] {
    network.layers.indices.flatMap { l in
      let layer = network.layers[l]
      let weights = (0..<layer.outputs).flatMap { o in
        (0..<layer.inputs).map { network.weightIndex(l, output: o, input: $0) }
      }
      return weights + (0..<layer.outputs).map { network.biasIndex(l, output: $0) }
    }
  }

  private func paddingIsZero(_ network: MemberNetwork) -> Bool {
    let used = Set(indices(of: network))
    return (0..<(16 * network.parameterVectors)).allSatisfy {
      used.contains($0) || network.value(network.gradients, $0) == 0
    }
  }
}

/// The loss of a batch in double precision, written plainly.
struct ReferenceLoss {
  var parameters: [[Double]] = []
  let network: MemberNetwork
  let noise: NoiseHead
  var inputs: [[Double]] = []
  var targets: [[Double]] = []

  init(network: MemberNetwork, noise: NoiseHead) {
    self.network = network
    self.noise = noise
    parameters = network.layers.indices.map {
      let (weight, bias) = network.export(layer: $0)
      return (weight + bias).map { Double($0) }
    }
  }

  func value() -> Double {
    var sum = 0.0
    for (input, target) in zip(inputs, targets) {
      var x = input
      for (l, layer) in network.layers.enumerated() {
        x = (0..<layer.outputs).map { o in
          var z = parameters[l][layer.outputs * layer.inputs + o]
          for i in 0..<layer.inputs { z += parameters[l][o * layer.inputs + i] * x[i] }
          return l == network.layers.count - 1 ? z : activated(z)
        }
      }
      for j in target.indices {
        let square = (x[j] - target[j]) * (x[j] - target[j])
        let s = noise == .predicted ? x[target.count + j] : 0
        sum += 0.5 * (square * exp(-s) + s)
      }
    }
    return sum / Double(inputs.count)
  }

  private func activated(_ z: Double) -> Double {
    switch network.shape.activation {
    case .tanh: return tanh(z)
    case .silu: return z / (1 + exp(-z))
    case .softplus: return log1p(exp(z))
    }
  }

  mutating func derivative(parameter n: Int) -> Double {
    var l = 0
    var i = n
    while i >= parameters[l].count {
      i -= parameters[l].count
      l += 1
    }
    let step = 1e-5
    let before = parameters[l][i]
    parameters[l][i] = before + step
    let above = value()
    parameters[l][i] = before - step
    let below = value()
    parameters[l][i] = before
    return (above - below) / (2 * step)
  }
}

/// One zeroed block in which an arena lays out `parts`.
final class TrainingMemory<Parts> {
  let parts: Parts
  private let block: UnsafeMutableRawPointer

  init(_ layOut: (inout Arena) -> Parts) {
    var arena = Arena.measuring()
    _ = layOut(&arena)
    block = .allocate(byteCount: arena.used, alignment: Arena.alignment)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
    arena = Arena(base: block, capacity: arena.used)
    parts = layOut(&arena)
  }

  deinit { block.deallocate() }
}
