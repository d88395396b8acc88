import ReplanNumerics

/// The best candidates of an iteration, best first, with plans of their own.
struct Elites {
  private let capacity: Int
  private let horizon: Int
  private let actionCount: Int
  private let costs: UnsafeMutablePointer<Float>
  /// Which candidate each rank is.
  private let ranks: UnsafeMutablePointer<Int>
  /// [capacity × horizon × A].
  private let plans: UnsafeMutablePointer<Float>
  /// How many there are; fewer than the capacity where few candidates have a finite cost.
  private let size: UnsafeMutablePointer<Int>

  init(capacity: Int, horizon: Int, actionCount: Int, arena: inout Arena) {
    self.capacity = capacity
    self.horizon = horizon
    self.actionCount = actionCount
    costs = arena.floats(capacity)
    ranks = arena.take(Int.self, count: capacity)
    plans = arena.floats(capacity * horizon * actionCount)
    size = arena.take(Int.self, count: 1)
  }

  var count: Int { size.pointee }

  func clear() { size.pointee = 0 }

  func cost(_ rank: Int) -> Float { costs[rank] }

  func plan(_ rank: Int) -> UnsafeMutablePointer<Float> {
    plans + rank * horizon * actionCount
  }

  /// Takes the best of `count` candidates; of equal ones the first.
  func rank(_ candidates: Candidates, count: Int) {
    size.pointee = 0
    for c in 0..<count {
      let cost = candidates.cost(c)
      guard cost < .infinity, self.count < capacity || cost < costs[capacity - 1] else { continue }
      var e = min(self.count, capacity - 1)
      while e > 0 && cost < costs[e - 1] {
        costs[e] = costs[e - 1]
        ranks[e] = ranks[e - 1]
        e -= 1
      }
      costs[e] = cost
      ranks[e] = c
      size.pointee = min(self.count + 1, capacity)
    }
    for e in 0..<self.count { candidates.copy(ranks[e], count: count, to: plan(e)) }
  }

  /// Moves on by one tick; the last action is repeated.
  func shift() {
    for e in 0..<count {
      let row = plan(e)
      for k in 0..<((horizon - 1) * actionCount) { row[k] = row[k + actionCount] }
    }
  }

  /// Moves a distribution [horizon × A] to the elites' mean and standard deviation.
  ///
  /// - Precondition: there is at least one.
  func fit(
    _ mean: UnsafeMutablePointer<Float>, _ deviation: UnsafeMutablePointer<Float>,
    keeping keep: Float
  ) {
    for k in 0..<(horizon * actionCount) {
      var sum: Float = 0
      for e in 0..<count { sum += plan(e)[k] }
      let average = sum / Float(count)
      var squares: Float = 0
      for e in 0..<count {
        let d = plan(e)[k] - average
        squares += d * d
      }
      mean[k] = keep * mean[k] + (1 - keep) * average
      deviation[k] = keep * deviation[k] + (1 - keep) * squareRoot(squares / Float(count))
    }
  }
}
