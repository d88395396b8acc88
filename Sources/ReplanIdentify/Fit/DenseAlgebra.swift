import CLAPACK

/// A dense matrix, column after column, as LAPACK wants it.
struct Matrix: Equatable {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    values = [Double](repeating: 0, count: rows * columns)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[column * rows + row] }
    set { values[column * rows + row] = newValue }
  }
}

/// LAPACK's routines on matrices of finite numbers; a wrong argument is a programmer's mistake and traps.
enum DenseAlgebra {
  /// Orthogonal triangularisation: `A = Q R`, applied to further columns.
  ///
  /// - Shapes: `a` [m × n], m ≥ n; `others` [m × k].
  /// - Returns: R in the upper triangle of the first n rows, and Qᵀ `others` [m × k].
  static func triangularized(_ a: Matrix, applyingTo others: Matrix) -> (r: Matrix, others: Matrix)
  {
    precondition(a.rows >= a.columns && a.rows == others.rows)
    var (r, result) = (a, others)
    var scales = [Double](repeating: 0, count: a.columns)
    let m = Int32(a.rows)
    var status = LAPACKE_dgeqrf(
      LAPACK_COL_MAJOR, m, Int32(a.columns), &r.values, m, &scales)
    precondition(status == 0, "dgeqrf takes its arguments")
    guard others.columns > 0 else { return (r, result) }
    // "L": from the left, "T": transposed.
    status = LAPACKE_dormqr(
      LAPACK_COL_MAJOR, 0x4C, 0x54, m, Int32(others.columns), Int32(a.columns),
      r.values, m, scales, &result.values, m)
    precondition(status == 0, "dormqr takes its arguments")
    return (r, result)
  }

  /// x of R x = b by the upper triangle of R's first n rows, b's first n values.
  static func solved(upper r: Matrix, _ b: [Double]) -> [Double] {
    var x = Array(b[..<r.columns])
    for i in (0..<r.columns).reversed() {
      var sum = x[i]
      for j in (i + 1)..<max(r.columns, i + 1) { sum -= r[i, j] * x[j] }
      x[i] = sum / r[i, i]
    }
    return x
  }

  /// The x of least ‖A x − b‖ and, among those, of least ‖x‖.
  ///
  /// - Parameter tolerance: singular values below so much of the largest count as zero.
  static func leastSquares(_ a: Matrix, _ b: [Double], tolerance: Double) -> [Double] {
    var (values, right) = (a.values, b)
    let rows = max(a.rows, a.columns)
    right += [Double](repeating: 0, count: rows - b.count)
    var singular = [Double](repeating: 0, count: min(a.rows, a.columns))
    var rank: Int32 = 0
    let status = LAPACKE_dgelsd(
      LAPACK_COL_MAJOR, Int32(a.rows), Int32(a.columns), 1, &values,
      Int32(a.rows), &right, Int32(rows), &singular, tolerance, &rank)
    precondition(status >= 0, "dgelsd takes its arguments")
    return Array(right[..<a.columns])
  }

  /// Singular values, falling, and the right singular vectors as rows of Vᵀ.
  ///
  /// - Returns: nil if the iteration does not converge.
  static func singular(_ a: Matrix) -> (values: [Double], transposedVectors: Matrix)? {
    var values = a.values
    var singular = [Double](repeating: 0, count: min(a.rows, a.columns))
    var vectors = Matrix(rows: a.columns, columns: a.columns)
    var left: [Double] = [0]
    var work = [Double](repeating: 0, count: max(1, min(a.rows, a.columns)))
    // "N": no left vectors, "A": all right ones.
    let status = LAPACKE_dgesvd(
      LAPACK_COL_MAJOR, 0x4E, 0x41, Int32(a.rows), Int32(a.columns), &values,
      Int32(a.rows), &singular, &left, 1, &vectors.values, Int32(a.columns), &work)
    precondition(status >= 0, "dgesvd takes its arguments")
    return status == 0 ? (singular, vectors) : nil
  }
}
