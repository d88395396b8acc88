import ReplanHIL
import ReplanRealtime
import ReplanWire

/// A probe under way: which actions were sent, and what the plant has said.
struct ProbeRun {
  let settings: ProbeSettings
  var record = LatencyProbe.Record()
  private var excitation: Excitation
  /// By the action's sequence: its values, and the sample after which it was sent.
  private var sent: [UInt32: (values: [Double], sample: UInt32)] = [:]
  private var pending: [Double] = []
  private var lastNamed: UInt32 = 0
  private let total: Int
  private var ticks = 0

  /// Seconds without an observation after which the plant counts as silent.
  private static let patience = 1.0

  init(_ settings: ProbeSettings) {
    self.settings = settings
    excitation = Excitation(settings)
    // The first transitions have no actions before them yet.
    total = Int((settings.seconds * settings.rate).rounded()) + LatencyEstimate.longest + 1
    record.samples.reserveCapacity(total + 1)
    sent.reserveCapacity(2 * total)
  }

  /// Takes one observation.
  ///
  /// - Returns: false if the probe has ended.
  mutating func take(_ observation: ObservationMessage) -> Bool {
    if observation.flags.contains(.fault) || observation.flags.contains(.episodeEnd) {
      record.end = .plantFault
      return false
    }
    let state = (0..<settings.channels.count).map { Double(observation.values[$0]) }
    // A sample that a sensor did not tell is one that is missing.
    guard state.allSatisfy(\.isFinite) else { return true }
    let named = sent[observation.actionSequence]
    if let named, observation.actionSequence != lastNamed {
      lastNamed = observation.actionSequence
      let late = Int(observation.sequence &- named.sample) - 1
      record.transportTicks[late, default: 0] += 1
    }
    record.samples.append(
      ProbeSample(
        sequence: observation.sequence, state: state,
        action: named?.values ?? settings.actions.map(\.safe)))
    if let channel = settings.offender(state) {
      record.end = .leftEnvelope(channel: channel)
      return false
    }
    ticks += 1
    return ticks <= total
  }

  /// The next action's values.
  mutating func next() -> InlineArray<16, Float> {
    pending = excitation.next()
    var values = InlineArray<16, Float>(repeating: 0)
    for (i, value) in pending.enumerated() { values[i] = Float(value) }
    return values
  }

  mutating func noteSent(_ sequence: UInt32) {
    sent[sequence] = (pending, record.samples.last?.sequence ?? 0)
  }

  /// The whole probe with a plant that follows its own clock.
  mutating func stream(_ link: Link, _ isStopRequested: () -> Bool) {
    var lastHeard = MonotonicClock.nanoseconds
    var hasBegun = false
    while true {
      if isStopRequested() { return record.end = .stopped }
      let now = MonotonicClock.nanoseconds
      link.service(now: now)
      guard Double(now - lastHeard) * 1e-9 < Self.patience else { return record.end = .silent }
      _ = link.wait(nanoseconds: 50_000_000)
      let arrival = MonotonicClock.nanoseconds
      var observations: [ObservationMessage] = []
      let drained = link.drain(now: arrival) { observations.append($0) }
      if let newest = drained.newest { observations.append(newest) }
      if drained.isGone { return record.end = .vanished }
      guard !observations.isEmpty else { continue }
      lastHeard = arrival
      for observation in observations {
        guard observation.flags.contains(.armed) else {
          // Samples from before the arming may still be under way.
          if hasBegun { return record.end = .disarmed }
          continue
        }
        hasBegun = true
        guard take(observation) else { return }
      }
      if hasBegun { send(link, after: arrival) }
    }
  }

  private mutating func send(_ link: Link, after arrival: Int64) {
    MonotonicClock.sleepUntil(nanoseconds: arrival + Int64(settings.lead * 1e9))
    let now = MonotonicClock.nanoseconds
    let action = link.action(tick: 0, values: next(), now: now)
    if link.send(action) == .sent { noteSent(action.sequence) }
  }
}
