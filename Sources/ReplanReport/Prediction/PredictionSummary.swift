import ReplanLearn

/// Errors, spread and calibration over all predictions of an episode.
struct PredictionSummary {
  let horizons: [Int]
  private(set) var rmse: [[Double?]] = []
  private(set) var spread: [[Double?]] = []
  private(set) var calibration: PredictionContent.Calibration

  init(_ parts: [PredictionPart], horizons: [Int], channels: Int) {
    self.horizons = horizons
    for channel in 0..<channels {
      let sums = horizons.map { Sums(parts, step: $0, channel: channel) }
      rmse.append(sums.map(\.rmse))
      spread.append(sums.map(\.spread))
    }
    let steps = Self.calibrated(horizons)
    let table = steps.map { step in (0..<channels).map { Sums(parts, step: step, channel: $0) } }
    calibration = PredictionContent.Calibration(
      levels: CentralInterval.table.map(\.share), steps: steps,
      samples: table.map { $0.map(\.count).max() ?? 0 }, inside: table.map { $0.map(\.inside) })
  }

  /// One step, some, and all.
  private static func calibrated(_ horizons: [Int]) -> [Int] {
    let last = horizons.last ?? 1
    let middle = horizons.first { $0 * 3 >= last } ?? last
    var steps = [1]
    for step in [middle, last] where step > steps.last! { steps.append(step) }
    return steps
  }

  /// What is summed up over the comparisons of one channel at one number of steps.
  private struct Sums {
    var count = 0
    var squares = 0.0
    var variances = 0.0
    var inside = [Int](repeating: 0, count: CentralInterval.table.count)

    init(_ parts: [PredictionPart], step: Int, channel: Int) {
      for part in parts {
        for start in part.starts.indices {
          guard let pair = part.errors.comparison(start: start, step: step, channel: channel)
          else { continue }
          count += 1
          squares += Double(pair.error) * Double(pair.error)
          variances += Double(pair.deviation) * Double(pair.deviation)
          for (level, entry) in CentralInterval.table.enumerated()
          where pair.error.magnitude <= entry.bound * pair.deviation {
            inside[level] += 1
          }
        }
      }
    }

    var rmse: Double? { root(squares) }
    var spread: Double? { root(variances) }

    private func root(_ sum: Double) -> Double? {
      count > 0 ? (sum / Double(count)).squareRoot().finite : nil
    }
  }
}
