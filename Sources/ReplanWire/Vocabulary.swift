// The option sets spell out two initialisers that the standard library would supply: its generic
// ones do not compile for a 32-bit core without a heap (Swift 6.3.1).

/// What a plant can do.
public struct Capabilities: OptionSet, Sendable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  @inlinable public init() { rawValue = 0 }
  @inlinable public init(arrayLiteral elements: Capabilities...) {
    rawValue = 0
    for element in elements { rawValue |= element.rawValue }
  }

  /// Samples by the plant's own clock.
  @inlinable public static var streaming: Capabilities { Capabilities(rawValue: 1) }
  /// Samples once for each action.
  @inlinable public static var lockstep: Capabilities { Capabilities(rawValue: 2) }
  /// Brings itself to an initial state.
  @inlinable public static var reset: Capabilities { Capabilities(rawValue: 4) }
  /// Sends a cost with each observation.
  @inlinable public static var cost: Capabilities { Capabilities(rawValue: 8) }
}

/// The state of the plant at a sample.
public struct ObservationFlags: OptionSet, Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  @inlinable public init() { rawValue = 0 }
  @inlinable public init(arrayLiteral elements: ObservationFlags...) {
    rawValue = 0
    for element in elements { rawValue |= element.rawValue }
  }

  /// Actions reach the actuators.
  @inlinable public static var armed: ObservationFlags { ObservationFlags(rawValue: 1) }
  /// No valid action within the action time-out: the safe action is in force.
  @inlinable public static var watchdog: ObservationFlags { ObservationFlags(rawValue: 2) }
  /// A reset is under way.
  @inlinable public static var resetting: ObservationFlags { ObservationFlags(rawValue: 4) }
  /// The plant has found a fault in itself.
  @inlinable public static var fault: ObservationFlags { ObservationFlags(rawValue: 8) }
  /// The plant regards the episode as over.
  @inlinable public static var episodeEnd: ObservationFlags { ObservationFlags(rawValue: 16) }
}

/// How an action came about.
public struct ActionFlags: OptionSet, Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  @inlinable public init() { rawValue = 0 }
  @inlinable public init(arrayLiteral elements: ActionFlags...) {
    rawValue = 0
    for element in elements { rawValue |= element.rawValue }
  }

  /// The controller's fallback, not a plan.
  @inlinable public static var fallback: ActionFlags { ActionFlags(rawValue: 1) }
}

/// A command's number (MAV_CMD); any number travels, the named ones have a meaning here.
public struct Command: RawRepresentable, Equatable, Sendable {
  public var rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Parameter 1: 1 arms, 0 disarms.
  @inlinable public static var armDisarm: Command { Command(rawValue: 400) }
  /// Parameter 1: the number of the wanted message.
  @inlinable public static var requestMessage: Command { Command(rawValue: 512) }
  /// Parameter 1: 0 rest, 1 random; parameter 2: seed, 0 for the plant's own.
  @inlinable public static var reset: Command { Command(rawValue: 31010) }
  /// Parameter 1: 0 streaming, 1 lockstep; parameter 2: rate in Hz, 0 for the plant's own.
  @inlinable public static var clock: Command { Command(rawValue: 31011) }
}

/// The result of a command (MAV_RESULT).
public struct CommandResult: RawRepresentable, Equatable, Sendable {
  public var rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable public static var accepted: CommandResult { CommandResult(rawValue: 0) }
  @inlinable public static var temporarilyRejected: CommandResult { CommandResult(rawValue: 1) }
  @inlinable public static var denied: CommandResult { CommandResult(rawValue: 2) }
  @inlinable public static var unsupported: CommandResult { CommandResult(rawValue: 3) }
  @inlinable public static var failed: CommandResult { CommandResult(rawValue: 4) }
  @inlinable public static var inProgress: CommandResult { CommandResult(rawValue: 5) }
}
