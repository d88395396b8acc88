import Glibc

/// Sines of one size at whole multiples of one frequency, such that the length is their period.
///
/// Channels take the multiples in turn, so that they do not correlate at any lag. Phases begin with
/// Schroeder's and are improved by clipping: peaks are cut off, the phases of what remains are kept,
/// the sizes restored, and so on.
///
/// - Source: Schroeder 1970, doi:10.1109/TIT.1970.1054411; van der Ouderaa, Schoukens and Renneboog
///   1988, Peak factor minimization using a time-frequency domain swapping algorithm,
///   doi:10.1109/19.2684.
struct Multisine {
  private let settings: ExcitationSettings
  /// Multiples of 1 / length, by channel.
  let multiples: [[Int]]
  /// Cosine and sine over one period.
  private let cosines: [Double]
  private let sines: [Double]

  /// - Throws: `tooFewSines`.
  init(_ settings: ExcitationSettings) throws(ExcitationError) {
    self.settings = settings
    let ticks = settings.ticks
    let step = settings.rate / Double(ticks)
    let first = max(1, Int((settings.band.lowerBound / step - 1e-6).rounded(.up)))
    // Half the rate itself would be a sine that is sampled where it may be 0.
    let last = min((ticks - 1) / 2, Int(settings.band.upperBound / step + 1e-6))
    let all = first <= last ? Array(first...last) : []
    let count = settings.channels.count
    guard all.count >= count else { throw .tooFewSines(channels: count, sines: all.count) }
    multiples = (0..<count).map { channel in
      all.indices.filter { $0 % count == channel }.map { all[$0] }
    }
    cosines = (0..<ticks).map { cos(2 * .pi * Double($0) / Double(ticks)) }
    sines = (0..<ticks).map { sin(2 * .pi * Double($0) / Double(ticks)) }
  }

  /// Shape [channel][tick], each with a peak of 1.
  func signals() -> [[Double]] {
    let periods = multiples.indices.map { channel in
      let best = lowest(multiples[channel], part: channel)
      let peak = best.map { abs($0) }.max() ?? 1
      return best.map { $0 / peak }
    }
    var numbers = ExcitationNumbers(seed: settings.seed)
    return Drift.begun(periods, ticks: settings.ticks, &numbers)
  }

  /// Rounds of improvement from each start: more than a thousand, fewer where that would take long.
  private func rounds(_ sines: Int) -> Int {
    let work = 2 * sines * settings.ticks * Self.starts
    return max(5, min(1500, 600_000_000 / max(work, 1)))
  }

  private static let starts = 4

  /// Of some starts the signal with the lowest peak.
  private func lowest(_ multiples: [Int], part: Int) -> [Double] {
    var best: (peak: Double, signal: [Double]) = (.infinity, [])
    for start in 0..<Self.starts {
      var phases = schroeder(multiples.count)
      if start > 0 {
        var numbers = ExcitationNumbers(seed: settings.seed, part: 1 + part * Self.starts + start)
        phases = phases.map { _ in 2 * .pi * numbers.uniform() }
      }
      for round in 0...rounds(multiples.count) {
        let signal = signal(multiples, phases)
        let peak = signal.map { abs($0) }.max() ?? 0
        if peak < best.peak { best = (peak, signal) }
        // Little is cut off at first, less and less later.
        let limit = peak * (1 - 0.25 / (1 + 0.01 * Double(round)))
        phases = self.phases(of: signal.map { min(max($0, -limit), limit) }, multiples)
      }
    }
    return best.signal
  }

  private func schroeder(_ count: Int) -> [Double] {
    (0..<count).map { -.pi * Double($0 * ($0 + 1)) / Double(count) }
  }

  /// The sum of cosines of size 1.
  private func signal(_ multiples: [Int], _ phases: [Double]) -> [Double] {
    let ticks = settings.ticks
    var signal = [Double](repeating: 0, count: ticks)
    for (multiple, phase) in zip(multiples, phases) {
      let (real, imaginary) = (cos(phase), sin(phase))
      var place = 0
      for t in 0..<ticks {
        // cos(x + phase) = cos x cos phase - sin x sin phase.
        signal[t] += cosines[place] * real - sines[place] * imaginary
        place += multiple
        if place >= ticks { place -= ticks }
      }
    }
    return signal
  }

  /// The phases of a signal's parts at the multiples.
  private func phases(of signal: [Double], _ multiples: [Int]) -> [Double] {
    let ticks = settings.ticks
    return multiples.map { multiple in
      var (real, imaginary) = (0.0, 0.0)
      var place = 0
      for t in 0..<ticks {
        real += signal[t] * cosines[place]
        imaginary -= signal[t] * sines[place]
        place += multiple
        if place >= ticks { place -= ticks }
      }
      return atan2(imaginary, real)
    }
  }
}
