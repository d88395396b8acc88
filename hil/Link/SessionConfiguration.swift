/// What a session asks of its plant.
public struct SessionConfiguration: Sendable {
  /// Who drives the samples.
  public enum Clock: Equatable, Sendable {
    /// The plant's clock; a watchdog guards the actions.
    case streaming
    /// The actions, one sample for each.
    case lockstep
  }

  public var channels: ChannelCounts
  public var clock: Clock
  /// Sample rate, Hz; 0: the plant's own.
  public var rate: Double
  public var timing: SessionTiming
  /// Set: frames are signed, and those of the plant must be; nil: neither.
  public var signing: LineSigning?

  public init(
    channels: ChannelCounts, clock: Clock, rate: Double, timing: SessionTiming = SessionTiming(),
    signing: LineSigning? = nil
  ) {
    self.channels = channels
    self.clock = clock
    self.rate = rate
    self.timing = timing
    self.signing = signing
  }
}

/// How long a session waits, in seconds.
public struct SessionTiming: Sendable {
  /// For the first heartbeat. Default 5: a microcontroller may restart when its port is opened.
  public var heartbeat = 5.0
  /// For the reply to a command before it is repeated. Default 0.5.
  public var reply = 0.5
  /// Transmissions of a command. Default 6.
  public var tries = 6
  /// For a reset to finish. Default 60: a person may have to help.
  public var reset = 60.0
  /// For a sample, before a reset is commanded again. Default 1.
  public var resetSilence = 1.0
  /// For an observation in lockstep before the action is repeated. Default 0.2.
  public var exchange = 0.2
  /// Transmissions of an action in lockstep. Default 6.
  public var exchangeTries = 6

  public init() {}
}

/// The state to which a plant is brought before an episode.
public enum InitialState: Equatable, Sendable {
  case rest
  /// Drawn by the plant from the seed, 1...16,777,215 (it travels as a float); 0: its own choice.
  case random(seed: UInt32)
}
