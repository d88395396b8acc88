import Foundation

/// Parameters from finite differences: at each sample the equation is asked what it leaves over of the
/// measured rate of change, and least squares makes that small.
///
/// Where the equation is linear in its parameters the answer is one linear least squares, from any
/// start. Noise of the differences biases it: it is a start for shooting, not an estimate.
struct EquationErrorStart {
  let simulator: any EquationSimulator
  let isAngle: [Bool]
  let free: [Int]
  let bounds: [ClosedRange<Double>]
  /// Differences reach over at least so many seconds, as noise divides by it.
  var span = 0.02

  private struct Row {
    var state: [Double]
    var rate: [Double]
    var action: [Double]
  }

  /// - Returns: nil where a state was not measured, or there are too few samples.
  func parameters(from start: [Double], _ records: [MeasuredRecord]) -> [Double]? {
    let rows = records.flatMap(differences)
    guard rows.count * simulator.stateCount >= 2 * free.count, !rows.isEmpty else { return nil }
    var weights = [Double](repeating: 1, count: simulator.stateCount)
    for c in weights.indices {
      let square = rows.reduce(0) { $0 + $1.rate[c] * $1.rate[c] } / Double(rows.count)
      weights[c] = 1 / max(square.squareRoot(), 1e-9)
    }
    var point = start
    // More than one pass where the balance is not linear, and to weigh the channels by their errors.
    for _ in 0..<8 {
      let system = system(rows, point, weights)
      guard let change = Self.solve(system.matrix, system.right) else { return nil }
      for (j, index) in free.enumerated() {
        let value = point[index] + change[j]
        point[index] = min(max(value, bounds[index].lowerBound), bounds[index].upperBound)
      }
      weights = system.weights
    }
    return point.allSatisfy(\.isFinite) ? point : nil
  }

  /// Midpoints of pairs of samples that are `span` apart, with the slopes between them.
  private func differences(_ record: MeasuredRecord) -> [Row] {
    let n = record.stateCount
    var rows: [Row] = []
    var end = 0
    for k in 0..<record.count {
      end = max(end, k + 1)
      while end < record.count, record.times[end] - record.times[k] < span - 1e-9 { end += 1 }
      guard end < record.count else { break }
      let seconds = record.times[end] - record.times[k]
      let first = record.states[k * n..<(k + 1) * n]
      let last = record.states[end * n..<(end + 1) * n]
      guard first.allSatisfy(\.isFinite), last.allSatisfy(\.isFinite) else { continue }
      let change = zip(zip(first, last), isAngle).map { pair, isAngle in
        isAngle ? remainder(pair.1 - pair.0, 2 * .pi) : pair.1 - pair.0
      }
      var action = [Double](repeating: 0, count: record.actionCount)
      for s in k..<end {
        let weight = (record.times[s + 1] - record.times[s]) / seconds
        for a in action.indices { action[a] += weight * record.actions[s * action.count + a] }
      }
      rows.append(
        Row(
          state: zip(first, change).map { $0 + 0.5 * $1 }, rate: change.map { $0 / seconds },
          action: action))
    }
    return rows
  }

  private func system(
    _ rows: [Row], _ point: [Double], _ weights: [Double]
  ) -> (matrix: Matrix, right: [Double], weights: [Double]) {
    let n = simulator.stateCount
    var matrix = Matrix(rows: rows.count * n, columns: free.count)
    var right = [Double](repeating: 0, count: rows.count * n)
    var squares = [Double](repeating: 0, count: n)
    for (i, row) in rows.enumerated() {
      let (left, slopes) = simulator.balance(
        state: row.state, rate: row.rate, action: row.action, parameters: point, free: free)
      for c in 0..<n {
        squares[c] += left[c] * left[c] / Double(rows.count)
        right[i * n + c] = -left[c] * weights[c]
        for j in free.indices { matrix[i * n + c, j] = slopes[c * free.count + j] * weights[c] }
      }
    }
    return (matrix, right, squares.map { 1 / max($0.squareRoot(), 1e-9) })
  }

  /// Least squares with columns of equal length; a column without any is left alone.
  private static func solve(_ matrix: Matrix, _ right: [Double]) -> [Double]? {
    guard matrix.values.allSatisfy(\.isFinite), right.allSatisfy(\.isFinite) else { return nil }
    var scaled = matrix
    var norms = [Double](repeating: 1, count: matrix.columns)
    for j in 0..<matrix.columns {
      let square = (0..<matrix.rows).reduce(0) { $0 + matrix[$1, j] * matrix[$1, j] }
      if square > 0 { norms[j] = square.squareRoot() }
      for i in 0..<matrix.rows { scaled[i, j] = matrix[i, j] / norms[j] }
    }
    return zip(DenseAlgebra.leastSquares(scaled, right, tolerance: 1e-6), norms).map { $0 / $1 }
  }
}
