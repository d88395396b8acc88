public import ReplanSigning

/// That a line is signed, and how its thread runs.
public struct LineSigning: Sendable {
  public var key: SigningKey
  /// The SCHED_FIFO priority of the thread that signs and verifies; nil for ordinary scheduling. The
  /// control thread's: what it waits for must not wait for others. Without the right to it the thread
  /// runs ordinarily.
  public var priority: Int?
  let time = SigningTime()

  public init(key: SigningKey, priority: Int? = nil) {
    self.key = key
    self.priority = priority
  }

  /// Signs what one end sends; any number of them may be used at once.
  var signer: FrameSigner { FrameSigner(key, time) }
}
