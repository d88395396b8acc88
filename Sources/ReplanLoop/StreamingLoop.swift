import ReplanCore
import ReplanHIL
import ReplanRealtime
import ReplanWire

/// The control thread's loop while the plant runs on its own clock.
///
/// Each tick sleeps until shortly before its sample is due, waits for the sample to arrive, and
/// starts a fixed lead after the due time: first the action decided in the last tick is sent, then
/// the next one is planned from the sample. The phase lock keeps the tick on the plant's clock.
///
/// With immediate output the tick starts as soon as its sample has arrived, and sends what it planned
/// from it; for a sample that is late it waits as long as otherwise.
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
  /// The newest sample that no tick has seen yet.
  private var sample: ObservationMessage?
  /// When the newest sample was complete.
  private var arrival: Int64 = 0
  /// When the newest sample was taken, on the plant's clock, ns.
  private var taken: Int64 = 0
  private var isGone = false
  private var missed = 0
  /// Whether the tick before ended after this one was due, which is one overrun with what it made the
  /// loop miss.
  private var wasLate = false

  /// Ticks given up since the start, because the one before came too late.
  var missedTicks: Int { lock.missedTicks }

  init(link: Link, state: ControlState, rate: Double, lead: Double, silence: Double) {
    self.link = link
    self.state = state
    period = Int64(1e9 / rate)
    self.lead = Int64(lead * 1e6)
    early = min(1_000_000, period / 4)
    lock = PhaseLock(nominalPeriod: 1e9 / rate, lead: self.lead)
    isImmediate = state.host.configuration.timing == .immediate
    self.silence = Int64(silence * 1e9)
    lastHeard = MonotonicClock.nanoseconds
  }

  /// Runs until the episode ends.
  mutating func run() -> LoopEnd {
    if let end = awaitFirstSample() { return end }
    var due = arrival + lead
    sleepUntil(due)
    while true {
      if let end = runTick(due: due) { return end }
      due = awaitTick()
    }
  }

  /// Waits for an armed sample, which the first tick will see.
  private mutating func awaitFirstSample() -> LoopEnd? {
    let start = lastHeard
    while !isGone {
      let now = MonotonicClock.nanoseconds
      guard now - start < silence else { return lastHeard > start ? .disarmed : .silent }
      if heedEmergency() { return .emergencyStop }
      if state.isStopRequested() { return .stopped }
      link.service(now: now)
      listen(until: now + period)
      if let sample, sample.flags.contains(.armed) { return nil }
      sample = nil
    }
    return .vanished
  }

  /// Sleeps towards the next sample, takes it in, and returns when the tick is to start.
  private mutating func awaitTick() -> Int64 {
    let wake = lock.nextWake(after: MonotonicClock.nanoseconds)
    missed = wake.missed
    MonotonicClock.sleepUntil(nanoseconds: wake.nanoseconds - lead - early)
    listen(until: wake.nanoseconds)
    sleepUntil(wake.nanoseconds)
    return wake.nanoseconds
  }

  /// Sleeps until the tick is to start: at once if its action is sent as soon as it is planned.
  private func sleepUntil(_ due: Int64) {
    if isImmediate && sample != nil { return }
    MonotonicClock.sleepUntil(nanoseconds: due)
  }

  /// One tick; returns why the episode ends, if it does.
  private mutating func runTick(due: Int64) -> LoopEnd? {
    var record = LoopRecord()
    let start = isImmediate && sample != nil ? min(arrival, due) : due
    record.wakeNanoseconds = MonotonicClock.nanoseconds - start
    heedEmergency()
    // An action that overtook its sample would be in force for two of them, so a late sample is
    // waited for; not for long, since it may be lost.
    listen(until: due + period / 4)
    if !isImmediate { send(&record) }
    var end = receive(due: due, &record)
    record.ageNanoseconds = age(at: MonotonicClock.nanoseconds)
    state.step(deadline: due - lead + period * 7 / 10, &record)
    if isImmediate { send(&record) }
    let finish = MonotonicClock.nanoseconds
    let isLate = finish > due + period
    record.isOverrun = isLate || (missed > 0 && !wasLate)
    wasLate = isLate
    if record.isOverrun { state.overrun() }
    record.lock = lock.state(at: finish)
    link.service(now: finish)
    state.ring.push(record)
    // A plant that is disarmed for the sake of it is no other reason.
    if heedEmergency() || end == nil { end = state.end }
    if end == nil && finish - lastHeard > silence { end = .silent }
    return end
  }

  /// How long ago the newest sample was taken; if the plant's clock is not known or contradicts it,
  /// how long ago it arrived.
  private func age(at now: Int64) -> Int64 {
    let sinceArrival = now - arrival
    guard let offset = link.clockOffset.nanoseconds else { return sinceArrival }
    let sinceTaken = now &+ offset &- taken
    return sinceTaken > sinceArrival && sinceTaken < sinceArrival &+ period
      ? sinceTaken : sinceArrival
  }

  /// Has the plant disarmed at once if the emergency stop was pulled.
  ///
  /// - Returns: whether it is pulled.
  @discardableResult
  private mutating func heedEmergency() -> Bool {
    if state.heedEmergency() { link.disarm() }
    return state.isEmergency
  }

  private mutating func send(_ record: inout LoopRecord) {
    if state.isEmergency { return }
    guard link.send(state.nextAction(&record)) != .sent else { return }
    // What did not go out is not to stand in the record as sent.
    record.sentSequence = 0
    record.latencyNanoseconds = 0
  }

  /// The tick's sample; waits up to half a period more for a late one.
  private mutating func receive(due: Int64, _ record: inout LoopRecord) -> LoopEnd? {
    // A sample that is here already may have been overtaken meanwhile, unless it came just now.
    let isNew = isImmediate && MonotonicClock.nanoseconds - arrival < period / 4
    if !isNew && link.wait(nanoseconds: 0) { takeIn() }
    listen(until: due + period / 2)
    guard var newest = sample else { return isGone ? .vanished : nil }
    sample = nil
    state.wire.spread(&newest)
    lock.observe(sequence: newest.sequence, arrival: arrival)
    record.take(newest, at: arrival)
    taken = Int64(truncatingIfNeeded: newest.timeMicroseconds) &* 1000
    state.observe(newest, at: arrival, &record)
    return LoopEnd(newest.flags)
  }

  /// Takes in what comes until a whole sample is there, the device is gone or the time is over.
  ///
  /// Bytes alone do not end it: a slow line delivers a frame in pieces, and the plant's heartbeat
  /// comes at any time.
  private mutating func listen(until time: Int64) {
    while sample == nil && !isGone {
      let now = MonotonicClock.nanoseconds
      // A read that finds nothing may wait for the kernel's worker: only what has come is read.
      if link.wait(nanoseconds: max(0, time - now)) { takeIn() }
      if now >= time { return }
    }
  }

  /// Takes in what has come; samples that are overtaken before a tick saw them are recorded only.
  private mutating func takeIn() {
    let now = MonotonicClock.nanoseconds
    var overtaken = Overtaken(ring: state.ring, wire: state.wire, first: state.firstSequence)
    var held = sample
    let heldArrival = arrival
    let drained = link.drain(now: now) { older in
      if let oldest = held { overtaken.add(oldest, at: heldArrival) }
      held = nil
      overtaken.add(older, at: now)
    }
    isGone = drained.isGone
    guard let newest = drained.newest else { return }
    if let held { overtaken.add(held, at: heldArrival) }
    state.firstSequence = overtaken.first
    sample = newest
    arrival = now
    lastHeard = now
  }
}

/// Records samples that no tick will see.
///
/// A value, since a local function that captures variables would put them on the heap.
private struct Overtaken {
  let ring: SpscRing<LoopRecord>
  let wire: WireMap
  var first: UInt32?

  mutating func add(_ message: ObservationMessage, at time: Int64) {
    // Before arming no sample belongs to the episode.
    guard message.flags.contains(.armed) else { return }
    if first == nil { first = message.sequence }
    var record = LoopRecord()
    var spread = message
    wire.spread(&spread)
    record.take(spread, at: time)
    ring.push(record)
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
