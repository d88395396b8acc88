public import ReplanHIL

/// What a probe may do to a plant.
public struct ProbeSettings: Sendable {
  public struct Channel: Sendable {
    public var name: String
    /// In radians, periodic.
    public var isAngle: Bool
    /// Leaving it ends the probe; nil: anything goes.
    public var envelope: ClosedRange<Double>?

    public init(name: String, isAngle: Bool, envelope: ClosedRange<Double>?) {
      self.name = name
      self.isAngle = isAngle
      self.envelope = envelope
    }
  }

  public struct Action: Sendable {
    public var low: Double
    public var high: Double
    public var safe: Double
    /// Largest change per second; nil: no limit.
    public var slew: Double?

    public init(low: Double, high: Double, safe: Double, slew: Double?) {
      self.low = low
      self.high = high
      self.safe = safe
      self.slew = slew
    }
  }

  public var channels: [Channel]
  public var actions: [Action]
  /// Samples a second.
  public var rate: Double
  /// From when a sample arrives until the action is sent; seconds.
  public var lead: Double
  /// Share of half the actions' range, around the safe action.
  public var amplitude: Double
  public var seconds: Double
  public var initialState: InitialState
  public var seed: UInt64

  public init(
    channels: [Channel], actions: [Action], rate: Double, lead: Double = 0,
    amplitude: Double = 0.3, seconds: Double = 2, initialState: InitialState = .rest,
    seed: UInt64 = 1
  ) {
    precondition(rate > 0 && seconds > 0 && amplitude > 0 && amplitude <= 1)
    self.channels = channels
    self.actions = actions
    self.rate = rate
    self.lead = lead
    self.amplitude = amplitude
    self.seconds = seconds
    self.initialState = initialState
    self.seed = seed
  }

  /// The first channel that is outside of its envelope; nil if none is.
  func offender(_ state: [Double]) -> String? {
    zip(channels, state).first { channel, value in
      channel.envelope.map { !$0.contains(value) } ?? false
    }?.0.name
  }
}
