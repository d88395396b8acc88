import CLAPACK

/// Eigenvalues and vectors of a symmetric matrix, A = V Λ Vᵀ.
struct SymmetricEigen {
  /// Ascending.
  let values: [Double]
  /// Column after column. Shape [n × n].
  let vectors: [Double]

  /// - Shapes: matrix [n × n]; its upper triangle is read, column after column.
  /// - Returns: nil if the iteration does not converge.
  init?(_ matrix: [Double], order n: Int) {
    precondition(matrix.count == n * n)
    var vectors = matrix
    var values = [Double](repeating: 0, count: n)
    // "V": with vectors, "U": of the upper triangle.
    let status = LAPACKE_dsyev(
      LAPACK_COL_MAJOR, 0x56, 0x55, Int32(n), &vectors, Int32(n), &values)
    precondition(status >= 0, "dsyev takes its arguments")
    guard status == 0 else { return nil }
    self.values = values
    self.vectors = vectors
  }

  /// Vᵀ x.
  func projected(_ x: [Double]) -> [Double] {
    let n = values.count
    return (0..<n).map { k in (0..<n).reduce(0) { $0 + vectors[k * n + $1] * x[$1] } }
  }

  /// V x.
  func combined(_ x: [Double]) -> [Double] {
    let n = values.count
    return (0..<n).map { i in (0..<n).reduce(0) { $0 + vectors[$1 * n + i] * x[$1] } }
  }
}
