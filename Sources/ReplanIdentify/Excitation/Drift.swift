/// How far a plant that integrates twice would be carried away: signals are begun where that is least,
/// so that carts stay on their track.
enum Drift {
  /// The largest distance from the start of a double integrator, summed over the channels.
  ///
  /// - Shapes: signals [channel][sample], read from `start` on and around.
  static func excursion(_ signals: [[Double]], from start: Int, ticks: Int) -> Double {
    signals.reduce(0) { sum, signal in
      var (velocity, position, largest) = (0.0, 0.0, 0.0)
      var place = start
      for _ in 0..<ticks {
        velocity += signal[place]
        position += velocity
        largest = max(largest, abs(position))
        place = place + 1 == signal.count ? 0 : place + 1
      }
      return sum + largest
    }
  }

  /// Reads periodic signals from a start at which the drift is small; of those the seed chooses.
  static func begun(_ signals: [[Double]], ticks: Int, _ numbers: inout ExcitationNumbers)
    -> [[Double]]
  {
    let period = signals[0].count
    let count = min(period, 256)
    let starts = (0..<count).map { $0 * period / count }
    let ranked = starts.map { (excursion(signals, from: $0, ticks: ticks), $0) }
      .sorted { $0 < $1 }
    let start = ranked[numbers.below(max(1, count / 20))].1
    return signals.map { signal in (0..<ticks).map { signal[(start + $0) % period] } }
  }
}
