import ReplanNumerics
public import ReplanRecord

/// Forecasts beside what was measured.
///
/// The prediction is the rollout of the members' mean: what a controller looks ahead with, free of
/// sampled noise. The particles around it say how far off it may be. The error of an angle is wrapped.
/// A step at which nothing was measured, or beyond the end of a trajectory, is not counted.
public struct ForecastErrors: Sendable {
  /// One prediction of one channel.
  public struct Comparison: Sendable, Equatable {
    public var measured: Float
    /// Measured minus predicted; wrapped for an angle.
    public var error: Float
    /// Predicted standard deviation.
    public var deviation: Float
    /// The part of it that comes of the members' disagreement.
    public var epistemic: Float
  }

  public let forecasts: Forecasts
  let trajectories: [Trajectory]
  let isAngle: [Bool]

  public init(_ forecasts: Forecasts, of trajectories: [Trajectory], isAngle: [Bool]) {
    self.forecasts = forecasts
    self.trajectories = trajectories
    self.isAngle = isAngle
  }

  /// - Parameter step: counts from 1.
  /// - Returns: nil where there is nothing to compare with.
  public func comparison(start index: Int, step: Int, channel: Int) -> Comparison? {
    let start = forecasts.starts[index]
    guard step <= start.steps else { return nil }
    let trajectory = trajectories[start.trajectory]
    let measured = trajectory.states[
      (start.sample + step) * trajectory.stateCount + channel]
    guard measured.isFinite else { return nil }
    let place = forecasts.index(start: index, step: step, channel: channel)
    let distance = measured - forecasts.rollout[place]
    return Comparison(
      measured: measured, error: isAngle[channel] ? wrappedAngle(distance) : distance,
      deviation: forecasts.deviation[place], epistemic: forecasts.epistemic[place])
  }

  /// The figures of one channel over all starts.
  ///
  /// - Parameter steps: those counted; each from 1.
  func figures(
    channel: Int, horizon: ChannelFigures.Horizon, steps: ClosedRange<Int>
  ) -> ChannelFigures {
    var sums = ErrorSums(isAngle: isAngle[channel])
    for start in forecasts.starts.indices {
      for step in steps {
        guard let pair = comparison(start: start, step: step, channel: channel) else { continue }
        sums.add(pair)
      }
    }
    return sums.figures(channel: channel, horizon: horizon)
  }

  /// Share of the measured values inside central intervals of the nominal shares of
  /// `CentralInterval`, all steps of `steps` together.
  public func calibration(
    channel: Int, steps: ClosedRange<Int>
  ) -> [(nominal: Double, observed: Double)] {
    var inside = [Int](repeating: 0, count: CentralInterval.table.count)
    var count = 0
    for start in forecasts.starts.indices {
      for step in steps {
        guard let pair = comparison(start: start, step: step, channel: channel) else { continue }
        count += 1
        for (i, entry) in CentralInterval.table.enumerated()
        where pair.error.magnitude <= entry.bound * pair.deviation {
          inside[i] += 1
        }
      }
    }
    return zip(CentralInterval.table, inside).map {
      ($0.share, Double($1) / Double(max(count, 1)))
    }
  }
}

/// What is summed up over the comparisons of a channel.
private struct ErrorSums {
  let isAngle: Bool
  var count = 0
  var squares = 0.0
  var variances = 0.0
  var epistemicVariances = 0.0
  var inside = 0
  var measured: [Float] = []

  init(isAngle: Bool) { self.isAngle = isAngle }

  mutating func add(_ pair: ForecastErrors.Comparison) {
    count += 1
    squares += Double(pair.error) * Double(pair.error)
    variances += Double(pair.deviation) * Double(pair.deviation)
    epistemicVariances += Double(pair.epistemic) * Double(pair.epistemic)
    if pair.error.magnitude <= CentralInterval.bound90 * pair.deviation { inside += 1 }
    measured.append(pair.measured)
  }

  func figures(channel: Int, horizon: ChannelFigures.Horizon) -> ChannelFigures {
    let n = Double(max(count, 1))
    // A rollout that left the numbers has no finite error, and that is to be seen.
    let rmse = squares.isFinite ? (squares / n).squareRoot() : .infinity
    let hasSpread = variances > n * 1e-24
    return ChannelFigures(
      channel: channel, horizon: horizon, count: count, rmse: rmse,
      nrmseFit: 1 - rmse / scatter, coverage90: hasSpread ? Double(inside) / n : nil,
      spread: (variances / n).squareRoot(),
      epistemic: (epistemicVariances / n).squareRoot(),
      aleatoric: (max(0, variances - epistemicVariances) / n).squareRoot())
  }

  /// Root mean squared distance of the measured values from their mean, on the circle for an angle.
  private var scatter: Double {
    let n = Double(max(count, 1))
    guard isAngle else {
      let mean = measured.reduce(0.0) { $0 + Double($1) } / n
      let sum = measured.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (sum / n).squareRoot()
    }
    let mean = CircularMean.of(measured)
    let sum = measured.reduce(0.0) {
      let distance = Double(wrappedAngle($1 - mean))
      return $0 + distance * distance
    }
    return (sum / n).squareRoot()
  }
}
