import ReplanFaults
import ReplanRealtime
import ReplanWire

/// Faults on the controller's side of a line, where any plant may be at the other end.
///
/// Time counts from the samples that come by, before any fault of theirs: the faults begin with the
/// first sample that says that the plant is armed.
///
/// - Timing: no allocation or lock after `init`.
final class LinkFaults {
  let incoming: LineFaults
  let outgoing: LineFaults
  private var sensors: SensorFaults
  private var clock: FaultClock
  private let rate: Double
  /// Sees what comes in as it was sent.
  private var parser = FrameParser()
  private var resets: UInt32 = 0
  private var lastSequence: UInt32?

  init(
    _ schedule: FaultSchedule, channels: FaultChannels, rate: Double, isLockstep: Bool
  ) throws(FaultError) {
    incoming = LineFaults(schedule, .toController)
    outgoing = LineFaults(schedule, .toPlant)
    sensors = try SensorFaults(schedule, channels)
    clock = FaultClock(isLockstep: isLockstep)
    self.rate = rate
  }

  /// µs.
  static var now: UInt64 { UInt64(MonotonicClock.nanoseconds / 1000) }

  /// When something is due that has not gone its way yet, ns.
  var nextDue: Int64? {
    let first = min(incoming.nextDue ?? .max, outgoing.nextDue ?? .max)
    return first == .max ? nil : Int64(clamping: first) &* 1000
  }

  /// Whether there is something for `takeIncoming`.
  var hasArrived: Bool {
    incoming.nextDue.map { $0 <= LinkFaults.now } ?? false
  }

  /// Until a sample says that the plant is armed there are no faults, and what was on the way is
  /// forgotten: no fault that is injected here may keep a plant from being disarmed.
  func pause() {
    clock.isArmed = false
    outgoing.discard()
  }

  func send(_ bytes: UnsafeRawBufferPointer) {
    outgoing.put(bytes, at: clock.time(at: LinkFaults.now))
  }

  /// The next bytes that leave, at most a frame.
  func takeOutgoing(_ deliver: (UnsafeRawBufferPointer) -> Void) -> Bool {
    outgoing.take(at: clock.time(at: LinkFaults.now), deliver)
  }

  func receive(_ bytes: UnsafeRawBufferPointer) {
    let now = LinkFaults.now
    watch(bytes, at: now)
    incoming.put(bytes, at: clock.time(at: now))
  }

  /// The next bytes that arrive, at most a frame.
  func takeIncoming(_ deliver: (UnsafeRawBufferPointer) -> Void) -> Bool {
    incoming.take(at: clock.time(at: LinkFaults.now), deliver)
  }

  /// Tells the clock of the samples that come by.
  private func watch(_ bytes: UnsafeRawBufferPointer, at now: UInt64) {
    var rest = bytes
    repeat {
      rest = parser.append(rest)
      while case let outcome = parser.next(), outcome.isProgress {
        guard case .frame(let frame) = outcome,
          case .observation(let observation) = Message(frame)
        else { continue }
        if observation.sequence == 0, lastSequence != 0 { resets &+= 1 }
        lastSequence = observation.sequence
        clock.sampled(
          observation.sequence, rate: rate, isArmed: observation.flags.contains(.armed),
          reset: resets, at: now)
      }
    } while !rest.isEmpty
  }

  /// How often each fault of the schedule has acted.
  var acted: [Int] {
    sensors.acted.indices.map { incoming.acted[$0] + outgoing.acted[$0] + sensors.acted[$0] }
  }

  /// What the sensors' faults make of an observation that arrived.
  func disturb(_ observation: inout ObservationMessage) {
    guard !sensors.isEmpty, Int(observation.count) == sensors.count else { return }
    if observation.sequence == 0 { sensors.forget() }
    var time = clock.time(ofSample: observation.sequence, rate: rate, at: LinkFaults.now)
    if !observation.flags.contains(.armed) { time.seconds = nil }
    sensors.update(at: time)
    for i in 0..<sensors.count {
      observation.values[i] = sensors.reading(observation.values[i], channel: i)
    }
  }
}

extension Message {
  /// Whether it tells the plant to disarm.
  var disarms: Bool {
    guard case .commandLong(let command) = self else { return false }
    return command.command == .armDisarm && command.parameters[0] == 0
  }
}
