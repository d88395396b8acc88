import ReplanCore
import ReplanNumerics

/// Ends the fit of a small network to single ticks: all transitions at once, by a quasi-Newton method.
///
/// Steps along batches come near the minimum and then circle around it, the farther the fewer they are;
/// where the data outnumber the weights by far, the minimum is what is wanted, and a gradient of all
/// data is cheap. Left out where errors are summed over several ticks: a pass costs as many times more,
/// and the minimum is flat.
///
/// - Source: Nocedal 1980, doi 10.1090/S0025-5718-1980-0572855-7, limited-memory BFGS; steps by Armijo's
///   rule.
struct WholeDataFit: ~Copyable {
  private let memory: UnsafeMutableRawPointer
  private let parts: Parts
  private let count: Int

  /// Gradients that are taken at most.
  static let evaluations = 200
  /// Each weight has to have so many measured values.
  private static let valuesPerWeight = 10
  /// More transitions than that take too long, and need it less.
  private static let mostWindows = 4096
  private static let remembered = 20

  /// Whether a fit is ended so.
  static func suits(_ settings: SequenceSettings, _ shape: EnsembleShape, windows: Int) -> Bool {
    let weights = (0..<shape.layerCount).reduce(0) {
      $0 + (shape.fanIn($1) + 1) * shape.fanOut($1)
    }
    return settings.unroll == 1 && windows <= mostWindows
      && windows * shape.meanCount >= valuesPerWeight * weights
  }

  private struct Parts {
    let network: MemberNetwork
    let unroll: Unroll
    let start, gradient, direction: UnsafeMutablePointer<Lanes>
    /// What the last steps changed of the weights, and of the gradient.
    let steps, changes: [UnsafeMutablePointer<Lanes>]

    init(
      _ structure: PlantStructure, _ shape: EnsembleShape, _ settings: SequenceSettings,
      _ rows: Int,
      _ arena: inout Arena
    ) {
      network = MemberNetwork(shape: shape, batch: rows, arena: &arena)
      unroll = Unroll(
        network: network, structure: structure, rows: rows, ticks: 1, robustness: settings.bound,
        arena: &arena)
      let size = network.parameterVectors
      start = arena.lanes(size)
      gradient = arena.lanes(size)
      direction = arena.lanes(size)
      steps = (0..<remembered).map { _ in arena.lanes(size) }
      changes = (0..<remembered).map { _ in arena.lanes(size) }
    }
  }

