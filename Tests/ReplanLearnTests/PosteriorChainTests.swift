import ReplanCore
import ReplanNumerics
import ReplanRecord
import Testing

@testable import ReplanLearn

/// Chains and closed forms against what is known: a Bayesian linear regression.
@Suite struct PosteriorChainTests {
  private static let noise: Float = 0.04

  /// A network whose hidden layer stays as it is drawn: its output is linear in what is sampled.
  private struct Regression {
    let data: PreparedData
    let shape: EnsembleShape
    let start: [(weight: [Float], bias: [Float])]
    let bag: [Int32]

    init(count: Int = 60) {
      let structure = TrainingPlants.pendulumStructure()
      let set = TrainingPlants.pendulumSet(count, seed: 5, noise: 0.05)
      data = PreparedData(set, structure: structure)
      shape = EnsembleShape(
        inputCount: structure.inputCount, outputCount: structure.outputCount, hiddenLayerCount: 1,
        hidden: [7, 1, 1, 1], memberCount: 1, activation: .tanh, noise: .constant)
      var arena = Arena.measuring()
      _ = MemberNetwork(shape: shape, batch: 1, arena: &arena)
      let memory = UnsafeMutableRawPointer.allocate(
        byteCount: arena.used, alignment: Arena.alignment)
      defer { memory.deallocate() }
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
      arena = Arena(base: memory, capacity: arena.used)
      let network = MemberNetwork(shape: shape, batch: 1, arena: &arena)
      network.initialise(stream: Stream(seed: 3, member: 0))
      start = network.layers.indices.map { network.export(layer: $0) }
      bag = (0..<Int32(count)).map { $0 }
    }

    /// Features of each transition with the constant, and the one output.
    func rows() -> [(features: [Double], y: Double)] {
      var rows: [(features: [Double], y: Double)] = []
      NetworkPass(start, shape: shape).forEach(bag, of: data) { i, row in
        rows.append(
          ((0..<7).map { Double(row.hidden($0)) } + [1], Double(data.targets[i][0])))
      }
      return rows
    }

    /// Mean and covariance of the weights for prior precisions, by elimination.
    func exact(prior: [Double]) -> (mean: [Double], covariance: [[Double]]) {
      let n = prior.count
      var system = (0..<n).map { i in
        (0..<n).map { i == $0 ? prior[i] : 0 } + (0..<n).map { i == $0 ? 1.0 : 0 } + [0.0]
      }
      for (features, y) in rows() {
        for i in 0..<n {
          let weight = features[i] / Double(PosteriorChainTests.noise)
          for j in 0..<n { system[i][j] += weight * features[j] }
          system[i][2 * n] += weight * y
        }
      }
      for i in 0..<n {
        let pivot = system[i][i]
        for k in 0...2 * n { system[i][k] /= pivot }
        for j in 0..<n where j != i {
          let factor = system[j][i]
          for k in 0...2 * n { system[j][k] -= factor * system[i][k] }
        }
      }
      return (system.map { $0[2 * n] }, system.map { Array($0[n..<2 * n]) })
    }
  }

  @Test func theLastLayerIsTheExactPosterior() throws {
    let regression = Regression()
    let layer = try #require(
      LastLayer(
        start: regression.start, data: regression.data, bag: regression.bag, worth: 60,
        noise: [Self.noise], shape: regression.shape, alpha: 3))
    let exact = regression.exact(prior: [Double](repeating: 3, count: 8))
    let posterior = layer.posteriors[0]
    for (found, wanted) in zip(posterior.mean, exact.mean) {
      #expect(abs(found - wanted) < 1e-6)
    }
    for (features, _) in regression.rows().prefix(5) {
      let variance = features.indices.reduce(0.0) { sum, i in
        sum
          + features.indices.reduce(0.0) {
            $0 + features[i] * exact.covariance[i][$1] * features[$1]
          }
      }
      #expect(abs(posterior.variance(at: features) / variance - 1) < 1e-6)
    }
    // Samples scatter as the covariance says: their mean square in each weight, by 2000 of them.
    var squares = [Double](repeating: 0, count: 8)
    for member in 0..<2000 {
      let weights = layer.sample(seed: 9, member: member)[1]
      for k in 0..<8 {
        let value = Double(k < 7 ? weights.weight[k] : weights.bias[0])
        squares[k] += (value - exact.mean[k]) * (value - exact.mean[k]) / 2000
      }
    }
    for k in 0..<8 { #expect(abs(squares[k] / exact.covariance[k][k] - 1) < 0.15) }
  }

