import ReplanNumerics

/// All candidates of an iteration with their costs, in blocks of a few vectors.
///
/// A block's actions are [horizon × A × vectors]; blocks differ by one vector at most, the larger
/// ones first.
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
    Ensemble.blockVectors(of: Lanes.vectors(for: count - first))
  }

  /// First vector of the block that holds one of the vectors of `count` candidates, and the
  /// block's number of vectors.
  @inline(always)
  private func block(of vector: Int, count: Int) -> (start: Int, vectors: Int) {
    let all = Lanes.vectors(for: count)
    let blocks = (all + Ensemble.blockVectors - 1) / Ensemble.blockVectors
    let size = all / blocks
    let split = all % blocks * (size + 1)
    if vector < split { return (vector / (size + 1) * (size + 1), size + 1) }
    return (split + (vector - split) / size * size, size)
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
    let (vector, vectors) = block(of: candidate / Lanes.width, count: count)
    let start = vector * Lanes.width
    // SAFETY: the block holds planSize * vectors * 16 floats.
    let floats = UnsafeMutableRawPointer(block(first: start)).assumingMemoryBound(to: Float.self)
    return (floats + (candidate - start), vectors * Lanes.width)
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
