import ReplanNumerics
import Testing

@Suite struct CholeskyTests {
  @Test func solvesAKnownSystem() {
    // A = L Lᵀ with L = [[2, 0, 0], [6, 1, 0], [-8, 5, 3]]; x = (1, 2, 3).
    var a: [Float] = [4, 12, -16, 12, 37, -43, -16, -43, 98]
    var b: [Float] = [4 + 24 - 48, 12 + 74 - 129, -16 - 86 + 294]
    let isPositive = a.withUnsafeMutableBufferPointer {
      Cholesky.factor($0.baseAddress!, 3, stride: 3)
    }
    #expect(isPositive)
    #expect(a[0] == 2 && a[3] == 6 && a[4] == 1 && a[6] == -8 && a[7] == 5 && a[8] == 3)
    b.withUnsafeMutableBufferPointer { rhs in
      a.withUnsafeBufferPointer {
        Cholesky.solve($0.baseAddress!, 3, stride: 3, rhs.baseAddress!, step: 1)
      }
    }
    for i in 0..<3 { #expect(abs(b[i] - Float(i + 1)) < 1e-4) }
  }

  @Test func refusesWhatIsNotPositiveDefinite() {
    var a: [Float] = [1, 2, 2, 1]
    #expect(!a.withUnsafeMutableBufferPointer { Cholesky.factor($0.baseAddress!, 2, stride: 2) })
    var b: [Float] = [.nan]
    #expect(!b.withUnsafeMutableBufferPointer { Cholesky.factor($0.baseAddress!, 1, stride: 1) })
  }
}
