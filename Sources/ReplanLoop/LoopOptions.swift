/// How the control thread runs, the same for all episodes of a session.
public struct LoopOptions: Sendable, Equatable {
  /// The plant waits for each action instead of running on its own clock.
  public var isLockstep: Bool
  /// SCHED_FIFO priority; nil leaves the thread to the ordinary scheduler.
  public var priority: Int?
  /// The processor that the control thread is bound to; nil for any.
  public var cpu: Int?
  /// Whether missing real-time privileges are an error.
  public var requiresRealtime: Bool

  public init(
    isLockstep: Bool = false, priority: Int? = 80, cpu: Int? = nil, requiresRealtime: Bool = false
  ) {
    self.isLockstep = isLockstep
    self.priority = priority
    self.cpu = cpu
    self.requiresRealtime = requiresRealtime
  }
}
