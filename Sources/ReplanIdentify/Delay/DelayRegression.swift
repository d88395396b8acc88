import Glibc

/// One channel's stretches explained by the state, and by actions of so many ticks before.
struct DelayRegression {
  /// What is left, by the share of the errors that disturbances make.
  struct Errors {
    /// Sums of squares [candidate][stretch].
    var byCandidate: [[Double]]
    /// The sum without any effect of the actions.
    var none: Double
    /// Columns that the actions have.
    var extra: Int
    /// What the stretches add to minus the logarithm of the likelihood.
    var volume: Double

    var least: Double { byCandidate.map { $0.reduce(0, +) }.min() ?? .infinity }

    /// Logarithm of the likelihood of the best candidate, but for a constant.
    func likelihood(samples: Int) -> Double {
      -volume - 0.5 * Double(samples) * log(max(least / Double(samples), 1e-24))
    }
  }

  private let order: Int
  private let samples: Int
  /// Target, then columns. Shape [stretch][sample, column].
  private let drift: [Matrix]
  /// Shape [candidate][stretch][sample, column].
  private let effects: [[Matrix]]

  /// - Returns: nil for a channel that does not move.
  init?(_ windows: DelayWindows, channel: Int, order: Int, samples: Int) {
    let drift = windows.drifts(channel: channel, order: order)
    let moves = drift.contains { stretch in
      (1..<stretch.rows).contains { stretch[$0, 0] != stretch[0, 0] }
    }
    guard moves else { return nil }
    self.order = order
    self.samples = samples
    self.drift = drift
    effects = (0...DelayEstimate.longest).map { windows.effects(order: order, delay: $0) }
  }

  /// The likeliest errors: the disturbances' share is raised as long as that helps the best candidate.
  ///
  /// - Returns: nil if fewer samples than coefficients tell of the channel.
  func errors() -> Errors? {
    guard var best = errors(share: 0) else { return nil }
    for share in [0.1, 1, 10, 100, 1000] {
      guard let next = errors(share: share),
        next.likelihood(samples: samples) > best.likelihood(samples: samples)
      else { break }
      best = next
    }
    return best
  }

  /// - Parameter share: as `DelayNoise` has it.
  func errors(share: Double) -> Errors? {
    var noises: [Int: DelayNoise] = [:]
    for count in Set(drift.map(\.rows)) {
      noises[count] = DelayNoise(samples: count, order: order, share: share)
    }
    func whitened(_ stretches: [Matrix]) -> [Matrix] {
      stretches.map { noises[$0.rows]?.whitened($0) ?? $0 }
    }
    let drift = whitened(drift)
    guard let none = squares(drift, nil) else { return nil }
    var byCandidate: [[Double]] = []
    for candidate in effects {
      guard let found = squares(drift, whitened(candidate)) else { return nil }
      byCandidate.append(found)
    }
    return Errors(
      byCandidate: byCandidate, none: none.reduce(0, +), extra: effects[0][0].columns,
      volume: drift.reduce(0) { $0 + (noises[$1.rows]?.volume ?? 0) })
  }

  /// What least squares leave of each stretch; nil with too few samples.
  private func squares(_ drift: [Matrix], _ effect: [Matrix]?) -> [Double]? {
    let first = drift[0].columns - 1
    let columns = first + (effect?[0].columns ?? 0)
    let rows = drift.reduce(0) { $0 + $1.rows }
    guard rows > 2 * columns else { return nil }
    var matrix = Matrix(rows: rows, columns: columns)
    var target: [Double] = []
    for (index, stretch) in drift.enumerated() {
      for k in 0..<stretch.rows {
        for column in 0..<columns {
          matrix[target.count, column] =
            column < first ? stretch[k, column + 1] : effect?[index][k, column - first] ?? 0
        }
        target.append(stretch[k, 0])
      }
    }
    for column in 0..<columns {
      let power = (0..<rows).reduce(0.0) { $0 + matrix[$1, column] * matrix[$1, column] }
      guard power > 0 else { continue }
      let scale = 1 / power.squareRoot()
      for row in 0..<rows { matrix[row, column] *= scale }
    }
    let solution = DenseAlgebra.leastSquares(matrix, target, tolerance: 1e-7)
    var row = 0
    return drift.map { stretch in
      (0..<stretch.rows).reduce(0.0) { sum, _ in
        defer { row += 1 }
        let fitted = (0..<columns).reduce(0.0) { $0 + matrix[row, $1] * solution[$1] }
        return sum + (target[row] - fitted) * (target[row] - fitted)
      }
    }
  }
}
