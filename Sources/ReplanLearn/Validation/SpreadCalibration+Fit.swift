public import ReplanRecord

extension SpreadCalibration {
  /// Steps at which factors are taken, as far as the forecasts reach.
  static let usualSteps = [1, 2, 3, 5, 7, 10, 15, 25, 40, 60, 100, 200, 400, 800]
  /// With fewer comparisons a factor would be chance.
  static let fewest = 20

  /// The factors with which intervals hold `level` of the errors of held-out episodes.
  ///
  /// - Parameters:
  ///   - errors: of forecasts that were not calibrated.
  ///   - stateCount: channels of a state.
  /// - Returns: nil if the model states no spread, or too little is held out.
  public init?(_ errors: ForecastErrors, stateCount: Int, level: Float = 0.9) {
    self.init([errors], stateCount: stateCount, level: level)
  }

  /// The same of several models' errors together, each on what it has not seen.
  init?(_ errors: [ForecastErrors], stateCount: Int, level: Float = 0.9) {
    var steps: [Int] = []
    var factors: [[Float]] = []
    for step in Self.usualSteps where errors.allSatisfy({ step <= $0.forecasts.steps }) {
      let row = (0..<stateCount).map { channel in
        Self.factor(errors, step: step, channel: channel, level: level)
      }
      guard row.allSatisfy({ $0 != nil }) else { break }
      steps.append(step)
      factors.append(row.map { $0! })
    }
    guard !steps.isEmpty else { return nil }
    self.init(level: level, steps: steps, factors: factors)
  }

  /// The factor at one step.
  ///
  /// Of n independent errors the quantile at (n + 1) / n of the level holds it for the next one. Errors
  /// of one trajectory resemble each other, so that n is taken to be as many as would leave the level's
  /// standard error over trajectories: few of them give wider intervals than many.
  private static func factor(
    _ errors: [ForecastErrors], step: Int, channel: Int, level: Float
  ) -> Float? {
    var ratios: [(value: Float, trajectory: Int)] = []
    for (part, errors) in errors.enumerated() {
      for (index, start) in errors.forecasts.starts.enumerated() {
        guard let pair = errors.comparison(start: index, step: step, channel: channel) else {
          continue
        }
        guard pair.deviation > 0, (pair.error / pair.deviation).isFinite else { return nil }
        ratios.append((pair.error.magnitude / pair.deviation, start.trajectory << 8 | part))
      }
    }
    guard ratios.count >= fewest else { return nil }
    let sorted = ratios.map(\.value).sorted()
    func quantile(_ level: Float) -> Float {
      let rank = Int((Float(sorted.count + 1) * level).rounded(.up))
      return sorted[min(rank, sorted.count) - 1]
    }
    let plain = quantile(level)
    var excess: [Int: Float] = [:]
    for (value, trajectory) in ratios {
      excess[trajectory, default: 0] += (value <= plain ? 1 : 0) - level
    }
    let deviation = excess.values.reduce(0) { $0 + $1 * $1 }.squareRoot() / Float(ratios.count)
    // Of a single trajectory nothing is known of others.
    let correction = deviation * deviation / (1 - level)
    let raised = excess.count > 1 ? min(level + correction, highestLevel) : level
    // A channel that is predicted exactly would have no interval left.
    return max(quantile(raised) / CentralInterval.bound90, 1e-3)
  }

  /// Beyond this a quantile rests on too few errors.
  private static let highestLevel: Float = 0.97
}
