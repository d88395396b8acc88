/// How a real-time thread is to run.
public struct ThreadOptions: Sendable, Equatable {
  /// The name that `ps -L` and `top -H` show. The kernel keeps the first 15 bytes.
  public var name: String
  /// The SCHED_FIFO priority, nil for ordinary scheduling.
  ///
  /// - Units: 1…99; interrupt threads run at 50, and a control loop belongs above most of them.
  public var priority: Int?
  /// The only processor to run on, nil for any.
  public var cpu: Int?
  /// The stack, mapped and present in memory before the thread starts.
  ///
  /// - Units: bytes, rounded up to whole pages; at least 64 KiB.
  public var stackBytes: Int

  /// - Precondition: the values lie in the ranges above.
  public init(
    name: String, priority: Int? = 80, cpu: Int? = nil, stackBytes: Int = 1 << 19
  ) {
    precondition(priority.map((1...99).contains) ?? true, "a priority lies between 1 and 99")
    precondition(cpu.map { $0 >= 0 } ?? true, "a processor's number is not negative")
    precondition(stackBytes >= 65536, "a thread needs a stack of 64 KiB or more")
    self.name = name
    self.priority = priority
    self.cpu = cpu
    self.stackBytes = stackBytes
  }
}
