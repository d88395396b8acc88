import Testing

@testable import ReplanIdentify

@Suite struct ReducedStepTests {
  private func window(_ rows: Int, _ seed: UInt64) -> ShootingProblem.Linearization {
    var random = TestRandom(seed)
    func matrix(_ columns: Int) -> Matrix {
      var matrix = Matrix(rows: rows, columns: columns)
      for i in matrix.values.indices { matrix.values[i] = random.uniform(-1, 1) }
      return matrix
    }
    return ShootingProblem.Linearization(
      errors: (0..<rows).map { _ in random.uniform(-1, 1) },
      channels: [Int](repeating: 0, count: rows), byParameter: matrix(3), byStart: matrix(2))
  }

  /// The same step as all unknowns in one damped least squares.
  private func whole(
    _ windows: [ShootingProblem.Linearization], damping: Double
  ) -> [Double] {
    let count = 3 + 2 * windows.count
    let rows = windows.reduce(0) { $0 + $1.errors.count }
    var matrix = Matrix(rows: rows + count, columns: count)
    var right = [Double](repeating: 0, count: rows + count)
    var row = 0
    for (w, window) in windows.enumerated() {
      for i in window.errors.indices {
        for j in 0..<3 { matrix[row, j] = window.byParameter[i, j] }
        for j in 0..<2 { matrix[row, 3 + 2 * w + j] = window.byStart[i, j] }
        right[row] = window.errors[i]
        row += 1
      }
    }
    for j in 0..<count {
      let square = (0..<rows).reduce(0) { $0 + matrix[$1, j] * matrix[$1, j] }
      matrix[rows + j, j] = (damping * square).squareRoot()
    }
    return DenseAlgebra.leastSquares(matrix, right, tolerance: 1e-14)
  }

  @Test(arguments: [1e-6, 0.1, 10])
  func eliminationChangesNothing(damping: Double) {
    let windows = [window(6, 1), window(4, 2), window(9, 3)]
    let step = ReducedStep(windows, damping: damping, held: [])
    let expected = whole(windows, damping: damping)
    for j in 0..<3 { #expect(abs(step.parameters[j] - expected[j]) < 1e-9) }
    for w in windows.indices {
      for j in 0..<2 { #expect(abs(step.starts[w][j] - expected[3 + 2 * w + j]) < 1e-9) }
    }
  }

  @Test func heldParametersStay() {
    let step = ReducedStep([window(8, 4), window(8, 5)], damping: 0.01, held: [1])
    #expect(step.parameters[1] == 0 && step.parameters[0] != 0)
  }

  @Test func withoutParametersTheStartsAreStillFound() {
    var window = window(8, 6)
    window.byParameter = Matrix(rows: 8, columns: 0)
    let step = ReducedStep([window], damping: 1e-9, held: [])
    #expect(step.parameters.isEmpty && step.starts[0].allSatisfy { $0 != 0 && $0.isFinite })
  }
}
