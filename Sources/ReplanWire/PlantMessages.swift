/// What the plant is.
public struct PlantDescription: Sendable {
  public var capabilities: Capabilities
  /// Sample rate in force, Hz.
  public var sampleRate: Float
  /// Streaming: longest time without a valid action, ms.
  public var actionTimeout: UInt16
  public var observationCount: UInt8
  public var actionCount: UInt8
  /// UTF-8, padded with zero bytes.
  public var name: InlineArray<32, UInt8>

  public init(
    capabilities: Capabilities, sampleRate: Float, actionTimeout: UInt16, observationCount: UInt8,
    actionCount: UInt8, name: InlineArray<32, UInt8>
  ) {
    self.capabilities = capabilities
    self.sampleRate = sampleRate
    self.actionTimeout = actionTimeout
    self.observationCount = observationCount
    self.actionCount = actionCount
    self.name = name
  }
}

/// One sample of the plant, as it travels.
public struct ObservationMessage: Sendable {
  /// Plant clock at the sample, µs from boot; simulated time in lockstep.
  public var timeMicroseconds: UInt64
  /// From 0 at a reset.
  public var sequence: UInt32
  /// Sequence of the action in force at the sample; 0: the safe action.
  public var actionSequence: UInt32
  /// Not a number: the plant computes none.
  public var cost: Float
  public var flags: ObservationFlags
  /// Channels in use; those past it are 0.
  public var count: UInt8
  public var values: InlineArray<32, Float>

  public static var capacity: Int { 32 }

  public init(
    timeMicroseconds: UInt64, sequence: UInt32, actionSequence: UInt32, cost: Float = .nan,
    flags: ObservationFlags, count: UInt8, values: InlineArray<32, Float>
  ) {
    self.timeMicroseconds = timeMicroseconds
    self.sequence = sequence
    self.actionSequence = actionSequence
    self.cost = cost
    self.flags = flags
    self.count = count
    self.values = values
  }

  /// Bytes of the longest frame that carries `channels` values. Zeros at the end may shorten it, so
  /// budgets of bytes use this length.
  public static func frameLength(channels: Int, signed: Bool) -> Int {
    Frame.length(payloadLength: 22 + 4 * channels, signed: signed)
  }

  /// Whether the sample can be used: the agreed number of channels, all finite.
  public func check(channels: Int) -> MessageFault? {
    guard Int(count) == channels, channels <= ObservationMessage.capacity else { return .count }
    for i in 0..<channels where !values[i].isFinite { return .notFinite }
    return nil
  }
}

/// The command to the actuators, as it travels.
public struct ActionMessage: Sendable {
  /// Controller clock at sending, µs.
  public var timeMicroseconds: UInt64
  /// From 1, never reused in a session; the same again is a retransmission.
  public var sequence: UInt32
  /// Tick of the controller that planned the action.
  public var tick: UInt32
  public var flags: ActionFlags
  /// Channels in use; those past it are 0.
  public var count: UInt8
  public var values: InlineArray<16, Float>

  public static var capacity: Int { 16 }

  public init(
    timeMicroseconds: UInt64, sequence: UInt32, tick: UInt32, flags: ActionFlags = ActionFlags(),
    count: UInt8, values: InlineArray<16, Float>
  ) {
    self.timeMicroseconds = timeMicroseconds
    self.sequence = sequence
    self.tick = tick
    self.flags = flags
    self.count = count
    self.values = values
  }

  /// Bytes of the longest frame that carries `channels` values. Zeros at the end may shorten it, so
  /// budgets of bytes use this length.
  public static func frameLength(channels: Int, signed: Bool) -> Int {
    Frame.length(payloadLength: 18 + 4 * channels, signed: signed)
  }

  /// Whether the action can be applied: the agreed number of channels, all finite, numbered.
  public func check(channels: Int) -> MessageFault? {
    guard sequence != 0 else { return .sequence }
    guard Int(count) == channels, channels <= ActionMessage.capacity else { return .count }
    for i in 0..<channels where !values[i].isFinite { return .notFinite }
    return nil
  }
}

/// Why an observation or action that arrived intact is refused.
public enum MessageFault: Sendable {
  /// The number of channels is not the agreed one.
  case count
  /// A value is infinite or not a number.
  case notFinite
  /// The sequence is 0, which stands for the safe action.
  case sequence
}
