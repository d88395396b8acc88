public import ReplanFaults
import ReplanRealtime
import ReplanWire

// Faults that are injected on purpose.
extension Link {
  /// From now on this line and the plant's sensors have the faults of a schedule, whatever plant is
  /// at the other end; call it before arming. Those of `schedule.faultsNotInjectable`, which only a
  /// simulated plant can have, are left out.
  ///
  /// - Parameters:
  ///   - rate: samples a second.
  ///   - isLockstep: whether time stands still between samples.
  /// - Throws: names of channels that the plant has not.
  public func inject(
    _ schedule: FaultSchedule, channels: FaultChannels, rate: Double, isLockstep: Bool
  ) throws(FaultError) {
    faults = try LinkFaults(
      schedule, channels: channels, rate: rate, isLockstep: isLockstep)
  }

  /// What the injected faults have done to each direction; `nil` if there are none.
  public var injected: (toPlant: LineFaults.Counters, toController: LineFaults.Counters)? {
    guard let faults else { return nil }
    return (faults.outgoing.counters, faults.incoming.counters)
  }

  /// How often each fault of the injected schedule has acted, in its order; empty if there are none.
  public var actedFaults: [Int] { faults?.acted ?? [] }

  /// Hands the parser the next bytes that have arrived past the faults.
  ///
  /// - Returns: false if there are none.
  func parseNext(_ faults: LinkFaults) -> Bool {
    // The parser holds less than a frame whenever it is asked for more: all of them fit.
    faults.takeIncoming { _ = parser.append($0) }
  }

  /// Sends what is due behind the faults; half a frame is never followed by another.
  func sendDue(_ faults: LinkFaults) {
    while flush(), faults.takeOutgoing({ load($0) }) {}
  }

  /// A wait ends when something is due, too.
  func wait(_ nanoseconds: Int64, _ faults: LinkFaults) -> Bool {
    sendDue(faults)
    let now = MonotonicClock.nanoseconds
    guard let due = faults.nextDue, due < now &+ nanoseconds else {
      return waitForLine(nanoseconds: nanoseconds)
    }
    let isThere = waitForLine(nanoseconds: due > now ? due &- now : 0)
    sendDue(faults)
    return isThere || faults.hasArrived
  }
}

extension Session {
  /// From now on the session's link has the faults of a schedule (see `Link.inject`).
  public func inject(
    _ schedule: FaultSchedule, channels: FaultChannels
  ) throws(FaultError) {
    try link.inject(
      schedule, channels: channels, rate: Double(description.sampleRate),
      isLockstep: configuration.clock == .lockstep)
  }
}
