import ReplanCore
import ReplanNumerics

/// Fits one member to windows of trajectories: one block of memory at the start, none afterwards.
struct SequenceMember: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let data: SequenceData
  private let heldOut: SequenceData
  private let settings: SequenceSettings
  private let stream: Stream
  let network: MemberNetwork
  let unroll: Unroll
  private let judge: Unroll
  private let best: UnsafeMutablePointer<Lanes>
  private var adam: AdamW
  /// Samples that windows begin at, in the order of the epoch.
  private let order: UnsafeMutableBufferPointer<Int32>
  private var next: Int
  private var shuffling: IndexSource
  private var coins: IndexSource
  private let judged: [Int32]
  private var bestLoss = Double.infinity
  private var looksSinceBest = 0

  /// - Parameter heldOut: may be empty; the last weights are kept then.
  init(
    member: Int, data: SequenceData, heldOut: SequenceData, structure: PlantStructure,
    shape: EnsembleShape, settings: SequenceSettings
  ) {
    let stream = Stream(seed: settings.training.seed, member: member)
    let starts = SequenceMember.starts(data, stream, settings.training.posterior)
    func layOut(_ arena: inout Arena) -> Parts {
      Parts(structure, shape, settings, data, starts.count, &arena)
    }
    var arena = Arena.measuring()
    _ = layOut(&arena)
    // SAFETY: one zeroed block, laid out by the same initialiser that measured it, freed by deinit.
    memory = .allocate(byteCount: arena.used, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
    arena = Arena(base: memory, capacity: arena.used)
    let parts = layOut(&arena)
    network = parts.network
    unroll = parts.unroll
    judge = parts.judge
    best = parts.best
    adam = AdamW(settings: settings.training, first: parts.first, second: parts.second)
    order = UnsafeMutableBufferPointer(start: parts.order, count: starts.count)
    _ = order.update(from: starts)
    next = starts.count
    shuffling = IndexSource(stream.numbers(.order))
    coins = IndexSource(stream.numbers(.mirror))
    judged = SequenceMember.judged(heldOut, most: settings.judgedWindows)
    self.data = data
    self.heldOut = heldOut
    self.settings = settings
    self.stream = stream
    unroll.prepare(data)
    judge.prepare(data)
  }

  deinit { memory.deallocate() }

  private struct Parts {
    let network: MemberNetwork
    let unroll, judge: Unroll
    let first, second, best: UnsafeMutablePointer<Lanes>
    let order: UnsafeMutablePointer<Int32>

    init(
      _ structure: PlantStructure, _ shape: EnsembleShape, _ settings: SequenceSettings,
      _ data: SequenceData, _ starts: Int, _ arena: inout Arena
    ) {
      network = MemberNetwork(
        shape: shape, batch: settings.rows * settings.unroll, propagatesToInputs: true,
        arena: &arena)
      unroll = Unroll(
        network: network, structure: structure, rows: settings.rows, ticks: settings.unroll,
        robustness: settings.bound, arena: &arena)
      judge = Unroll(
        network: network, structure: structure, rows: settings.rows, ticks: settings.judgedTicks,
        robustness: settings.bound, arena: &arena)
      first = arena.lanes(network.parameterVectors)
      second = arena.lanes(network.parameterVectors)
      best = arena.lanes(network.parameterVectors)
      order = arena.take(Int32.self, count: max(starts, 1))
    }
  }

  /// Samples with a transition after them; of trajectories drawn with replacement by `bootstrap`.
  private static func starts(
    _ data: SequenceData, _ stream: Stream, _ posterior: Posterior
  ) -> [Int32] {
    let all = data.following.indices.filter { data.following[$0] > 0 }.map { Int32($0) }
    let count = Int(data.trajectory.last ?? -1) + 1
    guard posterior == .bootstrap, count > 1 else { return all }
    let groups = Dictionary(grouping: all) { data.trajectory[Int($0)] }
    var source = IndexSource(stream.numbers(.resample))
    return (0..<count).flatMap { _ in groups[Int32(source.below(count))] ?? [] }
  }

  /// Starts of the held-out windows, evenly spaced.
  private static func judged(_ heldOut: SequenceData, most: Int) -> [Int32] {
    let all = heldOut.following.indices.filter { heldOut.following[$0] > 0 }.map { Int32($0) }
    let stride = max(1, (all.count + most - 1) / most)
    return Swift.stride(from: 0, to: all.count, by: stride).map { all[$0] }
  }

  /// Runs all steps.
  ///
  /// - Parameter look: called every `checkInterval` steps and after the last one with the steps
  ///   done and the loss; false ends the fit.
  /// - Throws: `LearnError.cancelled`, or `diverged` if the loss is no longer finite.
  mutating func run(_ look: (Int, Double) -> Bool) throws(LearnError) -> Int {
    network.initialise(stream: stream)
    let training = settings.training
    var done = 0
    var loss = 0.0
    while done < training.steps {
      loss = step(rate: training.rate(at: done))
      done += 1
      guard done % training.checkInterval == 0 || done == training.steps else { continue }
      let current = judged.isEmpty ? loss : heldOutLoss()
      guard loss.isFinite else { throw .diverged(member: stream.member, step: done) }
      guard look(done, current) else { throw .cancelled }
      if !judged.isEmpty && keepIfBest(current) { break }
    }
    try finish(after: done, loss, look)
    if !judged.isEmpty && bestLoss.isFinite {
      network.parameters.update(from: best, count: network.parameterVectors)
      network.refreshCopies()
    }
    return done
  }

  /// Goes on to the minimum where that is what the data ask for.
  private mutating func finish(
    after done: Int, _ loss: Double, _ look: (Int, Double) -> Bool
  ) throws(LearnError) {
    guard WholeDataFit.suits(settings, network.shape, windows: order.count) else { return }
    var isCancelled = false
    WholeDataFit(
      data, windows: Array(order), structure: unroll.structure, shape: network.shape,
      settings: settings
    ).improve(network) {
      isCancelled = !look(done, judged.isEmpty ? loss : bestLoss)
      return !isCancelled
    }
    guard !isCancelled else { throw .cancelled }
    if !judged.isEmpty { _ = keepIfBest(heldOutLoss()) }
  }

  /// One step of the optimiser.
  ///
  /// - Returns: the mean loss of the batch.
  mutating func step(rate: Float) -> Double {
    let ticks = settings.unroll
    var samples = [Int32](repeating: 0, count: settings.rows)
    for w in samples.indices { samples[w] = nextStart() }
    let isSymmetric = unroll.structure.isSymmetric
    var tosses = [Bool](repeating: false, count: samples.count)
    if isSymmetric { for w in tosses.indices { tosses[w] = coins.word() & 1 == 1 } }
    unroll.load(data, samples, count: samples.count, ticks: ticks) { tosses[$0] }
    unroll.forward(ticks: ticks, keepsRows: true)
    let (sum, count) = unroll.loss(ticks: ticks)
    unroll.backward(ticks: ticks, count: count)
    if clipGradient() {
      adam.step(network, rate: rate)
      network.refreshCopies()
    }
    return sum / max(count, 1)
  }

  private mutating func nextStart() -> Int32 {
    if next == order.count {
      shuffling.shuffle(order)
      next = 0
    }
    next += 1
    return order[next - 1]
  }

  /// Limits the gradient's norm.
  ///
  /// - Returns: false if it is no number: a rollout may leave the numbers early in a fit, and the
  ///   batch is left out then.
  private func clipGradient() -> Bool {
    var squares = Lanes(repeating: 0)
    for i in 0..<network.parameterVectors {
      squares = squares.addingProduct(network.gradients[i], network.gradients[i])
    }
    let norm = squares.orderedSum().squareRoot()
    guard norm.isFinite else { return false }
    guard norm > settings.clip else { return true }
    let factor = Lanes(repeating: settings.clip / norm)
    for i in 0..<network.parameterVectors { network.gradients[i] = network.gradients[i] * factor }
    return true
  }

  /// Mean loss over the held-out windows.
  func heldOutLoss() -> Double {
    var (sum, count) = (0.0, 0.0)
    var start = 0
    let ticks = settings.judgedTicks
    while start < judged.count {
      let windows = min(settings.rows, judged.count - start)
      judged.withUnsafeBufferPointer {
        judge.load(heldOut, $0.baseAddress! + start, count: windows, ticks: ticks) { _ in false }
      }
      judge.forward(ticks: ticks, keepsRows: false)
      let part = judge.loss(ticks: ticks)
      sum += part.sum
      count += part.count
      start += windows
    }
    return sum / max(count, 1)
  }

  /// Remembers the weights if they are the best so far.
  ///
  /// - Returns: true if patience is exhausted.
  private mutating func keepIfBest(_ current: Double) -> Bool {
    if current < bestLoss {
      bestLoss = current
      looksSinceBest = 0
      best.update(from: network.parameters, count: network.parameterVectors)
      return false
    }
    looksSinceBest += 1
    return settings.training.patience > 0 && looksSinceBest >= settings.training.patience
  }
}
