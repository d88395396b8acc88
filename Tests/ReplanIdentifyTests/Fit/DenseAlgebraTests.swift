import Testing

@testable import ReplanIdentify

@Suite struct DenseAlgebraTests {
  private func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var random = TestRandom(seed)
    var matrix = Matrix(rows: rows, columns: columns)
    for i in matrix.values.indices { matrix.values[i] = random.uniform(-1, 1) }
    return matrix
  }

  private func product(_ a: Matrix, _ x: [Double]) -> [Double] {
    (0..<a.rows).map { i in (0..<a.columns).reduce(0) { $0 + a[i, $1] * x[$1] } }
  }

  @Test func triangularisationSolvesLeastSquares() {
    let a = random(9, 4, 1)
    let x = [1.0, -2, 0.5, 3]
    var right = Matrix(rows: 9, columns: 1)
    right.values = product(a, x)
    let (r, q) = DenseAlgebra.triangularized(a, applyingTo: right)
    let found = DenseAlgebra.solved(upper: r, q.values)
    for (value, expected) in zip(found, x) { #expect(abs(value - expected) < 1e-12) }
    // What the columns cannot reach is left over below them.
    for i in 4..<9 { #expect(abs(q[i, 0]) < 1e-12) }
  }

  @Test func leastSquaresTakeTheShortestOfEqualAnswers() {
    var a = Matrix(rows: 3, columns: 2)
    for i in 0..<3 {
      a[i, 0] = Double(i + 1)
      a[i, 1] = Double(i + 1)
    }
    let x = DenseAlgebra.leastSquares(a, [2, 4, 6], tolerance: 1e-9)
    #expect(abs(x[0] - 1) < 1e-12 && abs(x[1] - 1) < 1e-12)
  }

  @Test func singularValuesAndVectorsRebuildTheNorms() throws {
    let a = random(5, 3, 2)
    let (values, vectors) = try #require(DenseAlgebra.singular(a))
    #expect(values == values.sorted(by: >))
    for (i, value) in values.enumerated() {
      let image = product(a, (0..<3).map { vectors[i, $0] })
      let norm = image.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(norm - value) < 1e-12)
    }
  }
}
