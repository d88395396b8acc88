import Glibc

/// A sine whose frequency goes through the band at a steady pace, once.
///
/// Further channels are that many parts of the length ahead, so that at any time each has a frequency
/// of its own.
struct Chirp {
  private let settings: ExcitationSettings

  init(_ settings: ExcitationSettings) { self.settings = settings }

  /// Shape [channel][tick].
  func signals() -> [[Double]] {
    var numbers = ExcitationNumbers(seed: settings.seed)
    let isFalling = numbers.below(2) == 1
    let candidates = (0..<32).map { phase in
      let signals = sweep(phase: 2 * .pi * Double(phase) / 32, isFalling: isFalling)
      return (Drift.excursion(signals, from: 0, ticks: settings.ticks), signals)
    }.sorted { $0.0 < $1.0 }
    return candidates[numbers.below(4)].1
  }

  private func sweep(phase: Double, isFalling: Bool) -> [[Double]] {
    let ticks = settings.ticks
    let seconds = Double(ticks) / settings.rate
    let slope = (settings.band.upperBound - settings.band.lowerBound) / seconds
    let period = (0..<ticks).map { tick in
      let time = Double(isFalling ? ticks - 1 - tick : tick) / settings.rate
      return cos(
        phase + 2 * .pi * (settings.band.lowerBound * time + slope / 2 * time * time))
    }
    return settings.channels.indices.map { channel in
      let shift = channel * ticks / settings.channels.count
      return (0..<ticks).map { period[($0 + shift) % ticks] }
    }
  }
}
