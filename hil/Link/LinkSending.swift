import ReplanRealtime
public import ReplanWire

/// What came of one exchange in lockstep.
public enum Exchange: Sendable {
  case observation(ObservationMessage)
  /// No answer to any transmission of the action.
  case silence
  case gone
  case stopped
}

extension Link {
  /// The next action, numbered; send it with `send` or `exchange`.
  ///
  /// - Precondition: the channel counts are agreed upon.
  public func action(
    tick: UInt32, flags: ActionFlags = [], values: InlineArray<16, Float>, now: Int64
  ) -> ActionMessage {
    lastActionSequence &+= 1
    return ActionMessage(
      timeMicroseconds: UInt64(clamping: now / 1000), sequence: lastActionSequence, tick: tick,
      flags: flags,
      count: UInt8(channels!.actions), values: values)
  }

  /// Sends one action.
  @discardableResult
  public func send(_ action: ActionMessage) -> Sent { send(.action(action)) }

  /// Tells the plant to disarm, without waiting for its answer.
  ///
  /// - Timing: as `send`; for the control thread, when there is no time for more.
  public func disarm() {
    send(.commandLong(CommandLong(.armDisarm, 0, target: peer ?? .everyone)))
  }

  /// Lockstep: sends an action and waits for its observation; after `nanoseconds` of silence the
  /// same action is sent again, `tries` times in all. The plant applies it once.
  ///
  /// - Parameter isStopRequested: asked several times a second; true ends the wait.
  public func exchange(
    _ action: ActionMessage, nanoseconds: Int64, tries: Int,
    isStopRequested: () -> Bool = { false }
  ) -> Exchange {
    for attempt in 0..<tries {
      if attempt > 0 { tallies.retransmissions &+= 1 }
      if send(action) == .gone { return .gone }
      var now = MonotonicClock.nanoseconds
      let deadline = now &+ nanoseconds
      while now < deadline {
        _ = wait(nanoseconds: min(deadline &- now, 100_000_000))
        if isStopRequested() { return .stopped }
        now = MonotonicClock.nanoseconds
        service(now: now)
        let drained = drain(now: now)
        if let observation = drained.newest { return .observation(observation) }
        if drained.isGone { return .gone }
      }
    }
    return .silence
  }

  /// Sends what is due once a second: our heartbeat and a question for the plant's clock. Call it at
  /// least that often; it does nothing in between.
  public func service(now: Int64) {
    guard now >= nextHeartbeatNanoseconds else { return }
    nextHeartbeatNanoseconds = now &+ 1_000_000_000
    send(.heartbeat(.controller))
    guard let peer else { return }
    send(.timesync(Timesync(tc1: 0, ts1: now, target: peer)))
  }
}
