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
    var steps: [Int] = []
    var factors: [[Float]] = []
    for step in Self.usualSteps where step <= errors.forecasts.steps {
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

  private static func factor(
    _ errors: ForecastErrors, step: Int, channel: Int, level: Float
  ) -> Float? {
    var ratios: [Float] = []
    for start in errors.forecasts.starts.indices {
      guard let pair = errors.comparison(start: start, step: step, channel: channel) else {
        continue
      }
      guard pair.deviation > 0, (pair.error / pair.deviation).isFinite else { return nil }
      ratios.append(pair.error.magnitude / pair.deviation)
    }
    guard ratios.count >= fewest else { return nil }
    ratios.sort()
    let rank = Int((Float(ratios.count + 1) * level).rounded(.up))
    let ratio = ratios[min(rank, ratios.count) - 1]
    // A channel that is predicted exactly would have no interval left.
    return max(ratio / CentralInterval.bound90, 1e-3)
  }
}
