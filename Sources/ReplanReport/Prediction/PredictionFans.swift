import ReplanLearn
import ReplanRecord

/// Single predictions, step by step, as the bytes that the page's scripts take.
enum PredictionFans {
  /// - Returns: low, middle, high and what came, as 32-bit floats of shape [fan, step 0 and horizons,
  ///   channel, 4].
  static func bytes(
    _ parts: [PredictionPart], _ chosen: [(part: Int, start: Int)], horizons: [Int]
  ) -> [UInt8] {
    var values: [Float] = []
    for (part, start) in chosen {
      let part = parts[part]
      let place = part.starts[start]
      for value in part.trajectories[place.trajectory].state(place.sample) {
        values += [value, value, value, value]
      }
      let forecasts = part.errors.forecasts
      for step in horizons {
        for channel in 0..<part.trajectories[place.trajectory].stateCount {
          let index = forecasts.index(start: start, step: step, channel: channel)
          let middle = forecasts.rollout[index]
          let half = CentralInterval.bound90 * forecasts.deviation[index]
          // Beside its prediction, so that an angle does not jump by a turn.
          let error = part.errors.comparison(start: start, step: step, channel: channel)?.error
          values += [middle - half, middle, middle + half, error.map { middle + $0 } ?? .nan]
        }
      }
    }
    // SAFETY: the bytes of an array of floats, which have no padding.
    return values.withUnsafeBytes { Array($0) }
  }
}
