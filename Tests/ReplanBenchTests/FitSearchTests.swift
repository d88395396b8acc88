import Testing

@testable import ReplanBench

/// A cost of known shape, with noise that a test can repeat.
private struct Cost {
  var constant = 40.0
  var slope = 0.5
  /// Largest share by which a cost is off, either way.
  var noise = 0.0
  var state: UInt64

  init(seed: UInt64 = 1) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func callAsFunction(_ size: Int) -> Double {
    // xorshift64
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    let share = Double(state >> 11) / Double(1 << 53)
    return (constant + slope * Double(size)) * (1 + noise * (2 * share - 1))
  }
}

struct FitSearchTests {
  /// What was verified, in order.
  private func search(
    _ search: FitSearch, _ cost: inout Cost
  ) -> (answer: FitSearch.Answer?, verified: [(size: Int, cost: Double)]) {
    var verified: [(size: Int, cost: Double)] = []
    var probes = cost
    let answer = search.largest(
      probe: { probes($0) },
      verify: { size in
        let value = cost(size)
        verified.append((size, value))
        return value
      })
    return (answer, verified)
  }

  @Test(arguments: [60.0, 100, 333, 500, 1500, 2000])
  func comesCloseToTheKnownAnswer(budget: Double) throws {
    var cost = Cost()
    let result = search(FitSearch(budget: budget, range: 16...4096, step: 16), &cost)
    let answer = try #require(result.answer)
    let largest = min(4096, (budget - 40) / 0.5)
    #expect(Double(answer.size) <= largest)
    // The search ends at 90 % of the budget, or with the steps.
    #expect(Double(answer.size) >= 0.85 * largest - 32)
    #expect(answer.size % 16 == 0)
    #expect(result.verified.count <= 5)
  }

  @Test func answersTheLargestSizeWhereEverythingFits() throws {
    var cost = Cost()
    let result = search(FitSearch(budget: 1e6, range: 16...1024, step: 16), &cost)
    #expect(result.answer?.size == 1024 && result.answer?.isLargest == true)
    #expect(result.verified.map(\.size) == [1024])
  }

  @Test func hasNoAnswerWhereNotEvenTheLeastFits() {
    var cost = Cost()
    let result = search(FitSearch(budget: 47, range: 16...1024, step: 16), &cost)
    #expect(result.answer == nil)
    #expect(result.verified.last?.size == 16)
  }

  @Test func findsTheLeastSizeThatJustFits() {
    var cost = Cost()
    let result = search(FitSearch(budget: 48.5, range: 16...1024, step: 16), &cost)
    #expect(result.answer?.size == 16)
  }

  /// Whatever the noise: the answer was seen to fit, and nothing larger was.
  @Test(arguments: 1...50)
  func neverAnswersWhatMissedTheBudget(seed: Int) {
    var cost = Cost(seed: UInt64(seed))
    cost.noise = 0.3
    let budget = 400.0
    let result = search(FitSearch(budget: budget, range: 16...4096, step: 16), &cost)
    let fitting = result.verified.filter { $0.cost <= budget }
    #expect(result.answer?.size == fitting.map(\.size).max())
    #expect(result.answer?.cost == fitting.max { $0.size < $1.size }?.cost)
    // Each verification narrows the bracket, so that no size is tried twice.
    #expect(Set(result.verified.map(\.size)).count == result.verified.count)
  }

  /// 720 would cost 400; the noise of a usual machine moves the answer a little.
  @Test(arguments: 1...50)
  func isCloseInSpiteOfNoise(seed: Int) throws {
    var cost = Cost(seed: UInt64(seed))
    cost.noise = 0.05
    let result = search(FitSearch(budget: 400, range: 16...4096, step: 16), &cost)
    let answer = try #require(result.answer)
    #expect(answer.size >= 500 && answer.size <= 800)
  }

  @Test(arguments: 1...20)
  func survivesCostsWithoutOrder(seed: Int) {
    var cost = Cost(seed: UInt64(seed))
    cost.slope = 0
    cost.noise = 1
    let result = search(FitSearch(budget: 30, range: 2...500, step: 1), &cost)
    if let answer = result.answer { #expect(answer.cost <= 30) }
    #expect(result.verified.count <= 20)
  }

  /// The stairs of whole blocks, as real ticks have them.
  @Test func climbsStairs() throws {
    let stairs = { (size: Int) in 10 + 30 * Double((size + 31) / 32) }
    let answer = FitSearch(budget: 260, range: 16...1024, step: 16)
      .largest(probe: stairs, verify: stairs)
    // 8 blocks cost 250, 9 cost 280.
    #expect(try #require(answer).size >= 224 && answer!.size <= 256)
  }
}
