import ReplanCore
import ReplanHIL
import ReplanRealtime
import ReplanWire

/// The control thread's loop while the plant runs on its own clock.
///
/// Each tick sleeps until shortly before its sample is due, waits for the sample to arrive, and
/// starts a fixed lead after the due time: first the action decided in the last tick is sent, then
/// the sample is read and the next action planned. The phase lock keeps the tick on the plant's
/// clock.
struct StreamingLoop {
  let link: Link
  var state: ControlState
  private var lock: PhaseLock
  private let period: Int64
  private let lead: Int64
  /// How long before a sample is due the thread is awake, so that its arrival is seen.
  private let early: Int64
  private let isImmediate: Bool
  private var lastHeard: Int64
  private let silence: Int64
  private var arrival: Int64 = 0
  private var missed = 0

  init(link: Link, state: ControlState, rate: Double, lead: Double, silence: Double) {
    self.link = link
    self.state = state
    period = Int64(1e9 / rate)
    self.lead = min(Int64(lead * 1e6), period / 4)
    early = min(1_000_000, period / 4)
    lock = PhaseLock(nominalPeriod: 1e9 / rate, lead: self.lead)
    isImmediate = state.host.configuration.timing == .immediate
    self.silence = Int64(silence * 1e9)
    lastHeard = MonotonicClock.nanoseconds
  }

  /// Runs until the episode ends.
  mutating func run() -> LoopEnd {
    guard awaitFirstSample() else { return link.endedBy == nil ? .silent : .vanished }
    while true {
      let due = awaitTick()
      if let end = runTick(due: due) { return end }
    }
  }

  /// Waits for an armed sample, which starts the phase lock.
  private mutating func awaitFirstSample() -> Bool {
    while MonotonicClock.nanoseconds - lastHeard < silence {
      _ = link.wait(nanoseconds: UInt64(period))
      arrival = MonotonicClock.nanoseconds
      let drained = link.drain(now: UInt64(arrival))
      if drained.isGone { return false }
      if let newest = drained.newest, newest.flags.contains(.armed) {
        lock.observe(sequence: newest.sequence, arrival: arrival)
        return true
      }
    }
    return false
  }

  /// Sleeps towards the next sample, notes when it arrives, and returns when the tick is to start.
  private mutating func awaitTick() -> Int64 {
    let wake = lock.nextWake(after: MonotonicClock.nanoseconds)
    missed = wake.missed
    MonotonicClock.sleepUntil(nanoseconds: wake.nanoseconds - lead - early)
    waitForBytes(until: wake.nanoseconds)
    arrival = MonotonicClock.nanoseconds
    MonotonicClock.sleepUntil(nanoseconds: wake.nanoseconds)
    return wake.nanoseconds
  }

  private func waitForBytes(until time: Int64) {
    let now = MonotonicClock.nanoseconds
    if now < time { _ = link.wait(nanoseconds: UInt64(time - now)) }
  }

  /// One tick; returns why the episode ends, if it does.
  private mutating func runTick(due: Int64) -> LoopEnd? {
    var record = LoopRecord()
    let start = MonotonicClock.nanoseconds
    record.wakeNanoseconds = start - due
    if !isImmediate { send(&record) }
    var end = receive(due: due, &record)
    record.ageNanoseconds = MonotonicClock.nanoseconds - arrival
    state.step(deadline: due - lead + period * 7 / 10, &record)
    if isImmediate { send(&record) }
    let finish = MonotonicClock.nanoseconds
    record.latencyNanoseconds = record.sendTime - arrival
    record.isOverrun = missed > 0 || finish > due + period
    link.service(now: UInt64(finish))
    state.ring.push(record)
    if end == nil { end = state.end }
    if end == nil && finish - lastHeard > silence { end = .silent }
    return end
  }

  private mutating func send(_ record: inout LoopRecord) {
    let now = MonotonicClock.nanoseconds
    record.sendTime = now
    let message = state.nextAction(at: now)
    record.sentSequence = message.sequence
    record.sentTick = message.tick
    record.sentFlags = message.flags.rawValue
    record.action = message.values
    link.send(message)
  }

  /// Takes in what has come; waits up to half a period more for a late sample.
  private mutating func receive(due: Int64, _ record: inout LoopRecord) -> LoopEnd? {
    var drained = drain()
    if drained.newest == nil && !drained.isGone {
      waitForBytes(until: due + period / 2)
      arrival = MonotonicClock.nanoseconds
      drained = drain()
    }
    guard let newest = drained.newest else { return drained.isGone ? .vanished : nil }
    lastHeard = arrival
    lock.observe(sequence: newest.sequence, arrival: arrival)
    record.take(newest, at: arrival)
    state.observe(newest)
    return LoopEnd(newest.flags)
  }

  private func drain() -> Drained {
    link.drain(now: UInt64(MonotonicClock.nanoseconds)) { older in
      var record = LoopRecord()
      record.take(older, at: arrival)
      state.ring.push(record)
    }
  }
}

extension LoopEnd {
  /// What a sample's flags say about going on.
  init?(_ flags: ObservationFlags) {
    if flags.contains(.fault) {
      self = .plantFault
    } else if flags.contains(.episodeEnd) {
      self = .plantEnded
    } else if !flags.contains(.armed) {
      self = .disarmed
    } else {
      return nil
    }
  }
}

extension ControlState {
  /// Why the episode ends after this tick, if it does.
  var end: LoopEnd? {
    if isDone { return .success }
    if tick >= maximumTicks { return .timeUp }
    return StopSignal.requests > 0 ? .stopped : nil
  }
}
