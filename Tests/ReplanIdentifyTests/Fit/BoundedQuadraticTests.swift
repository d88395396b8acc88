import Testing

@testable import ReplanIdentify

/// Minima between bounds, against a grid.
@Suite struct BoundedQuadraticTests {
  private func quadratic(_ random: inout TestRandom) -> BoundedQuadratic {
    let factor = random.array(9, -1, 1)
    var curvature = Matrix(rows: 3, columns: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        curvature[i, j] =
          (0..<3).reduce(0) { $0 + factor[3 * i + $1] * factor[3 * j + $1] } + (i == j ? 0.1 : 0)
      }
    }
    return BoundedQuadratic(
      center: random.array(3, -2, 2), curvature: curvature, low: [-1, 0, -0.5], high: [1, 1, 2])
  }

  private func value(_ q: BoundedQuadratic, _ point: [Double]) -> Double {
    var sum = 0.0
    for i in 0..<3 {
      for j in 0..<3 {
        sum += q.curvature[i, j] * (point[i] - q.center[i]) * (point[j] - q.center[j])
      }
    }
    return sum
  }

  @Test func nothingOnAGridIsLower() {
    var random = TestRandom(3)
    for _ in 0..<40 {
      let q = quadratic(&random)
      let found = q.minimum()
      #expect(abs(value(q, found.point) - found.value) < 1e-9)
      #expect((0..<3).allSatisfy { (q.low[$0]...q.high[$0]).contains(found.point[$0]) })
      var least = Double.infinity
      for a in 0...20 {
        for b in 0...20 {
          for c in 0...20 {
            let steps: [Double] = [Double(a) / 20, Double(b) / 20, Double(c) / 20]
            let point = (0..<3).map { q.low[$0] + steps[$0] * (q.high[$0] - q.low[$0]) }
            least = min(least, value(q, point))
          }
        }
      }
      #expect(found.value <= least + 1e-9, "\(found.value), on the grid \(least)")
    }
  }

  @Test func oneIsKeptAndTheOthersFollow() {
    var random = TestRandom(4)
    for _ in 0..<40 {
      let q = quadratic(&random)
      let best = q.minimum()
      let kept = q.minimum(with: 0.4, at: 1)
      #expect(kept.point[1] == 0.4 && kept.value >= best.value - 1e-9)
      let same = q.minimum(with: best.point[1], at: 1)
      #expect(abs(same.value - best.value) < 1e-9)
    }
  }
}
