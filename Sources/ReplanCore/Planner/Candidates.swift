import ReplanNumerics

/// All candidates of an iteration with their costs, in blocks of a few vectors.
///
/// A block's actions are [horizon × A × vectors]; a last block of at most sixteen candidates has
/// one vector only.
struct Candidates {
  let capacity: Int
  private let planSize: Int
  private let actions: UnsafeMutablePointer<Lanes>
  /// Cost of each candidate, one vector for sixteen.
  let costs: UnsafeMutablePointer<Lanes>

  init(capacity: Int, horizon: Int, actionCount: Int, arena: inout Arena) {
    self.capacity = capacity
    planSize = horizon * actionCount
    let vectors = Lanes.vectors(for: capacity)
    actions = arena.lanes(vectors * planSize)
    costs = arena.lanes(vectors)
  }

  /// Vectors of the block that begins with candidate `first` of `count`.
  @inline(always)
  func vectors(first: Int, count: Int) -> Int {
    min(Lanes.vectors(for: count - first), Ensemble.blockVectors)
  }

  @inline(always)
  func block(first: Int) -> UnsafeMutablePointer<Lanes> {
    actions + first / Lanes.width * planSize
  }

  /// Cost of one candidate.
  @inline(always)
  func cost(_ candidate: Int) -> Float {
    // SAFETY: `costs` holds ceil(capacity / 16) * 16 floats, and `candidate` is below the capacity.
    UnsafeRawPointer(costs).assumingMemoryBound(to: Float.self)[candidate]
  }

  /// Where element `k` of a candidate's plan lies: its first, and the distance to the next.
  @inline(always)
  private func place(
    _ candidate: Int, count: Int
  ) -> (first: UnsafeMutablePointer<Float>, step: Int) {
    let size = Ensemble.blockVectors * Lanes.width
    let start = candidate / size * size
    let vectors = vectors(first: start, count: count)
    // SAFETY: the block holds planSize * vectors * 16 floats.
    let floats = UnsafeMutableRawPointer(block(first: start)).assumingMemoryBound(to: Float.self)
    return (floats + (candidate - start), vectors * Lanes.width)
  }

  /// Element `k` of the plans of sixteen of `count` candidates.
  @inline(always)
  func element(_ k: Int, vector: Int, count: Int) -> Lanes {
    let start = vector / Ensemble.blockVectors * Ensemble.blockVectors
    let vectors = vectors(first: start * Lanes.width, count: count)
    return actions[start * planSize + k * vectors + vector - start]
  }

  /// Copies one of `count` candidates to a plan [horizon × A].
  @inline(always)
  func copy(_ candidate: Int, count: Int, to plan: UnsafeMutablePointer<Float>) {
    let place = place(candidate, count: count)
    for k in 0..<planSize { plan[k] = place.first[k * place.step] }
  }

  /// Replaces one of `count` candidates by a plan [horizon × A].
  @inline(always)
  func set(_ candidate: Int, count: Int, from plan: UnsafePointer<Float>) {
    let place = place(candidate, count: count)
    for k in 0..<planSize { place.first[k * place.step] = plan[k] }
  }

  /// The first of `count` candidates with the least cost; nil if none is finite.
  @inline(always)
  func best(count: Int) -> Int? {
    var best = 0
    for c in 1..<max(count, 1) where cost(c) < cost(best) { best = c }
    return cost(best) < .infinity ? best : nil
  }
}
