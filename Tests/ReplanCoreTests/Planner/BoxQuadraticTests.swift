import Testing

@testable import ReplanCore

@Suite struct BoxQuadraticTests {
  private func solve(
    _ q: [Float], _ linear: [Float], low: [Float], high: [Float]
  ) -> (isSolved: Bool, x: [Float], free: [Float]) {
    let n = linear.count
    var measure = Arena.measuring()
    _ = BoxQuadratic(count: n, arena: &measure)
    let block = Block(bytes: measure.used)
    var arena = Arena(base: block.pointer, capacity: block.bytes)
    let box = BoxQuadratic(count: n, arena: &arena)
    let isSolved = box.solve(q, linear, low: low, high: high)
    return withExtendedLifetime(block) {
      (isSolved, (0..<n).map { box.x[$0] }, (0..<n).map { box.free[$0] })
    }
  }

  @Test func insideTheBoxItIsNewtonsSolution() {
    // Q = [[2, 1], [1, 3]], x = -Q⁻¹ q = (1, -1) for q = (-1, 2).
    let result = solve([2, 1, 1, 3], [-1, 2], low: [-5, -5], high: [5, 5])
    #expect(result.isSolved && result.free == [1, 1])
    #expect(abs(result.x[0] - 1) < 1e-5 && abs(result.x[1] + 1) < 1e-5)
  }

  @Test func aBoundThatBindsMovesTheOthers() {
    // With x0 held at 0.5 the rest is x1 = -(2 + 0.5) / 3.
    let result = solve([2, 1, 1, 3], [-1, 2], low: [-5, -5], high: [0.5, 5])
    #expect(result.isSolved && result.free == [0, 1])
    #expect(result.x[0] == 0.5 && abs(result.x[1] + 2.5 / 3) < 1e-5)
  }

  /// Optimality conditions of many random problems.
  @Test func everySolutionMeetsItsOptimalityConditions() {
    var random = TestRandom(3)
    for _ in 0..<500 {
      let n = Int.random(in: 1...6, using: &random)
      let factor = (0..<(n * n)).map { _ in random.uniform(-1, 1) }
      var q = [Float](repeating: 0, count: n * n)
      for i in 0..<n {
        for j in 0..<n {
          for k in 0..<n { q[i * n + j] += factor[i * n + k] * factor[j * n + k] }
        }
        q[i * n + i] += 0.1
      }
      let linear = (0..<n).map { _ in random.uniform(-2, 2) }
      let low = (0..<n).map { _ in random.uniform(-1, 0) }
      let high = (0..<n).map { _ in random.uniform(0, 1) }
      let result = solve(q, linear, low: low, high: high)
      #expect(result.isSolved)
      for i in 0..<n {
        var g = linear[i]
        for j in 0..<n { g += q[i * n + j] * result.x[j] }
        #expect(result.x[i] >= low[i] && result.x[i] <= high[i])
        if result.x[i] > low[i] && result.x[i] < high[i] { #expect(abs(g) < 2e-3) }
        if result.x[i] == low[i] { #expect(g > -2e-3) }
        if result.x[i] == high[i] { #expect(g < 2e-3) }
      }
    }
  }

  @Test func numbersThatAreNotFiniteAreRefused() {
    #expect(!solve([.nan], [1], low: [-1], high: [1]).isSolved)
  }
}
