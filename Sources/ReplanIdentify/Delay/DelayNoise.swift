import Glibc

/// How the errors of a stretch hang together: noise of the sensors, independent from sample to sample,
/// and a disturbance of each tick, which all samples after it keep.
///
/// The regression does not know the plant: what its columns lack pushes it a little at each tick. Were
/// that taken for noise of the sensors, the shift that imitates it best would win, and be held for sure.
///
/// - Source: Aitken 1935, generalized least squares; Patterson, Thompson 1971, doi 10.1093/biomet/58.3.545,
///   for the likelihood where starts are unknown.
struct DelayNoise {
  /// Of the covariance, lower triangle.
  private let factor: Matrix
  /// What the unknown start of a stretch can explain, orthonormal. Shape [sample, order].
  private let trend: Matrix
  /// What the stretch adds to minus the logarithm of the likelihood whatever its errors are.
  let volume: Double

  /// - Parameters:
  ///   - order: how often a disturbance is integrated; as many numbers of the start are unknown.
  ///   - share: variance of what disturbances add up to over the stretch, by that of the sensors' noise.
  init(samples count: Int, order: Int, share: Double) {
    var covariance = Matrix(rows: count, columns: count)
    for i in 0..<count { covariance[i, i] = 1 }
    var impulse = [Double](repeating: 0, count: count)
    let power = (1..<count).reduce(0.0) { $0 + pow(Self.response($1, order), 2) }
    for tick in 0..<(count - 1) where share > 0 {
      for k in 0..<count { impulse[k] = k > tick ? Self.response(k - tick, order) : 0 }
      for i in tick..<count {
        for j in tick..<count { covariance[i, j] += share / power * impulse[i] * impulse[j] }
      }
    }
    guard let factor = DenseAlgebra.cholesky(covariance) else {
      preconditionFailure("the identity plus squares is positive")
    }
    var trend = Matrix(rows: count, columns: order)
    for k in 0..<count {
      for power in 0..<order { trend[k, power] = power == 0 ? 1 : Double(k) / Double(count) }
    }
    trend = DenseAlgebra.solved(lower: factor, trend)
    var volume = (0..<count).reduce(0.0) { $0 + log(factor[$1, $1]) }
    for column in 0..<order {
      for before in 0..<column { trend.take(trend, before, outOf: column) }
      let norm = trend.product(column, trend, column).squareRoot()
      for k in 0..<count { trend[k, column] /= norm }
      volume += log(norm)
    }
    self.factor = factor
    self.trend = trend
    self.volume = volume
  }

  /// What an impulse of one tick adds to a sample so many ticks later.
  private static func response(_ later: Int, _ order: Int) -> Double {
    order == 2 ? Double(later) - 0.5 : 1
  }

  /// Columns whose errors are independent and alike, less what the start explains.
  ///
  /// - Shapes: [sample, column].
  func whitened(_ columns: Matrix) -> Matrix {
    var result = DenseAlgebra.solved(lower: factor, columns)
    for column in 0..<result.columns {
      for direction in 0..<trend.columns { result.take(trend, direction, outOf: column) }
    }
    return result
  }
}

extension Matrix {
  fileprivate func product(_ column: Int, _ other: Matrix, _ otherColumn: Int) -> Double {
    (0..<rows).reduce(0) { $0 + self[$1, column] * other[$1, otherColumn] }
  }

  /// Removes a unit vector's direction from a column.
  fileprivate mutating func take(_ other: Matrix, _ direction: Int, outOf column: Int) {
    let share = product(column, other, direction)
    for row in 0..<rows { self[row, column] -= share * other[row, direction] }
  }
}
