import CLAPACK

/// The triangular factor of a tall matrix whose rows come one by one; only the factor is kept.
///
/// Sums of products of columns are those of the whole matrix (Rᵀ R = Aᵀ A), without squaring its
/// condition.
struct RowStack {
  let columns: Int
  private(set) var rowCount = 0
  /// Upper triangle [columns × columns]; below lie rows that are not yet in it.
  private var block: Matrix
  private var filled: Int

  init(columns: Int) {
    self.columns = columns
    block = Matrix(rows: columns + max(2 * columns, 256), columns: columns)
    filled = columns
  }

  /// - Parameter fill: writes the row's values.
  mutating func append(_ fill: (_ set: (Int, Double) -> Void) -> Void) {
    if filled == block.rows { reduce() }
    let (row, height) = (filled, block.rows)
    block.values.withUnsafeMutableBufferPointer { values in
      fill { column, value in values[column * height + row] = value }
    }
    filled += 1
    rowCount += 1
  }

  private mutating func reduce() {
    var scales = [Double](repeating: 0, count: columns)
    let status = LAPACKE_dgeqrf(
      LAPACK_COL_MAJOR, Int32(filled), Int32(columns), &block.values, Int32(block.rows), &scales)
    precondition(status == 0, "dgeqrf takes its arguments")
    for column in 0..<columns {
      for row in column + 1..<block.rows { block[row, column] = 0 }
    }
    filled = columns
  }

  /// R, whose Rᵀ R is the sum of products of all rows.
  mutating func factor() -> Matrix {
    if filled > columns { reduce() }
    return block.part(rows: 0..<columns, columns: 0..<columns)
  }
}

extension Matrix {
  func part(rows range: Range<Int>, columns: Range<Int>) -> Matrix {
    var result = Matrix(rows: range.count, columns: columns.count)
    for (j, column) in columns.enumerated() {
      for (i, row) in range.enumerated() { result[i, j] = self[row, column] }
    }
    return result
  }

  var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for j in 0..<columns {
      for i in 0..<rows { result[j, i] = self[i, j] }
    }
    return result
  }

  static func identity(_ count: Int) -> Matrix {
    var result = Matrix(rows: count, columns: count)
    for i in 0..<count { result[i, i] = 1 }
    return result
  }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows)
    var result = Matrix(rows: a.rows, columns: b.columns)
    result.values.withUnsafeMutableBufferPointer { sum in
      a.values.withUnsafeBufferPointer { left in
        for j in 0..<b.columns {
          for k in 0..<a.columns {
            let factor = b[k, j]
            guard factor != 0 else { continue }
            for i in 0..<a.rows { sum[j * a.rows + i] += left[k * a.rows + i] * factor }
          }
        }
      }
    }
    return result
  }

  static func + (a: Matrix, b: Matrix) -> Matrix {
    var result = a
    for i in a.values.indices { result.values[i] += b.values[i] }
    return result
  }

  static func - (a: Matrix, b: Matrix) -> Matrix {
    var result = a
    for i in a.values.indices { result.values[i] -= b.values[i] }
    return result
  }

  /// Puts another matrix in with its corner at a place.
  mutating func set(_ other: Matrix, row: Int, column: Int) {
    for j in 0..<other.columns {
      for i in 0..<other.rows { self[row + i, column + j] = other[i, j] }
    }
  }
}
