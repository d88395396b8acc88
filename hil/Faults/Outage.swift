/// A fault whose begin is counted in samples and whose length in real time, as no samples may come
/// while it lasts.
public struct Outage {
  public enum Change: Equatable, Sendable {
    case begins(seconds: Double)
    case ends
  }

  private let timing: FaultTiming
  /// Whether it is over when the plant is disarmed.
  private let endsDisarmed: Bool
  /// Whether it has no length, whatever its window.
  private let isMoment: Bool
  /// When it is over, µs; `nil`: not under way.
  private var until: UInt64?
  /// The begin of the interval that it acted in last, and the reset before it.
  private var last: (begin: Double, reset: UInt32)?

  init(_ timing: FaultTiming, endsDisarmed: Bool, isMoment: Bool = false) {
    self.timing = timing
    self.endsDisarmed = endsDisarmed
    self.isMoment = isMoment
  }

  public var isUnderWay: Bool { until != nil }

  /// The fault's place in its schedule.
  public var index: Int { Int(timing.index) }

  /// When it is over, µs; `nil`: not under way, or without an end.
  public var end: UInt64? { until == .max ? nil : until }

  /// What happens at `time`; ask until there is nothing.
  public mutating func change(at time: FaultTime) -> Change? {
    if let until {
      let isStopped = endsDisarmed && time.seconds == nil && !timing.window.isFromBoot
      guard time.microseconds >= until || isStopped else { return nil }
      self.until = nil
      return .ends
    }
    guard let interval = timing.interval(at: time) else { return nil }
    // Samples stand still meanwhile, so the same interval may still be there afterwards.
    if let last, last.begin == interval.begin {
      if last.reset == time.reset || timing.window.isFromBoot { return nil }
    }
    last = (interval.begin, time.reset)
    if isMoment { return .begins(seconds: 0) }
    let length = interval.end - max(time.seconds ?? 0, interval.begin)
    until = length < 1e9 ? time.microseconds + UInt64(max(0, length) * 1e6) : .max
    return .begins(seconds: length)
  }
}
