import ReplanNumerics

/// All candidates of an iteration with their costs, in blocks of a few vectors.
///
/// A block's actions are [horizon × A × vectors]; blocks differ by one vector at most, the larger
/// ones first. How many there are depends on the workers; what is computed of a vector does not.
struct Candidates {
  let capacity: Int
  let planSize: Int
  private let particles: Int
  private let workers: Int
  private let actions: UnsafeMutablePointer<Lanes>
  /// Cost of each candidate, one vector for sixteen.
  let costs: UnsafeMutablePointer<Lanes>

  init(
    capacity: Int, horizon: Int, actionCount: Int, particles: Int = 1, workers: Int = 1,
    arena: inout Arena
  ) {
    self.capacity = capacity
    self.particles = particles
    self.workers = workers
    planSize = horizon * actionCount
    let vectors = Lanes.vectors(for: capacity)
    actions = arena.lanes(vectors * planSize)
    costs = arena.lanes(vectors)
  }

  /// Blocks that `vectors` vectors are divided into: as few as possible, but enough to be shared.
  @inline(always)
  private func blockCount(_ vectors: Int) -> Int {
    let least = (vectors + Ensemble.blockVectors - 1) / Ensemble.blockVectors
    // Many units divide well by themselves: an eighth of a worker's share is its largest error.
    guard workers > 1, least * particles < 8 * workers else { return least }
    return min((least + workers - 1) / workers * workers, vectors)
  }

  /// First vector of the block that holds one of the vectors of `count` candidates, and the
  /// block's number of vectors.
  @inline(always)
  func block(of vector: Int, count: Int) -> (start: Int, vectors: Int) {
    let all = Lanes.vectors(for: count)
    let blocks = blockCount(all)
    let size = all / blocks
    let split = all % blocks * (size + 1)
    if vector < split { return (vector / (size + 1) * (size + 1), size + 1) }
    return (split + (vector - split) / size * size, size)
  }

  /// The block that begins with the vector `start`.
  @inline(always)
  func block(_ start: Int) -> UnsafeMutablePointer<Lanes> { actions + start * planSize }

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
    let (start, vectors) = block(of: candidate / Lanes.width, count: count)
    // SAFETY: the block holds planSize * vectors * 16 floats.
    let floats = UnsafeMutableRawPointer(block(start)).assumingMemoryBound(to: Float.self)
    return (floats + (candidate - start * Lanes.width), vectors * Lanes.width)
  }

  /// Element `k` of the plans of sixteen of `count` candidates.
  @inline(always)
  func element(_ k: Int, vector: Int, count: Int) -> Lanes {
    let (start, vectors) = block(of: vector, count: count)
    return actions[start * planSize + k * vectors + vector - start]
  }

  /// Copies one of `count` candidates to a plan [horizon × A].
  @inline(always)
  func copy(_ candidate: Int, count: Int, to plan: UnsafeMutablePointer<Float>) {
    let place = place(candidate, count: count)
    for k in 0..<planSize { plan[k] = place.first[k * place.step] }
  }

  /// Replaces one lane of a block of actions by a plan [horizon × A].
  @inline(always)
  func set(
    _ lane: Int, of block: UnsafeMutablePointer<Lanes>, vectors: Int,
    from plan: UnsafePointer<Float>
  ) {
    // SAFETY: the block holds planSize * vectors * 16 floats.
    let floats = UnsafeMutableRawPointer(block).assumingMemoryBound(to: Float.self)
    for k in 0..<planSize { floats[k * vectors * Lanes.width + lane] = plan[k] }
  }

  /// The first of `count` candidates with the least cost; nil if none is finite.
  @inline(always)
  func best(count: Int) -> Int? {
    var best = 0
    for c in 1..<max(count, 1) where cost(c) < cost(best) { best = c }
    return cost(best) < .infinity ? best : nil
  }
}