  /// - Parameter windows: samples that a transition follows; one at least.
  init(
    _ data: SequenceData, windows: [Int32], structure: PlantStructure, shape: EnsembleShape,
    settings: SequenceSettings
  ) {
    // A plant that has a mirror image is fitted to both.
    let samples = structure.isSymmetric ? windows + windows : windows
    let rows = Lanes.vectors(for: samples.count) * Lanes.width
    var arena = Arena.measuring()
    _ = Parts(structure, shape, settings, rows, &arena)
    // SAFETY: one zeroed block, laid out by the same initialiser that measured it, freed by deinit.
    memory = .allocate(byteCount: arena.used, alignment: Arena.alignment)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: arena.used)
    arena = Arena(base: memory, capacity: arena.used)
    parts = Parts(structure, shape, settings, rows, &arena)
    count = parts.network.parameterVectors
    parts.unroll.prepare(data)
    samples.withUnsafeBufferPointer {
      parts.unroll.load(data, $0.baseAddress!, count: samples.count, ticks: 1) {
        $0 >= windows.count
      }
    }
  }

  deinit { memory.deallocate() }

  /// Improves the weights of a network of the same shape.
  ///
  /// - Parameter goesOn: asked before each step.
  func improve(_ other: MemberNetwork, while goesOn: () -> Bool) {
    let network = parts.network
    network.parameters.update(from: other.parameters, count: count)
    var loss = evaluate(isEncoded: false)
    guard loss.isFinite else { return }
    var (evaluations, held, oldest, quiet) = (1, 0, 0, 0)
    while evaluations < Self.evaluations, quiet < 5, goesOn() {
      parts.start.update(from: network.parameters, count: count)
      parts.gradient.update(from: network.gradients, count: count)
      let slope = turn(held: held, oldest: oldest)
      guard slope < 0 else { break }
      var size: Float = held == 0 ? 1 / (-slope).squareRoot() : 1
      var found = Double.infinity
      while evaluations < Self.evaluations {
        move(size)
        found = evaluate()
        evaluations += 1
        if found <= loss + 1e-4 * Double(size * slope) { break }
        size *= 0.3
        // Below that, single precision sees no difference.
        if size < 1e-3 { break }
      }
      guard found < loss else { break }
      quiet = loss - found < 1e-6 * loss ? quiet + 1 : 0
      loss = found
      remember(size, at: (oldest + held) % Self.remembered, &held, &oldest)
    }
    if !(evaluate() <= loss) { network.parameters.update(from: parts.start, count: count) }
    other.parameters.update(from: network.parameters, count: count)
    other.refreshCopies()
  }

  /// The mean loss over all windows; its gradient is the network's.
  private func evaluate(isEncoded: Bool = true) -> Double {
    parts.network.refreshCopies()
    parts.unroll.forward(ticks: 1, keepsRows: true, isEncoded: isEncoded)
    let (sum, windows) = parts.unroll.loss(ticks: 1)
    parts.unroll.backward(ticks: 1, count: windows)
    return sum / max(windows, 1)
  }

  private func move(_ size: Float) {
    for i in 0..<count {
      parts.network.parameters[i] = parts.start[i].adding(size, times: parts.direction[i])
    }
  }

  /// The direction by the steps that are remembered.
  ///
  /// - Returns: the loss's slope along it.
  private func turn(held: Int, oldest: Int) -> Float {
    let direction = parts.direction
    for i in 0..<count { direction[i] = -parts.gradient[i] }
    var weights = [Float](repeating: 0, count: held)
    for k in (0..<held).reversed() {
      let (s, y) = pair(oldest + k)
      weights[k] = product(s, direction) / product(s, y)
      add(-weights[k], y, to: direction)
    }
    if held > 0 {
      let (s, y) = pair(oldest + held - 1)
      let scale = Lanes(repeating: product(s, y) / product(y, y))
      for i in 0..<count { direction[i] = direction[i] * scale }
    }
    for k in 0..<held {
      let (s, y) = pair(oldest + k)
      add(weights[k] - product(y, direction) / product(s, y), s, to: direction)
    }
    return product(parts.gradient, direction)
  }

  /// Keeps a step and what it changed of the gradient, in place of the oldest if all places are taken.
  private func remember(_ size: Float, at place: Int, _ held: inout Int, _ oldest: inout Int) {
    let (s, y) = pair(place)
    for i in 0..<count {
      s[i] = Lanes(repeating: size) * parts.direction[i]
      y[i] = parts.network.gradients[i] - parts.gradient[i]
    }
    // Where the loss bends the wrong way the step tells nothing of its minimum.
    guard product(s, y) > 1e-8 * product(y, y) else { return }
    if held < Self.remembered { held += 1 } else { oldest = (oldest + 1) % Self.remembered }
  }

  private func pair(
    _ place: Int
  ) -> (step: UnsafeMutablePointer<Lanes>, change: UnsafeMutablePointer<Lanes>) {
    (parts.steps[place % Self.remembered], parts.changes[place % Self.remembered])
  }

  private func product(
    _ a: UnsafeMutablePointer<Lanes>, _ b: UnsafeMutablePointer<Lanes>
  ) -> Float {
    var sum = Lanes(repeating: 0)
    for i in 0..<count { sum = sum.addingProduct(a[i], b[i]) }
    return sum.orderedSum()
  }

  private func add(
    _ factor: Float, _ a: UnsafeMutablePointer<Lanes>, to b: UnsafeMutablePointer<Lanes>
  ) {
    for i in 0..<count { b[i] = b[i].adding(factor, times: a[i]) }
  }
}
