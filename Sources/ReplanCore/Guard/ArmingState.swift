/// Where a session stands between a plant at rest and a plant that is being controlled.
public enum ArmingState: UInt8, Sendable, BitwiseCopyable {
  /// The plant applies its safe action; nothing is sent.
  case disarmed
  /// The plant was told to arm and has not yet shown that it is.
  case arming
  /// Plans are executed.
  case running
  /// The fallback's action is executed.
  case fallback
  /// Stopped for a reason that somebody has to look at; only an acknowledgement leads out.
  case stopped
}

/// What moves a session from one arming state to another.
public enum ArmingEvent: UInt8, Sendable, BitwiseCopyable {
  case arm
  /// The first tick of the loop, which waits for an armed observation.
  case armed
  /// A tick decided for a plan or the base policy.
  case planned
  /// A tick decided for the fallback.
  case fellBack
  /// The fallback has lasted longer than it may, or an overrun is not to be tolerated.
  case gaveUp
  /// The plant reports a fault, has disarmed itself, or is lost.
  case plantFault
  /// An orderly end: success, time up, a request to stop.
  case disarm
  case emergencyStop
  /// Somebody has seen to the cause of a stop.
  case acknowledge
}

extension ArmingState {
  /// The table of transitions; what is not in it leaves the state as it is.
  ///
  /// An emergency stop leads to `stopped` from anywhere, and `stopped` is left by `acknowledge` only.
  @_noAllocation @_noLocks
  public func next(_ event: ArmingEvent) -> ArmingState {
    switch (self, event) {
    case (_, .emergencyStop): .stopped
    case (.disarmed, .arm): .arming
    case (.arming, .armed): .running
    case (.arming, .disarm): .disarmed
    case (.arming, .plantFault): .stopped
    case (.running, .fellBack): .fallback
    case (.running, .disarm): .disarmed
    case (.running, .gaveUp), (.running, .plantFault): .stopped
    case (.fallback, .planned): .running
    case (.fallback, .disarm): .disarmed
    case (.fallback, .gaveUp), (.fallback, .plantFault): .stopped
    case (.stopped, .acknowledge): .disarmed
    default: self
    }
  }

  /// True while actions are sent.
  public var isActive: Bool { self == .running || self == .fallback }
}
