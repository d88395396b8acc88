import Glibc

/// Drawn signals: steps, Ornstein-Uhlenbeck noise, held uniform numbers; each channel by itself.
///
/// Some are drawn, and the one that would carry an integrating plant away least is taken.
struct RandomSignal {
  private let settings: ExcitationSettings
  private static let draws = 32

  init(_ settings: ExcitationSettings) { self.settings = settings }

  /// Shape [channel][tick], within -1...1.
  func signals() -> [[Double]] {
    settings.channels.indices.map { channel in
      let drawn = (0..<Self.draws).map { draw in
        var numbers = ExcitationNumbers(
          seed: settings.seed, part: 1 + channel * Self.draws + draw)
        let signal = signal(&numbers)
        return (Drift.excursion([signal], from: 0, ticks: settings.ticks), signal)
      }
      return drawn.min { $0.0 < $1.0 }?.1 ?? []
    }
  }

  private func signal(_ numbers: inout ExcitationNumbers) -> [Double] {
    switch settings.kind {
    case .ou: return noise(&numbers)
    case .steps: return steps(&numbers)
    default:
      return held(&numbers) { _ in
        settings.heldTicks
      } level: {
        2 * $0.uniform() - 1
      }
    }
  }

  /// Levels spread evenly over the range, in random order, held between half a period of the highest
  /// and of the lowest frequency.
  private func steps(_ numbers: inout ExcitationNumbers) -> [Double] {
    let shortest = settings.rate / (2 * settings.band.upperBound)
    let longest = settings.rate / (2 * settings.band.lowerBound)
    var levels: [Double] = []
    return held(&numbers) { numbers in
      max(1, Int((shortest + (longest - shortest) * numbers.uniform()).rounded()))
    } level: { numbers in
      if levels.isEmpty {
        levels = (0..<8).map { -1 + 2 * (Double($0) + numbers.uniform()) / 8 }
        numbers.shuffle(&levels)
      }
      return levels.removeLast()
    }
  }

  private func held(
    _ numbers: inout ExcitationNumbers, ticks: (inout ExcitationNumbers) -> Int,
    level: (inout ExcitationNumbers) -> Double
  ) -> [Double] {
    var signal: [Double] = []
    while signal.count < settings.ticks {
      let value = level(&numbers)
      signal += [Double](repeating: value, count: ticks(&numbers))
    }
    return Array(signal.prefix(settings.ticks))
  }

  /// Starts in its stationary distribution of half the amplitude, and is clipped.
  ///
  /// - Source: Uhlenbeck and Ornstein 1930; the exact discretisation over a tick.
  private func noise(_ numbers: inout ExcitationNumbers) -> [Double] {
    let decay = exp(-2 * .pi * settings.band.upperBound / settings.rate)
    var level = 0.5 * numbers.normal()
    return (0..<settings.ticks).map { tick in
      if tick > 0 {
        level = decay * level + 0.5 * (1 - decay * decay).squareRoot() * numbers.normal()
      }
      return min(max(level, -1), 1)
    }
  }
}
