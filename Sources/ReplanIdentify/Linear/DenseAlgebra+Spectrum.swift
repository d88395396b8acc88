import CLAPACK

extension DenseAlgebra {
  /// Eigenvalues of a square matrix.
  static func eigenvalues(_ a: Matrix) -> [(real: Double, imaginary: Double)] {
    let n = Int32(a.rows)
    guard n > 0 else { return [] }
    var values = a.values
    var (real, imaginary) = (
      [Double](repeating: 0, count: a.rows), [Double](repeating: 0, count: a.rows)
    )
    var (left, right): ([Double], [Double]) = ([0], [0])
    // "N": no vectors.
    let status = LAPACKE_dgeev(
      LAPACK_COL_MAJOR, 0x4E, 0x4E, n, &values, n, &real, &imaginary, &left, 1, &right, 1)
    precondition(status >= 0, "dgeev takes its arguments")
    // Without convergence nothing is known: not a number, which no comparison passes.
    return status == 0
      ? Array(zip(real, imaginary)).map { (real: $0, imaginary: $1) }
      : [(real: .nan, imaginary: .nan)]
  }

  /// Largest magnitude of an eigenvalue.
  static func spectralRadius(_ a: Matrix) -> Double {
    var largest = 0.0
    for (real, imaginary) in eigenvalues(a) {
      let magnitude = (real * real + imaginary * imaginary).squareRoot()
      guard magnitude.isFinite else { return .nan }
      largest = max(largest, magnitude)
    }
    return largest
  }

  /// A = U Σ Vᵀ with as many columns as the smaller side has.
  ///
  /// - Returns: nil if the iteration does not converge.
  static func decomposed(
    _ a: Matrix
  ) -> (left: Matrix, values: [Double], rightTransposed: Matrix)? {
    let k = min(a.rows, a.columns)
    var values = a.values
    var singular = [Double](repeating: 0, count: k)
    var left = Matrix(rows: a.rows, columns: k)
    var right = Matrix(rows: k, columns: a.columns)
    // "S": the vectors of the smaller side's count.
    let status = LAPACKE_dgesdd(
      LAPACK_COL_MAJOR, 0x53, Int32(a.rows), Int32(a.columns), &values, Int32(a.rows), &singular,
      &left.values, Int32(a.rows), &right.values, Int32(k))
    precondition(status >= 0, "dgesdd takes its arguments")
    return status == 0 ? (left, singular, right) : nil
  }

  /// X of least ‖A X − B‖ and, among those, of least ‖X‖.
  ///
  /// - Parameter tolerance: singular values below so much of the largest count as zero.
  static func leastSquares(_ a: Matrix, _ b: Matrix, tolerance: Double) -> Matrix {
    precondition(a.rows == b.rows)
    var values = a.values
    let rows = max(a.rows, a.columns)
    var right = Matrix(rows: rows, columns: b.columns)
    right.set(b, row: 0, column: 0)
    var singular = [Double](repeating: 0, count: max(1, min(a.rows, a.columns)))
    var rank: Int32 = 0
    guard a.columns > 0, b.columns > 0 else { return Matrix(rows: a.columns, columns: b.columns) }
    let status = LAPACKE_dgelsd(
      LAPACK_COL_MAJOR, Int32(a.rows), Int32(a.columns), Int32(b.columns), &values, Int32(a.rows),
      &right.values, Int32(rows), &singular, tolerance, &rank)
    precondition(status >= 0, "dgelsd takes its arguments")
    return right.part(rows: 0..<a.columns, columns: 0..<b.columns)
  }

  /// Lower triangular L of A = L Lᵀ; nil if A is not positive definite.
  static func cholesky(_ a: Matrix) -> Matrix? {
    var l = a
    let n = Int32(a.rows)
    // "L": the lower triangle.
    let status = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 0x4C, n, &l.values, n)
    guard status == 0 else { return nil }
    for j in 0..<a.columns {
      for i in 0..<j { l[i, j] = 0 }
    }
    return l
  }

  /// X of L X = B by forward substitution.
  static func solved(lower l: Matrix, _ b: Matrix) -> Matrix {
    var x = b
    // "L", "N", "N": lower, not transposed, diagonal as it is.
    let status = LAPACKE_dtrtrs(
      LAPACK_COL_MAJOR, 0x4C, 0x4E, 0x4E, Int32(l.rows), Int32(b.columns), l.values, Int32(l.rows),
      &x.values, Int32(b.rows))
    precondition(status == 0, "dtrtrs takes its arguments")
    return x
  }

  /// X of A X = B; nil where A is singular.
  static func solved(_ a: Matrix, _ b: Matrix) -> Matrix? {
    var (values, x) = (a.values, b)
    var pivots = [Int32](repeating: 0, count: a.rows)
    let n = Int32(a.rows)
    let status = LAPACKE_dgesv(
      LAPACK_COL_MAJOR, n, Int32(b.columns), &values, n, &pivots, &x.values, n)
    return status == 0 && x.values.allSatisfy(\.isFinite) ? x : nil
  }
}
