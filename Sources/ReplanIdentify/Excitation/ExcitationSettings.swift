/// What an excitation is to be.
public struct ExcitationSettings: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Two levels by a shift register of maximal length: flat up to its band, peak equal to rms.
    case prbs
    /// Sines at whole multiples of one frequency, their phases chosen for a low peak.
    case multisine
    /// One sine that sweeps through the band.
    case chirp
    /// Levels all over the range, held for times of different length.
    case steps
    /// Ornstein-Uhlenbeck noise.
    case ou
    /// Uniform numbers, each held as long as the band says.
    case random
  }

  /// An actuator to be moved.
  public struct Channel: Sendable, Equatable {
    public var name: String
    /// In the channel's unit.
    public var low: Double
    public var high: Double
    public var safe: Double
    /// Largest change from one tick to the next; nil if there is no limit.
    public var slewPerTick: Double?

    public init(name: String, low: Double, high: Double, safe: Double, slewPerTick: Double? = nil) {
      self.name = name
      self.low = low
      self.high = high
      self.safe = safe
      self.slewPerTick = slewPerTick
    }
  }

  public var kind: Kind
  public var channels: [Channel]
  /// Ticks a second.
  public var rate: Double
  /// Fraction of half the action's range, above 0 to 1.
  public var amplitude: Double
  /// Hz.
  public var band: ClosedRange<Double>
  public var ticks: Int
  /// Whether the length may give way to a whole period of the signal.
  public var isLengthFree = false
  public var seed: UInt64

  public init(
    kind: Kind, channels: [Channel], rate: Double, amplitude: Double, band: ClosedRange<Double>,
    ticks: Int, seed: UInt64
  ) {
    self.kind = kind
    self.channels = channels
    self.rate = rate
    self.amplitude = amplitude
    self.band = band
    self.ticks = ticks
    self.seed = seed
  }

  /// The ticks that a level is held so that the band ends where it shall: what is held for a time has
  /// half its power below 0.443 over that time.
  var heldTicks: Int { max(1, Int(0.443 * rate / band.upperBound)) }
}

/// Why there is no excitation as it was asked for.
public enum ExcitationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Hz.
  case band(low: Double, high: Double, rate: Double)
  /// Seconds, and how many the band needs.
  case tooShort(seconds: Double, needed: Double)
  case tooLong(seconds: Double)
  /// The length does not hold a sine a channel.
  case tooFewSines(channels: Int, sines: Int)

  public var description: String {
    switch self {
    case .band(let low, let high, let rate):
      "an excitation from \(low) to \(high) Hz is not possible: give --band LOW HIGH with LOW above 0 "
        + "and HIGH above LOW, at most half the rate, \(rate / 2) Hz"
    case .tooShort(let seconds, let needed):
      "\(seconds) s do not hold a period of the lowest frequency: give --duration \(needed) or more, "
        + "or a --band that begins higher"
    case .tooLong(let seconds):
      "an excitation of \(seconds) s is too long: 3600 s are possible, and a million ticks"
    case .tooFewSines(let channels, let sines):
      "the band holds \(sines) sines for \(channels) action channels: give a longer --duration or a "
        + "wider --band"
    }
  }
}
