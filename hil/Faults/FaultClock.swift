/// Tells faults what time it is, from the samples that come by.
///
/// Between samples, a plant that streams is as far as real time is; in lockstep, time stands still.
public struct FaultClock: Sendable {
  private var seconds = 0.0
  private var sampledAt: UInt64 = 0
  private var resets: UInt32 = 0
  /// Seconds at which the samples' numbers started again without a reset.
  private var offset = 0.0
  public var isArmed = false
  public var isLockstep: Bool

  public init(isLockstep: Bool) { self.isLockstep = isLockstep }

  /// A sample was taken, at `microseconds` of real time.
  ///
  /// - Parameter reset: how many resets came before it.
  public mutating func sampled(
    _ sequence: UInt32, rate: Double, isArmed: Bool, reset: UInt32, at microseconds: UInt64
  ) {
    if reset != resets {
      resets = reset
      offset = 0
    }
    seconds = offset + Double(sequence) / rate
    sampledAt = microseconds
    self.isArmed = isArmed
  }

  /// The plant has restarted: its samples' numbers start again, the faults' time does not.
  public mutating func restarted(at microseconds: UInt64) {
    offset = elapsed(at: microseconds)
    seconds = offset
    sampledAt = microseconds
    isArmed = false
  }

  public func time(at microseconds: UInt64) -> FaultTime {
    FaultTime(
      seconds: isArmed ? elapsed(at: microseconds) : nil, microseconds: microseconds,
      reset: resets)
  }

  /// The time of another sample of the current reset.
  public func time(
    ofSample sequence: UInt32, rate: Double, at microseconds: UInt64
  ) -> FaultTime {
    FaultTime(
      seconds: isArmed ? offset + Double(sequence) / rate : nil, microseconds: microseconds,
      reset: resets)
  }

  private func elapsed(at microseconds: UInt64) -> Double {
    isLockstep || microseconds < sampledAt
      ? seconds : seconds + Double(microseconds - sampledAt) * 1e-6
  }
}
