import ReplanCore
import ReplanNumerics

/// Samples of a Bayesian network's posterior along one Markov chain: one block of memory at the start,
/// none afterwards.
///
/// The potential is U(w) = Σ loss / T + |w|² / 2σ², the loss summed over the transitions that the data
/// are worth (not their mean, which would be a posterior of one transition), with the data's own noise
/// variance where the network does not predict it. Stochastic gradients with momentum follow it:
///
///     v ← (1 − f) v − h² M ∇U + h √(M (f (2 − f) − h² N/B)) ξ,    w ← w + v
///
/// with the frozen metric M of `ChainMetric`; the last part of the root takes back the noise that
/// batches of B of N transitions bring. The step h² falls along a cosine in each cycle, at whose end a
/// sample is taken, and begins the next one large, which carries the chain to another mode.
///
/// - Source: Zhang et al. 2020, Cyclical stochastic gradient MCMC, arXiv:1902.03932, algorithm 1, with
///   momentum as in its appendix; Chen et al. 2014, Stochastic gradient Hamiltonian Monte Carlo,
///   arXiv:1402.4102, equation 15. Unlike the former, noise is on in the whole cycle.
struct BayesianChain: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let data: PreparedData
  private let settings: TrainingSettings
  private let stream: Stream
  private let rows: Int
  private let loss: Loss
  /// Transitions that the data are worth.
  private let worth: Float
  /// What the adjoints of the head are multiplied by. Shape [head].
  private let weight: UnsafeMutablePointer<Lanes>
  private let target: UnsafeMutablePointer<Lanes>
  private let velocity: UnsafeMutablePointer<Lanes>
  private let root: UnsafeMutablePointer<Lanes>
  private let prior: UnsafeMutablePointer<Lanes>
  private let order: UnsafeMutableBufferPointer<Int32>
  private var sampler: Sampler
  private var steps = 0
  let network: MemberNetwork
  /// Shape [parameterVectors]; 0 in the padding, which therefore never moves.
  let metric: UnsafeMutablePointer<Lanes>
  /// The stiffest direction's curvature in units of the metric.
  let stiffness: Float

  /// - Parameters:
  ///   - start: weights of all layers, at an optimum.
  ///   - bag: transitions of `data` that the posterior is of.
  ///   - worth: how many they count for.
  ///   - noise: variance of each normalised mean; not used where the network predicts it.
  ///   - layers: that are sampled; the others stay. nil for all.
  init(
    chain: Int, start: [(weight: [Float], bias: [Float])], data: PreparedData, bag: [Int32],
    worth: Float, noise: [Float], shape: EnsembleShape, settings: TrainingSettings,
    layers: Range<Int>? = nil
  ) {
    rows = min(bag.count, max(settings.batch, Self.leastBatch))
    var arena = Arena.measuring()
    _ = Parts(shape, rows, data, bag.count, &arena)
    // SAFETY: one zeroed block, laid out by the same initialiser that measured it, freed by deinit.
    memory = .allocate(byteCount: arena.used, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
    arena = Arena(base: memory, capacity: arena.used)
    let parts = Parts(shape, rows, data, bag.count, &arena)
    network = parts.network
    (target, velocity, metric) = (parts.target, parts.velocity, parts.metric)
    (root, prior, weight) = (parts.root, parts.prior, parts.weight)
    order = UnsafeMutableBufferPointer(start: parts.order, count: bag.count)
    _ = order.update(from: bag)
    let stream = Stream(seed: settings.seed, member: chain)
    var sampler = Sampler(data: data, order: order, stream: stream)
    loss = Loss(noise: shape.noise, outputCount: shape.meanCount)
    network.load(start)
    let precision = noise.map { 1 / max($0, Trainer.leastNoise) }
    for j in 0..<shape.headCount {
      weight[j / 16][j % 16] = worth * (shape.noise == .constant ? precision[j] : 1)
    }
    WeightPrior(scale: settings.chains.priorDeviation).fillPrecisions(
      of: network, layers ?? 0..<shape.layerCount, into: prior)
    let scale = ChainMetric(network: network, precision: precision, worth: worth, prior: prior)
    let (batch, input) = (rows, parts.network.input)
    scale.fill(metric, rows: batch, stream: stream) {
      sampler.fill(rows: batch, input: input, target: parts.target)
    }
    stiffness = scale.stiffness(
      metric, rows: batch, stream: stream, scratch: (velocity, root), heads: parts.heads)
    for i in 0..<network.parameterVectors {
      root[i] = squareRoot(metric[i])
      velocity[i] = Lanes(repeating: 0)
    }
    self.sampler = sampler
    self.stream = stream
    self.data = data
    self.settings = settings
    self.worth = worth
  }

  /// Small batches bring more noise than a step may have.
  private static let leastBatch = 128

  deinit { memory.deallocate() }

  private struct Parts {
    let network: MemberNetwork
    let target, velocity, metric, root, prior, weight, heads: UnsafeMutablePointer<Lanes>
    let order: UnsafeMutablePointer<Int32>

    init(
      _ shape: EnsembleShape, _ rows: Int, _ data: PreparedData, _ bag: Int,
      _ arena: inout Arena
    ) {
      network = MemberNetwork(shape: shape, batch: rows, arena: &arena)
      target = arena.lanes(rows * data.targetVectors)
      velocity = arena.lanes(network.parameterVectors)
      metric = arena.lanes(network.parameterVectors)
      root = arena.lanes(network.parameterVectors)
      prior = arena.lanes(network.parameterVectors)
      weight = arena.lanes(Lanes.vectors(for: shape.headCount))
      heads = arena.lanes(rows * Lanes.vectors(for: shape.headCount))
      order = arena.take(Int32.self, count: bag)
    }
  }

  /// Runs one cycle and leaves its sample in the network.
  ///
  /// - Parameter look: called every `checkInterval` steps; false ends the chain.
  /// - Throws: `LearnError.cancelled`, or `diverged` if a weight is no longer finite.
  mutating func runCycle(length: Int, _ look: () -> Bool) throws(LearnError) {
    for step in 0..<length {
      advance(square: square(at: step, of: length))
      if (step + 1) % settings.checkInterval == 0, !look() { throw .cancelled }
    }
    var sum = Lanes(repeating: 0)
    for i in 0..<network.parameterVectors { sum = sum + network.parameters[i] }
    guard sum.orderedSum().isFinite else { throw .diverged(member: stream.member, step: steps) }
  }

  /// h² at a step of a cycle: bounded by the stiffest direction, and by the noise of batches.
  private func square(at step: Int, of length: Int) -> Float {
    let chains = settings.chains
    let phase = Float(step) / Float(max(length - 1, 1))
    let decay = 0.5 * (1 + cosine(3.141_592_7 * phase))
    let part = chains.finalStepFraction + (1 - chains.finalStepFraction) * decay
    let stable = chains.largestStep / stiffness
    guard rows < order.count else { return stable * part }
    return part * min(stable, 0.5 * injected * Float(rows) / worth)
  }

  /// What friction takes from the variance of a velocity in a step.
  private var injected: Float { settings.chains.friction * (2 - settings.chains.friction) }

  private mutating func advance(square: Float) {
    sampler.fill(rows: rows, input: network.input, target: target)
    network.forward(rows: rows)
    loss.gradient(rows: rows, head: network.head, target: target, into: network.headAdjoint)
    let width = Lanes.vectors(for: network.shape.headCount)
    let adjoint = network.headAdjoint
    for b in 0..<rows {
      for j in 0..<width { adjoint[b * width + j] = adjoint[b * width + j] * weight[j] }
    }
    network.backward(rows: rows)
    let batchNoise = rows < order.count ? square * worth / Float(rows) : 0
    move(square: square, noise: max(0, injected * settings.chains.temperature - batchNoise))
    network.refreshCopies()
    steps += 1
  }

  /// - Parameter noise: variance of a velocity in units of h² and the metric.
  private func move(square: Float, noise: Float) {
    // SAFETY: all blocks hold `parameterVectors` vectors.
    let keep = Lanes(repeating: 1 - settings.chains.friction)
    let size = Lanes(repeating: squareRoot(square * noise))
    let pull = Lanes(repeating: -square)
    let seed = SIMD2(
      UInt32(truncatingIfNeeded: stream.seed), UInt32(truncatingIfNeeded: stream.seed >> 32))
    let lane = SIMD16<UInt32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    var normals = PhiloxLanes(
      seed: seed, episode: UInt32(stream.member), tick: Stream.Purpose.sampling.rawValue,
      iteration: UInt32(truncatingIfNeeded: steps), candidates: lane)
    let (w, g, v) = (network.parameters, network.gradients, velocity)
    let count = network.parameterVectors
    var i = 0
    while i < count {
      let four = normals.nextNormals()
      update(i, four.0)
      if i + 1 < count { update(i + 1, four.1) }
      if i + 2 < count { update(i + 2, four.2) }
      if i + 3 < count { update(i + 3, four.3) }
      i += 4
    }

    @inline(__always)
    func update(_ i: Int, _ normal: Lanes) {
      let slope = g[i].addingProduct(prior[i], w[i])
      let kick = (size * root[i]) * normal
      v[i] = (keep * v[i] + kick).addingProduct(pull * metric[i], slope)
      w[i] = w[i] + v[i]
    }
  }
}
