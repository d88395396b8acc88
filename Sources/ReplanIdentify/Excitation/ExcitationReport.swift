import Glibc

/// What an excitation is like: peak against power, and where in the spectrum its power lies.
public struct ExcitationReport: Sendable, Equatable {
  /// The power of one channel between two frequencies.
  public struct Part: Sendable, Equatable, Encodable {
    /// Hz.
    public var from: Double
    public var to: Double
    /// Of the channel's whole power but for its mean.
    public var share: Double
  }

  public struct Channel: Sendable, Equatable {
    public var name: String
    /// Extremes, mean and root mean square about the mean, in the channel's unit.
    public var low: Double
    public var high: Double
    public var mean: Double
    public var rms: Double
    /// The largest distance from the mean, over the root mean square: 1 for two levels.
    public var crestFactor: Double
    /// Octaves from half the lowest frequency of the band up to half the rate.
    public var spectrum: [Part]
    /// Share of the power inside the band.
    public var inBand: Double
  }

  public var channels: [Channel]
  /// The largest correlation of two channels at any lag of up to a period of the lowest frequency;
  /// nil for one channel.
  public var correlation: Double?

  public init(_ design: ExcitationDesign) {
    let settings = design.settings
    channels = zip(settings.channels, design.actions).map { channel, actions in
      Channel(channel.name, actions, settings)
    }
    correlation =
      settings.channels.count > 1
      ? Self.largestCorrelation(
        design.actions, lags: min(settings.ticks / 2, Int(settings.rate / settings.band.lowerBound))
      )
      : nil
  }

  private static func largestCorrelation(_ signals: [[Double]], lags: Int) -> Double {
    let centred = signals.map { signal in
      let mean = signal.reduce(0, +) / Double(signal.count)
      return signal.map { $0 - mean }
    }
    let powers = centred.map { $0.reduce(0) { $0 + $1 * $1 } }
    var largest = 0.0
    for a in signals.indices {
      for b in signals.indices where a != b {
        for lag in 0...lags {
          var sum = 0.0
          for k in lag..<signals[a].count { sum += centred[a][k] * centred[b][k - lag] }
          largest = max(largest, abs(sum) / max((powers[a] * powers[b]).squareRoot(), 1e-300))
        }
      }
    }
    return largest
  }
}

extension ExcitationReport.Channel {
  init(_ name: String, _ actions: [Double], _ settings: ExcitationSettings) {
    self.name = name
    let count = Double(actions.count)
    let mean = actions.reduce(0, +) / count
    let power = actions.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    self.mean = mean
    low = actions.min() ?? 0
    high = actions.max() ?? 0
    rms = power.squareRoot()
    crestFactor = rms > 0 ? max(high - mean, mean - low) / rms : .nan
    let powers = Periodogram(actions, rate: settings.rate)
    var edges = [settings.band.lowerBound / 2]
    while edges[edges.count - 1] * 2 < settings.rate / 2 {
      edges.append(edges[edges.count - 1] * 2)
    }
    edges.append(settings.rate / 2)
    spectrum = zip(edges, edges.dropFirst()).map { from, to in
      ExcitationReport.Part(from: from, to: to, share: powers.share(from..<to))
    }
    let half = powers.resolution / 2
    inBand = powers.share(settings.band.lowerBound - half..<settings.band.upperBound + half)
  }
}

/// The power of a signal by frequency, the mean over stretches of at most 2048 samples.
struct Periodogram {
  /// Hz from one value to the next.
  let resolution: Double
  /// From one resolution on, half the rate at the most.
  private(set) var powers: [Double]

  init(_ signal: [Double], rate: Double) {
    let length = min(signal.count, 2048)
    resolution = rate / Double(length)
    powers = [Double](repeating: 0, count: length / 2)
    let angles = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
    let (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
    let mean = signal.reduce(0, +) / Double(signal.count)
    for start in stride(from: 0, through: signal.count - length, by: length) {
      for index in powers.indices {
        var (real, imaginary) = (0.0, 0.0)
        var place = 0
        for k in 0..<length {
          real += (signal[start + k] - mean) * cosines[place]
          imaginary += (signal[start + k] - mean) * sines[place]
          place = (place + index + 1) % length
        }
        powers[index] += real * real + imaginary * imaginary
      }
    }
  }

  /// Of the whole power, what lies in a range of frequencies.
  func share(_ range: Range<Double>) -> Double {
    let total = powers.reduce(0, +)
    let inside = powers.indices.reduce(0.0) { sum, index in
      // A frequency at an edge belongs above it, whatever rounding says; the last edge is inside.
      let frequency = Double(index + 1) * resolution * (1 + 1e-9)
      let isLast = index == powers.count - 1 && range.upperBound >= Double(index + 1) * resolution
      return range.contains(frequency) || (isLast && frequency >= range.lowerBound)
        ? sum + powers[index] : sum
    }
    return total > 0 ? inside / total : 0
  }
}
