import ReplanRealtime
import ReplanWire

/// Questions to the plant and the wait for their answers; before arming and after disarming.
struct Conversation {
  let link: Link
  let timing: SessionTiming

  var vanished: HILError {
    .vanished(path: link.path, reason: systemMessage(link.endedBy ?? 0))
  }

  /// Listens until `isDone` or the time is over, keeping the line alive; gives what came.
  ///
  /// - Returns: whether `isDone` said so.
  func listen(
    _ seconds: Double, until isDone: (Drained) -> Bool
  ) throws(HILError) -> Bool {
    var now = MonotonicClock.nanoseconds
    let deadline = now + nanoseconds(seconds)
    while true {
      link.service(now: now)
      let drained = link.drain(now: now)
      if isDone(drained) { return true }
      if drained.isGone { throw vanished }
      if now >= deadline { return false }
      // A slice, so that our heartbeat keeps its second.
      _ = link.wait(nanoseconds: min(deadline - now, 100_000_000))
      now = MonotonicClock.nanoseconds
    }
  }

  /// Waits for the plant's heartbeat, from which its address is learned.
  func awaitHeartbeat() throws(HILError) {
    if try listen(timing.heartbeat, until: { _ in link.inbox.heartbeat != nil }) {
      let found = link.inbox.heartbeat.map { Int($0.mavlinkVersion) } ?? 0
      guard found == 3 else { throw .wrongVersion(path: link.path, found: found) }
      return
    }
    if let fault = link.signatureFault(isHeard: false) { throw fault }
    if link.hasHeardVersion1 { throw .firstVersion(path: link.path) }
    let bytes = Int(link.counters.bytesIn)
    throw bytes == 0
      ? .silent(path: link.path, seconds: timing.heartbeat)
      : .noise(path: link.path, baud: link.baud, bytes: bytes)
  }

  /// Asks the plant what it is.
  func describe() throws(HILError) -> PlantDescription {
    let number = Float(MessageID.plantDescription.rawValue)
    for _ in 0..<timing.tries {
      link.inbox.description = nil
      try command(.requestMessage, number, what: "its description")
      _ = try listen(timing.reply) { _ in link.inbox.description != nil }
      if let description = link.inbox.description { return description }
    }
    throw noReply("a request for its description")
  }

  /// Sends a command until the plant accepts it.
  ///
  /// - Throws: `refused` with the plant's answer, `noReply`, `vanished`.
  func command(
    _ command: Command, _ parameter1: Float, _ parameter2: Float = 0, what: String
  ) throws(HILError) {
    var last: CommandResult?
    for attempt in 0..<timing.tries {
      try send(command, parameter1, parameter2, attempt: attempt)
      while let result = try answer(to: command) {
        last = result
        if result == .accepted { return }
        // In progress: another answer follows, and repeating would not hasten it.
        if result == .inProgress { continue }
        guard result == .temporarilyRejected else {
          throw refused(what, result)
        }
        _ = try listen(timing.reply) { _ in false }
        break
      }
    }
    if let last { throw refused(what, last) }
    throw noReply(what)
  }

  private func noReply(_ what: String) -> HILError {
    link.signatureFault(isHeard: true)
      ?? .noReply(path: link.path, what: what, tries: timing.tries)
  }

  private func refused(_ what: String, _ result: CommandResult) -> HILError {
    .refused(
      path: link.path, what: what, result: result, reason: link.takeStatusText().map(\.line))
  }

  private func send(
    _ command: Command, _ parameter1: Float, _ parameter2: Float, attempt: Int
  ) throws(HILError) {
    link.inbox.ack = nil
    let message = CommandLong(
      command, parameter1, parameter2, target: link.peer ?? .everyone,
      confirmation: UInt8(clamping: attempt))
    if link.send(.commandLong(message)) == .gone { throw vanished }
  }

  private func answer(to command: Command) throws(HILError) -> CommandResult? {
    let isThere = try listen(timing.reply) { _ in link.inbox.ack?.command == command }
    guard isThere else { return nil }
    defer { link.inbox.ack = nil }
    return link.inbox.ack?.result
  }

  /// Resets the plant and waits for sample 0; if that is lost on the line, resets again.
  func reset(
    _ state: InitialState, isStopRequested: () -> Bool
  ) throws(HILError) -> ObservationMessage {
    let start = MonotonicClock.nanoseconds
    let before = link.counters
    defer { link.inbox.reset = .none }
    repeat {
      link.inbox.firstSample = nil
      link.inbox.reset = .awaitingAck
      try commandReset(state)
      // While samples carry the flag the plant is at it; silence or a missed sample ends the try.
      var seen = -1
      while seen != link.inbox.resettingSamples && !isLate(start) {
        seen = link.inbox.resettingSamples
        let isOver = try listen(timing.resetSilence) { _ in
          if case .missedFirstSample = link.inbox.reset { return true }
          return link.inbox.firstSample != nil || isStopRequested()
        }
        if isOver { break }
      }
      if isStopRequested() { throw .stopped(path: link.path) }
      if let sample = link.inbox.firstSample { return sample }
      try checkUsable(since: before)
    } while !isLate(start)
    throw .resetUnfinished(path: link.path, seconds: timing.reset)
  }

  /// One bad sample may be an accident on the way into the initial state; many are not.
  private func checkUsable(since before: Link.Counters) throws(HILError) {
    let notFinite = Int(link.counters.notFinite &- before.notFinite)
    let wrongCount = Int(link.counters.wrongCount &- before.wrongCount)
    guard notFinite + wrongCount >= 10 else { return }
    throw .unusable(path: link.path, notFinite: notFinite, wrongCount: wrongCount)
  }

  private func commandReset(_ state: InitialState) throws(HILError) {
    switch state {
    case .rest: try command(.reset, 0, what: "a reset to rest")
    case .random(let seed):
      try command(.reset, 1, Float(seed), what: "a reset to a random state")
    }
  }

  private func isLate(_ start: Int64) -> Bool {
    MonotonicClock.nanoseconds - start > nanoseconds(timing.reset)
  }
}
