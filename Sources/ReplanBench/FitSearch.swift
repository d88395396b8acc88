/// The largest size whose cost stays within a budget.
///
/// Probes at two sizes give a linear model of the cost, which says where to look; what is answered
/// has been verified. Each verification narrows the bracket between the largest size that fits and
/// the smallest that does not, so that noise can make the answer smaller, but never one that was
/// seen to miss the budget.
public struct FitSearch: Sendable {
  public struct Answer: Sendable, Equatable {
    public var size: Int
    /// The verified cost, within the budget.
    public var cost: Double
    /// No larger size is admitted.
    public var isLargest: Bool
  }

  private let budget: Double
  private let range: ClosedRange<Int>
  private let step: Int
  private let verifications: Int
  /// Share of the budget that the search aims at, to leave room for noise.
  private let aim = 0.95
  /// Share of the budget from which on it does not look further.
  private let isEnough = 0.9

  /// - Parameters:
  ///   - budget: same unit as the cost.
  ///   - step: sizes are the range's lower bound plus whole steps.
  ///   - verifications: at most so many before a size that fits counts as good enough; where none
  ///     fits yet it goes on, halving, down to the lower bound.
  public init(budget: Double, range: ClosedRange<Int>, step: Int, verifications: Int = 5) {
    precondition(budget > 0 && step > 0 && verifications > 0, "positive settings")
    self.budget = budget
    self.range = range
    self.step = step
    self.verifications = verifications
  }

  /// - Parameters:
  ///   - probe: a quick estimate of the cost at a size.
  ///   - verify: the cost at a size, as it is to be held against the budget.
  /// - Returns: nil if not even the least size fits.
  public func largest(
    probe: (Int) throws -> Double, verify: (Int) throws -> Double
  ) rethrows -> Answer? {
    let low = range.lowerBound
    let second = snapped(low + min(range.count - 1, max(4 * low, 16 * step)))
    let base = try probe(low)
    let slope = second > low ? max(try probe(second) - base, 0) / Double(second - low) : 0
    var state = Bracket(tooLarge: largestSize + step, slope: slope)
    var size = clamped(Double(low) + (aim * budget - base) / max(slope, .leastNormalMagnitude))
    for attempt in 0... {
      let cost = try verify(size)
      state.note(size, cost, fits: cost <= budget)
      guard let next = next(after: size, cost, state, attempt: attempt) else { break }
      size = next
    }
    return state.best.map {
      Answer(size: $0.size, cost: $0.cost, isLargest: $0.size == largestSize)
    }
  }

  /// What is known: the largest size that fits, and the smallest that does not.
  private struct Bracket {
    var best: (size: Int, cost: Double)?
    var tooLarge: Int
    let slope: Double

    mutating func note(_ size: Int, _ cost: Double, fits: Bool) {
      if fits { best = (size, cost) } else { tooLarge = size }
    }
  }

  private func next(after size: Int, _ cost: Double, _ state: Bracket, attempt: Int) -> Int? {
    let low = range.lowerBound
    if let best = state.best {
      if attempt + 1 >= verifications || best.cost >= isEnough * budget { return nil }
    } else {
      if size == low { return nil }
      if attempt + 1 >= verifications { return snapped(low + (size - low) / 2) }
    }
    // The measured cost corrects the slope; the part that is constant belongs to `base`.
    let slope = max(state.slope, 0.25 * cost / Double(size))
    let moved = clamped(Double(size) + (aim * budget - cost) / slope)
    let least = state.best.map { $0.size + step } ?? low
    let most = state.tooLarge - step
    return least <= most ? min(max(moved, least), most) : nil
  }

  private var largestSize: Int { snapped(range.upperBound) }

  /// The next size at or below one.
  private func snapped(_ size: Int) -> Int {
    range.lowerBound + max(0, size - range.lowerBound) / step * step
  }

  private func clamped(_ size: Double) -> Int {
    snapped(Int(min(max(size, Double(range.lowerBound)), Double(range.upperBound))))
  }
}
