import Glibc
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
  ///
  /// - Parameter raisesLevel: whether the level is raised for few trajectories. Not where the models
  ///   lack a part of the data that the one to be calibrated has, since their errors are larger as it is.
  init?(
    _ errors: [ForecastErrors], stateCount: Int, level: Float = 0.9, raisesLevel: Bool = true
  ) {
    var steps: [Int] = []
    var noise: [[Float]] = []
    var disagreement: [[Float]] = []
    for step in Self.usualSteps where errors.allSatisfy({ step <= $0.forecasts.steps }) {
      let row = (0..<stateCount).compactMap { channel in
        SpreadSamples(errors, step: step, channel: channel)?.factors(
          level: level, raisesLevel: raisesLevel)
      }
      guard row.count == stateCount else { break }
      steps.append(step)
      noise.append(row.map(\.noise))
      disagreement.append(row.map(\.disagreement))
    }
    guard !steps.isEmpty else { return nil }
    self.init(level: level, steps: steps, factors: noise, disagreement: disagreement)
  }
}

/// The errors of one channel, one number of steps ahead, beside the spread that was predicted.
private struct SpreadSamples {
  private struct Sample {
    /// Magnitude of the error.
    var error: Float
    var spread: Spread
    var trajectory: Int
  }

  private let samples: [Sample]
  private let step: Int

  /// Nil if there are too few, or one without a spread.
  init?(_ errors: [ForecastErrors], step: Int, channel: Int) {
    var samples: [Sample] = []
    for (part, errors) in errors.enumerated() {
      for (index, start) in errors.forecasts.starts.enumerated() {
        guard let pair = errors.comparison(start: index, step: step, channel: channel) else {
          continue
        }
        guard pair.deviation > 0, (pair.error / pair.deviation).isFinite else { return nil }
        samples.append(
          Sample(
            error: pair.error.magnitude,
            spread: Spread(deviation: pair.deviation, epistemic: pair.epistemic),
            trajectory: start.trajectory << 8 | part))
      }
    }
    guard samples.count >= SpreadCalibration.fewest else { return nil }
    self.samples = samples
    self.step = step
  }

  /// The factors of both parts: first how they stand to one another, then their common size.
  func factors(level: Float, raisesLevel: Bool) -> (noise: Float, disagreement: Float)? {
    let share = share
    let scale = scale(share: share, level: level, raisesLevel: raisesLevel)
    return scale.isFinite ? (scale, scale * share) : nil
  }

  /// By how much more the disagreement counts than the noise: what makes the errors, in units of the
  /// spread, most alike everywhere.
  ///
  /// Of the shares from 1/16 to 16 the one of the greatest likelihood of errors of a common scale, with
  /// a Laplace distribution, so that no outlier decides. Forecasts that overlap tell the same: as many
  /// samples count as fit beside one another, against the prior that a factor of 4 is one deviation.
  private var share: Float {
    guard samples.contains(where: { $0.spread.epistemic > 0 }) else { return 1 }
    let independent = max(1, Float(samples.count) / Float(step))
    var best = (share: Float(1), cost: Float.infinity)
    for octaves in stride(from: Float(-4), through: 4, by: 0.5) {
      let share = exp2(octaves)
      var (sum, logarithms): (Float, Float) = (0, 0)
      for sample in samples {
        let deviation = max(sample.spread.times((1, share)).deviation, 1e-20)
        sum += sample.error / deviation
        logarithms += log(deviation)
      }
      let count = Float(samples.count)
      let prior = octaves * octaves / 8
      let cost = log(max(sum / count, 1e-20)) + logarithms / count + prior / independent
      if cost < best.cost { best = (share, cost) }
    }
    return best.share
  }

  /// The common factor with which `level` of the errors lie inside.
  ///
  /// Of n independent errors the quantile at (n + 1) / n of the level holds it for the next one. Errors
  /// of one trajectory resemble each other, so that n is taken to be as many as would leave the level's
  /// standard error over trajectories: few of them give wider intervals than many.
  private func scale(share: Float, level: Float, raisesLevel: Bool) -> Float {
    let ratios = samples.map { $0.error / $0.spread.times((1, share)).deviation }
    let sorted = ratios.sorted()
    func quantile(_ level: Float) -> Float {
      let rank = Int((Float(sorted.count + 1) * level).rounded(.up))
      return sorted[min(rank, sorted.count) - 1]
    }
    let plain = quantile(level)
    var excess: [Int: Float] = [:]
    for (ratio, sample) in zip(ratios, samples) {
      excess[sample.trajectory, default: 0] += (ratio <= plain ? 1 : 0) - level
    }
    let deviation = excess.values.reduce(0) { $0 + $1 * $1 }.squareRoot() / Float(ratios.count)
    // Of a single trajectory nothing is known of others.
    let correction = deviation * deviation / (1 - level)
    let raised =
      raisesLevel && excess.count > 1 ? min(level + correction, Self.highestLevel) : level
    // A channel that is predicted exactly would have no interval left.
    return max(quantile(raised) / CentralInterval.bound90, 1e-3)
  }

  /// Beyond this a quantile rests on too few errors.
  private static let highestLevel: Float = 0.97
}
