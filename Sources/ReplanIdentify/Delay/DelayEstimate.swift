import Glibc
public import ReplanCore
public import ReplanRecord

/// The latency inside a plant, estimated from records of how its state followed the actions.
///
/// Each candidate is given the same number of coefficients, so that the likelihood alone decides:
/// stretches of half a second are explained by integrals of the state and of the actions so many
/// ticks before (`DelayWindows`), errors being the sensors' noise and what pushes the plant besides
/// (`DelayNoise`). A candidate's confidence is the smaller of two: its probability where the errors are
/// normal, and the share of resampled records (stretches drawn with replacement) that decide for it,
/// which a few odd stretches cannot sway.
public struct DelayEstimate: Sendable, Equatable {
  /// The best candidate.
  public var ticks: Int
  /// 0 to 1.
  public var confidence: Double
  /// By candidate from 0 on, how much less likely the records are than under the best; natural
  /// logarithm.
  public var shortfalls: [Double]
  /// By how much the records are likelier than without any effect of the actions.
  public var effect: Double
  /// Samples that it was estimated from.
  public var samples: Int

  /// Whether it can be relied upon.
  public var isClear: Bool { confidence >= 0.95 && ticks < shortfalls.count - 1 }

  /// The largest latency that is looked for.
  public static let longest = 10
  private static let draws = 400

  /// - Parameters:
  ///   - trajectories: with the actions as they were sent: no latency taken into account.
  ///   - structure: which channels are angles, and which velocities integrate into which positions.
  /// - Returns: nil where the records are too short, or no action or no channel moves.
  public init?(_ trajectories: [Trajectory], _ structure: PlantStructure) {
    let windows = DelayWindows(trajectories, structure, longest: Self.longest)
    let weights = windows.lengths
    samples = weights.reduce(0, +)
    var errors: [[[Double]]] = []
    var effect = 0.0
    for channel in 0..<structure.stateCount {
      guard let found = Self.errors(windows, channel, samples: samples) else { continue }
      errors.append(found.byCandidate)
      let gain = 0.5 * Double(samples) * log(max(found.none, 1e-300) / max(found.least, 1e-300))
      effect += max(0, gain - Double(found.extra))
    }
    guard !errors.isEmpty else { return nil }
    self.effect = effect
    let whole = Self.likelihoods(errors, weights, [Int](repeating: 1, count: weights.count))
    let best = whole.indices.max { whole[$0] < whole[$1] } ?? 0
    ticks = best
    shortfalls = whole.map { whole[best] - $0 }
    let probability = 1 / shortfalls.reduce(0) { $0 + exp(-$1) }
    confidence = min(probability, Self.agreement(with: best, errors, weights))
    // Actions that do nothing tell no delay.
    if effect < 10 { confidence = min(confidence, 1 / Double(shortfalls.count)) }
  }

  /// The share of resampled records that decide alike.
  private static func agreement(
    with best: Int, _ errors: [[[Double]]], _ weights: [Int]
  ) -> Double {
    guard weights.count > 1 else { return 1 }
    var numbers = ExcitationNumbers(seed: 1, part: 7)
    var agreeing = 0
    for _ in 0..<draws {
      var times = [Int](repeating: 0, count: weights.count)
      for _ in weights { times[numbers.below(weights.count)] += 1 }
      let likelihoods = likelihoods(errors, weights, times)
      if likelihoods.indices.max(by: { likelihoods[$0] < likelihoods[$1] }) == best {
        agreeing += 1
      }
    }
    return Double(agreeing) / Double(draws)
  }

  /// Logarithm of the likelihood of each candidate, but for a constant.
  ///
  /// - Shapes: errors [channel][candidate][stretch], sums of squares; times, how often a stretch counts.
  private static func likelihoods(
    _ errors: [[[Double]]], _ weights: [Int], _ times: [Int]
  ) -> [Double] {
    let count = zip(weights, times).reduce(0) { $0 + $1.0 * $1.1 }
    return errors[0].indices.map { candidate in
      errors.reduce(0.0) { sum, channel in
        let squares = zip(channel[candidate], times).reduce(0.0) { $0 + $1.0 * Double($1.1) }
        // Without noise the right candidate leaves nothing.
        return sum - 0.5 * Double(count) * log(max(squares / Double(max(count, 1)), 1e-24))
      }
    }
  }

  /// What each candidate leaves of a channel; of two numbers of integrals the one that leaves less.
  ///
  /// - Returns: nil for a channel that does not move, or that fewer samples than coefficients tell of.
  private static func errors(
    _ windows: DelayWindows, _ channel: Int, samples: Int
  ) -> DelayRegression.Errors? {
    let orders = windows.order(of: channel).map { [$0] } ?? [1, 2]
    let regressions = orders.compactMap {
      DelayRegression(windows, channel: channel, order: $0, samples: samples)
    }
    guard regressions.count > 1 else { return regressions.first?.errors() }
    let least = regressions.map { $0.errors(share: 0)?.least ?? .infinity }
    return regressions[least[0] <= least[1] ? 0 : 1].errors()
  }
}
