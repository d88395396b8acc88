public import ReplanRecord

/// Whether one-step residuals still hold something that a model could have known.
///
/// Residuals of a model that misses nothing are white and independent of past inputs. The bounds
/// hold 99 % of the correlations of such a model; with many samples even small misses leave them,
/// so that how far they do says more than whether.
///
/// - Source: Ljung 1999, System Identification, 2nd edition, section 16.6: whiteness (16.63) and
///   independence (16.66 to 16.69).
public struct ResidualTests: Sendable, Equatable {
  /// Correlations of one channel's residuals.
  public struct Correlation: Sendable, Equatable {
    /// State channel of the residual.
    public var channel: Int
    /// Action channel that they are correlated with; nil for the residual itself.
    public var action: Int?
    /// From the first lag on, normalised to −1...1: lag 1 for the residual itself, lag 0 for an
    /// action, which is in force during the step that left the residual.
    public var values: [Double]
    public var firstLag: Int
    /// 99 % of the values of a model that misses nothing are within ± this.
    public var bound: Double

    /// Values beyond the bound.
    public var outside: Int { values.count { $0.magnitude > bound } }
    public var largest: Double { values.map(\.magnitude).max() ?? 0 }
  }

  public var autocorrelations: [Correlation]
  public var crossCorrelations: [Correlation]

  /// The 99.5 % quantile of the normal distribution.
  static let quantile = 2.575_83

  /// - Parameters:
  ///   - residuals: of each trajectory, one for each transition, nil where it was not judged. Shape
  ///     [trajectory][transition × channel].
  ///   - channels: the state channels to be tested.
  ///   - lags: so many of each.
  init(
    residuals: [[Float?]], trajectories: [Trajectory], stateCount: Int, channels: [Int], lags: Int
  ) {
    autocorrelations = []
    crossCorrelations = []
    let actionCount = trajectories.first?.actionCount ?? 0
    for channel in channels {
      let errors = residuals.map { run in
        stride(from: channel, to: run.count, by: stateCount).map { run[$0].map { Double($0) } }
      }.centred()
      let own = errors.correlation(with: errors, lags: 0...lags)
      autocorrelations.append(
        Correlation(
          channel: channel, action: nil, values: Array(own.values.dropFirst()), firstLag: 1,
          bound: Self.quantile / Double(max(own.count, 1)).squareRoot()))
      for action in 0..<actionCount {
        let inputs = trajectories.map { trajectory in
          stride(from: action, to: trajectory.actions.count, by: actionCount).map {
            Double?(Double(trajectory.actions[$0]))
          }
        }.centred()
        let cross = errors.correlation(with: inputs, lags: 0...lags)
        let input = inputs.correlation(with: inputs, lags: 0...lags)
        // Both are even in the lag: lag 0 once, all others twice.
        let inflation = zip(own.values, input.values).dropFirst().reduce(1.0) {
          $0 + 2 * $1.0 * $1.1
        }
        crossCorrelations.append(
          Correlation(
            channel: channel, action: action, values: cross.values, firstLag: 0,
            bound: Self.quantile
              * (max(inflation, 1e-12) / Double(max(cross.count, 1))).squareRoot()))
      }
    }
  }
}

/// Runs of a signal, each a sample a tick; nil where it is unknown.
extension [[Double?]] {
  /// The signal less its mean.
  fileprivate func centred() -> [[Double?]] {
    var (sum, count) = (0.0, 0)
    for run in self {
      for case let value? in run {
        sum += value
        count += 1
      }
    }
    let mean = sum / Double(Swift.max(count, 1))
    return map { $0.map { $0.map { $0 - mean } } }
  }

  /// Normalised correlation of this signal with `other` as it was `lag` samples before; no pair
  /// crosses from one run to the next.
  ///
  /// - Returns: one value a lag, and the pairs at lag 0.
  fileprivate func correlation(
    with other: [[Double?]], lags: ClosedRange<Int>
  ) -> (values: [Double], count: Int) {
    var sums = [Double](repeating: 0, count: lags.count)
    var (own, others, count) = (0.0, 0.0, 0)
    for (a, b) in zip(self, other) {
      for k in a.indices {
        guard let value = a[k] else { continue }
        if let now = b[k] {
          own += value * value
          others += now * now
          count += 1
        }
        for lag in lags where k >= lag {
          if let past = b[k - lag] { sums[lag - lags.lowerBound] += value * past }
        }
      }
    }
    let scale = (own * others).squareRoot()
    return (sums.map { scale > 0 ? $0 / scale : 0 }, count)
  }
}
