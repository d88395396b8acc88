import Foundation
import Testing

@testable import ReplanIdentify

@Suite struct EquationNumberTests {
  /// Each operation on a variable, and on two of them.
  private static func values<N: EquationNumber>(_ a: N, _ b: N) -> [N] {
    [
      a + b, a - b, a * b, a / b, -a, 2.5 * a, .sine(a), .cosine(a), .hyperbolicTangent(a),
      .exponential(a), .squareRoot(b), .sine(a * b) / (a + b * b),
    ]
  }

  @Test func derivativesAreThoseOfCentralDifferences() {
    var random = TestRandom(1)
    for _ in 0..<20 {
      let (a, b) = (random.uniform(-2, 2), random.uniform(0.5, 3))
      let found = Self.values(Dual(a, variable: 0), Dual(b, variable: 15))
      let h = 1e-6
      let byFirst = zip(Self.values(a + h, b), Self.values(a - h, b)).map { ($0 - $1) / (2 * h) }
      let bySecond = zip(Self.values(a, b + h), Self.values(a, b - h)).map { ($0 - $1) / (2 * h) }
      for (i, value) in Self.values(a, b).enumerated() {
        #expect(abs(found[i].value - value) < 1e-12)
        #expect(abs(found[i].slope[0] - byFirst[i]) < 1e-7 * max(1, abs(byFirst[i])))
        #expect(abs(found[i].slope[15] - bySecond[i]) < 1e-7 * max(1, abs(bySecond[i])))
        #expect(found[i].slope[7] == 0)
      }
    }
  }
}