  /// The prior is the precision that makes the data likeliest: of two, the better one's log evidence
  /// is higher, by the textbook's formula.
  @Test func thePriorMaximisesTheEvidence() throws {
    let rows = Regression().rows()
    var gram = [Double](repeating: 0, count: 64)
    var moment = [Double](repeating: 0, count: 8)
    let beta = 1 / Double(Self.noise)
    for (features, y) in rows {
      for i in 0..<8 {
        moment[i] += beta * features[i] * y
        for j in 0..<8 { gram[j * 8 + i] += beta * features[i] * features[j] }
      }
    }
    func evidence(_ alpha: Double) throws -> Double {
      let posterior = try #require(LinearPosterior(gram: gram, moment: moment, alpha: alpha))
      let mean = posterior.mean
      let residual = rows.reduce(0.0) { sum, row in
        let error = row.y - zip(row.features, mean).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + beta * error * error
      }
      let square = mean.reduce(0) { $0 + $1 * $1 }
      let determinant = posterior.eigen.values.reduce(0.0) { $0 + Self.logarithm($1 + alpha) }
      return 0.5 * (8 * Self.logarithm(alpha) - residual - alpha * square - determinant)
    }
    let found = try #require(LinearPosterior(gram: gram, moment: moment)).alpha
    let best = try evidence(found)
    for factor in [0.25, 0.5, 0.8, 1.25, 2, 4] {
      #expect(try evidence(factor * found) < best, "at \(factor) times \(found)")
    }
  }

  private static func logarithm(_ x: Double) -> Double {
    Double(ReplanNumerics.logarithm(Float(x)))
  }

  /// Only the output layer moves, so that the posterior is known: 1500 samples have its mean within a
  /// fifth of a deviation and its variances within a quarter.
  @Test func aChainSamplesTheExactPosterior() throws {
    let regression = Regression()
    var settings = TrainingSettings()
    settings.seed = 4
    var chain = BayesianChain(
      chain: 0, start: regression.start, data: regression.data, bag: regression.bag, worth: 60,
      noise: [Self.noise], shape: regression.shape, settings: settings, layers: 1..<2)
    let exact = regression.exact(prior: [Double](repeating: 7, count: 7) + [1])
    var sums = [Double](repeating: 0, count: 8)
    var squares = sums
    let samples = 1500
    for sample in -20..<samples {
      try chain.runCycle(length: 150) { true }
      guard sample >= 0 else { continue }
      let weights = chain.network.export(layer: 1)
      for k in 0..<8 {
        let distance = Double(k < 7 ? weights.weight[k] : weights.bias[0]) - exact.mean[k]
        sums[k] += distance / Double(samples)
        squares[k] += distance * distance / Double(samples)
      }
    }
    for k in 0..<8 {
      let variance = exact.covariance[k][k]
      #expect(abs(sums[k]) < 0.2 * variance.squareRoot(), "mean of weight \(k)")
      let ratio = (squares[k] - sums[k] * sums[k]) / variance
      #expect(abs(ratio - 1) < 0.25, "variance of weight \(k): \(ratio)")
    }
    // What is not sampled has not moved.
    #expect(chain.network.export(layer: 0).weight == regression.start[0].weight)
  }

  /// Batches of a third of the data bring noise of their own, which is taken back.
  @Test func batchesDoNotWidenTheSamples() throws {
    let regression = Regression(count: 600)
    let settings = TrainingSettings()
    var chain = BayesianChain(
      chain: 0, start: regression.start, data: regression.data, bag: regression.bag, worth: 600,
      noise: [Self.noise], shape: regression.shape, settings: settings, layers: 1..<2)
    let exact = regression.exact(prior: [Double](repeating: 7, count: 7) + [1])
    var (sum, square) = (0.0, 0.0)
    let samples = 800
    for sample in -20..<samples {
      try chain.runCycle(length: 60) { true }
      guard sample >= 0 else { continue }
      let value = Double(chain.network.export(layer: 1).bias[0])
      sum += value / Double(samples)
      square += value * value / Double(samples)
    }
    // The noise of this likelihood is larger than the residuals, so that batches bring less of it than
    // is taken back: never too wide.
    let ratio = (square - sum * sum) / exact.covariance[7][7]
    #expect(ratio > 0.5 && ratio < 1.3, "\(ratio)")
  }

  @Test func paddingStaysZero() throws {
    let structure = TrainingPlants.pendulumStructure(symmetric: true)
    let data = PreparedData(
      TrainingPlants.pendulumSet(50, seed: 1), structure: structure)
    let shape = TrainingPlants.shape(structure, members: 1, width: 20, noise: .predicted)
    var trainer = MemberTrainer(
      member: 0, data: data, split: Split(count: 50, settings: TrainingSettings()), shape: shape,
      settings: TrainingSettings())
    let start = try trainer.run { _, _ in true }.layers
    var chain = BayesianChain(
      chain: 0, start: start, data: data, bag: (0..<50).map { $0 }, worth: 50, noise: [1],
      shape: shape, settings: TrainingSettings())
    try chain.runCycle(length: 200) { true }
    let network = chain.network
    var used = Set<Int>()
    for l in network.layers.indices {
      for o in 0..<network.layers[l].outputs {
        for i in 0..<network.layers[l].inputs {
          used.insert(network.weightIndex(l, output: o, input: i))
        }
        used.insert(network.biasIndex(l, output: o))
      }
    }
    var moved = 0
    for index in 0..<16 * network.parameterVectors {
      let value = network.value(network.parameters, index)
      if used.contains(index) {
        #expect(network.value(chain.metric, index) > 0)
        if value != 0 { moved += 1 }
      } else {
        #expect(value == 0 && network.value(chain.metric, index) == 0)
      }
    }
    #expect(moved == used.count)
    #expect(chain.stiffness >= 1)
  }
}
