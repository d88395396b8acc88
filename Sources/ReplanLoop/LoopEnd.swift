/// Why an episode's loop ended.
public enum LoopEnd: String, Sendable, CaseIterable {
  /// The success conditions held long enough.
  case success
  /// The controller has brought the plant to rest.
  case atRest = "at rest"
  /// The episode's time is over.
  case timeUp = "time up"
  /// The user asked for it.
  case stopped
  /// The plant has said that the episode is over.
  case plantEnded = "ended by the plant"
  /// The plant reports a fault.
  case plantFault = "plant fault"
  /// The plant is no longer armed although we are.
  case disarmed = "disarmed by the plant"
  /// The plant has fallen silent.
  case silent
  /// The device is gone.
  case vanished
  /// The fallback lasted longer than it may.
  case guardStopped = "stopped by the guard"
  /// Somebody has pulled the emergency stop.
  case emergencyStop = "emergency stop"
  /// A tick was missed, and the robot file has it stop then.
  case overrun = "stopped after an overrun"
}
