import ReplanCore
import ReplanNumerics

/// Fits one member: one block of memory at the start, none afterwards.
struct MemberTrainer: ~Copyable {
  /// What a fitted member hands back.
  struct Fit: Sendable {
    var layers: [(weight: [Float], bias: [Float])]
    /// Mean squared residual of each normalised output on the judging transitions.
    var residualVariance: [Float]
    var judging: [Int32]
    /// Normalised mean outputs at the judging transitions. Shape [judging × outputs].
    var predictions: [Float]
    var steps: Int
  }

  private let memory: UnsafeMutableRawPointer
  private let data: PreparedData
  private let settings: TrainingSettings
  let network: MemberNetwork
  let loss: Loss
  let target: UnsafeMutablePointer<Lanes>
  private let best: UnsafeMutablePointer<Lanes>
  private let order: UnsafeMutableBufferPointer<Int32>
  private let judging: [Int32]
  private let keepsBest: Bool
  private let stream: Stream
  var adam: AdamW
  var sampler: Sampler
  private var bestLoss = Double.infinity
  private var checksSinceBest = 0

  init(
    member: Int, data: PreparedData, split: Split, shape: EnsembleShape, settings: TrainingSettings
  ) {
    let stream = Stream(seed: settings.seed, member: member)
    let bag = split.bag(stream, posterior: settings.posterior)
    var arena = Arena.measuring()
    _ = Parts(shape, settings, data, bag.training.count, &arena)
    // SAFETY: one zeroed block, laid out by the same initialiser that measured it, freed by deinit.
    memory = .allocate(byteCount: arena.used, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
    arena = Arena(base: memory, capacity: arena.used)
    let parts = Parts(shape, settings, data, bag.training.count, &arena)
    network = parts.network
    target = parts.target
    best = parts.best
    order = UnsafeMutableBufferPointer(start: parts.order, count: bag.training.count)
    _ = order.update(from: bag.training)
    adam = AdamW(settings: settings, first: parts.first, second: parts.second)
    sampler = Sampler(data: data, order: order, stream: stream)
    loss = Loss(noise: shape.noise, outputCount: shape.meanCount)
    judging = bag.judging
    keepsBest = !split.heldOut.isEmpty
    self.stream = stream
    self.data = data
    self.settings = settings
  }

  deinit { memory.deallocate() }

  private struct Parts {
    let network: MemberNetwork
    let first, second, best, target: UnsafeMutablePointer<Lanes>
    let order: UnsafeMutablePointer<Int32>

    init(
      _ shape: EnsembleShape, _ settings: TrainingSettings, _ data: PreparedData, _ bag: Int,
      _ arena: inout Arena
    ) {
      network = MemberNetwork(shape: shape, batch: settings.batch, arena: &arena)
      first = arena.lanes(network.parameterVectors)
      second = arena.lanes(network.parameterVectors)
      best = arena.lanes(network.parameterVectors)
      target = arena.lanes(settings.batch * data.targetVectors)
      order = arena.take(Int32.self, count: bag)
    }
  }

  /// Runs all steps.
  ///
  /// - Parameter look: called every `checkInterval` steps and after the last one with the steps
  ///   done and the loss, as `TrainingProgress` has it; false ends the fit.
  /// - Throws: `LearnError.cancelled`, or `diverged` if the loss is no longer finite.
  mutating func run(_ look: (Int, Double) -> Bool) throws(LearnError) -> Fit {
    network.initialise(stream: stream)
    let interval = settings.checkInterval * checksPerJudgement
    var done = 0
    while done < settings.steps {
      step(rate: settings.rate(at: done))
      done += 1
      guard done % settings.checkInterval == 0 || done == settings.steps else { continue }
      let isJudged = keepsBest && (done % interval == 0 || done == settings.steps)
      let current = isJudged ? judge() : batchLoss()
      guard current.isFinite else { throw .diverged(member: stream.member, step: done) }
      guard look(done, current) else { throw .cancelled }
      if isJudged && keepIfBest(current) { break }
    }
    if keepsBest {
      network.parameters.update(from: best, count: network.parameterVectors)
      network.refreshCopies()
    }
    return fit(steps: done)
  }

  /// How many checks go by from one judgement to the next: judging many transitions as often as few would
  /// take a tenth of the time. A pass forward is a third of a training step's work on an example, so that
  /// this bounds it to a twenty-fourth.
  private var checksPerJudgement: Int {
    let steps = 8 * judging.count / settings.batch
    return max(1, (steps + settings.checkInterval - 1) / settings.checkInterval)
  }

  mutating func step(rate: Float) {
    let rows = settings.batch
    sampler.fill(rows: rows, input: network.input, target: target)
    network.forward(rows: rows)
    loss.gradient(rows: rows, head: network.head, target: target, into: network.headAdjoint)
    network.backward(rows: rows)
    adam.step(network, rate: rate)
    network.refreshCopies()
  }

  /// Remembers the weights if they are the best so far.
  ///
  /// - Returns: true if patience is exhausted.
  private mutating func keepIfBest(_ current: Double) -> Bool {
    if current < bestLoss {
      bestLoss = current
      checksSinceBest = 0
      best.update(from: network.parameters, count: network.parameterVectors)
      return false
    }
    checksSinceBest += checksPerJudgement
    return settings.patience > 0 && checksSinceBest >= settings.patience
  }

  /// Mean loss of the last batch, whose head is still there.
  private func batchLoss() -> Double {
    var sum = 0.0
    let width = Lanes.vectors(for: network.shape.headCount)
    for b in 0..<settings.batch {
      sum += loss.value(head: network.head + b * width, target: target + b * data.targetVectors)
    }
    return sum / Double(settings.batch)
  }

  /// Mean loss over the judging transitions.
  private func judge() -> Double {
    var sum = 0.0
    forEachJudged { _, head, target in sum += loss.value(head: head, target: target) }
    return sum / Double(judging.count)
  }

  /// Predicts the judging transitions, a batch at a time.
  private func forEachJudged(
    _ body: (Int, UnsafeMutablePointer<Lanes>, UnsafeMutablePointer<Lanes>) -> Void
  ) {
    let width = Lanes.vectors(for: network.shape.headCount)
    let (inputs, targets) = (data.inputVectors, data.targetVectors)
    var start = 0
    while start < judging.count {
      let rows = min(settings.batch, judging.count - start)
      for b in 0..<rows {
        let row = Int(judging[start + b])
        for j in 0..<inputs { network.input[b * inputs + j] = data.inputs[row * inputs + j] }
        for j in 0..<targets { target[b * targets + j] = data.targets[row * targets + j] }
      }
      network.forward(rows: rows)
      for b in 0..<rows { body(start + b, network.head + b * width, target + b * targets) }
      start += rows
    }
  }

  private func fit(steps: Int) -> Fit {
    let outputs = network.shape.meanCount
    var squares = [Double](repeating: 0, count: outputs)
    var predictions = [Float](repeating: 0, count: judging.count * outputs)
    forEachJudged { i, head, target in
      for j in 0..<outputs {
        let y = head[j / 16][j % 16]
        predictions[i * outputs + j] = y
        let error = Double(y - target[j / 16][j % 16])
        squares[j] += error * error
      }
    }
    return Fit(
      layers: network.layers.indices.map { network.export(layer: $0) },
      residualVariance: squares.map { Float($0 / Double(judging.count)) },
      judging: judging, predictions: predictions, steps: steps)
  }
}
