public import ReplanWire

/// What has come since the line was looked at last.
public struct Drained: Sendable {
  /// The newest observation, if there was one. Its values may be infinite or not a number: what that
  /// means is for the guard to say.
  public var newest: ObservationMessage?
  /// Observations older than the newest; `overtaken` saw them.
  public var skipped: Int = 0
  /// Whether the device is gone; what came before that is still given.
  public var isGone = false
}

extension Link {
  /// Takes in everything that has come, without waiting.
  ///
  /// - Parameters:
  ///   - now: ns on the monotonic clock, for time synchronisation.
  ///   - overtaken: called with each observation that is older than the newest.
  /// - Timing: the system calls that it takes to read what is there, one where there is nothing; no
  ///   allocation or lock.
  public func drain(
    now: Int64, overtaken: (ObservationMessage) -> Void = { _ in }
  ) -> Drained {
    var drained = Drained()
    while let frame = receive() {
      guard let observation = take(frame, now: now) else { continue }
      if let older = drained.newest {
        drained.skipped &+= 1
        overtaken(older)
      }
      drained.newest = observation
    }
    drained.isGone = endedBy != nil
    return drained
  }

  /// The last line of text from the plant, once.
  public func takeStatusText() -> StatusText? {
    defer { inbox.statusText = nil }
    return inbox.statusText
  }

  /// Sorts one frame; an observation in its order is given back.
  private func take(_ frame: Frame, now: Int64) -> ObservationMessage? {
    let source = frame.header.source
    // Ours come back where a line echoes; strangers share a line that several plants are on.
    guard source != .controller, peer == nil || peer == source else { return nil }
    lastHeardNanoseconds = now
    if frame.header.isSigned { hasHeardSigned = true }
    switch Message(frame) {
    case .heartbeat(let heartbeat): meet(heartbeat, from: source)
    case .timesync(let timesync): synchronize(timesync, from: source, now: now)
    case .commandAck(let ack):
      if Address.controller.isAddressed(by: ack.target) { take(ack) }
    case .statusText(let text): inbox.statusText = text
    case .plantDescription(let description): inbox.description = description
    case .observation(var observation):
      faults?.disturb(&observation)
      return accepted(observation)
    case .commandLong, .action: break
    }
    return nil
  }

  private func meet(_ heartbeat: Heartbeat, from source: Address) {
    // A ground station on the same line is no plant.
    guard heartbeat.type != Heartbeat.controller.type else { return }
    inbox.heartbeat = heartbeat
    if heartbeat.mavlinkVersion == 3 { peer = source }
  }

  private func take(_ ack: CommandAck) {
    inbox.ack = ack
    if case .awaitingAck = inbox.reset, ack.command == .reset, ack.result == .accepted {
      inbox.reset = .awaitingFirstSample
    }
  }

  private func synchronize(_ timesync: Timesync, from source: Address, now: Int64) {
    if timesync.tc1 == 0 {
      send(.timesync(Timesync(tc1: now, ts1: timesync.ts1, target: source)))
    } else if Address.controller.isAddressed(by: timesync.target) {
      clockOffset.add(sent: timesync.ts1, plant: timesync.tc1, received: now)
    }
  }

  private func accepted(_ observation: ObservationMessage) -> ObservationMessage? {
    guard let channels else { return nil }
    switch observation.check(channels: channels.observations) {
    case .count?, .sequence?:
      tallies.wrongCount &+= 1
      return nil
    case .notFinite?:
      tallies.notFinite &+= 1
      // An episode does not begin with it.
      guard case .none = inbox.reset else { return nil }
    case nil: break
    }
    guard isAfterReset(observation) else { return nil }
    if let lastSequence, !isFromRestart(observation) {
      guard observation.sequence > lastSequence else {
        tallies.stale &+= 1
        return nil
      }
      tallies.lostSamples &+= observation.sequence &- lastSequence &- 1
    }
    lastSequence = observation.sequence
    lastPlantTime = observation.timeMicroseconds
    lastWasArmed = observation.flags.contains(.armed)
    return observation
  }

  /// A plant that was armed, counts from 0 again and is not armed any more has restarted; a sample
  /// that was merely overtaken on the line is armed as the others were.
  private func isFromRestart(_ observation: ObservationMessage) -> Bool {
    guard let lastSequence, lastWasArmed, !observation.flags.contains(.armed) else { return false }
    return observation.sequence <= lastSequence && observation.timeMicroseconds < lastPlantTime
  }

  private func isAfterReset(_ observation: ObservationMessage) -> Bool {
    switch inbox.reset {
    case .none: return true
    case .awaitingAck: return false
    case .awaitingFirstSample, .missedFirstSample:
      if observation.flags.contains(.resetting) {
        inbox.resettingSamples &+= 1
        return false
      }
      guard observation.sequence == 0 else {
        inbox.reset = .missedFirstSample
        return false
      }
      inbox.reset = .none
      inbox.firstSample = observation
      lastSequence = nil
      return true
    }
  }
}
