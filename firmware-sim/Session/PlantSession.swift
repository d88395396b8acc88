public import ReplanPlants
import ReplanWire

/// The plant's side of the wire: bytes and the time go in, frames come out.
///
/// It holds the physics, the sensors and the protocol's rules, and neither a clock nor a heap, so
/// that the same session runs in a process, in a test and on a microcontroller:
/// ```
/// session.receive(bytes, at: now) { output in … }   // whenever bytes came
/// session.advance(to: now) { output in … }          // at session.nextWakeUp at the latest
/// ```
/// Times are µs from boot and never decrease. Streaming, the physics follow `now`; an action takes
/// effect at the moment it is received. In lockstep `now` only paces heartbeats and texts.
public struct PlantSession {
  public let configuration: SessionConfiguration
  public let facts: PlantFacts
  public internal(set) var plant: Plant
  public internal(set) var isArmed = false
  public internal(set) var clock = PlantClock.streaming
  /// In force, Hz.
  public internal(set) var sampleRate: Float
  /// Actions refused since boot: wrong count, sequence 0, not finite.
  public internal(set) var refusedActions: UInt32 = 0
  /// What is wrong with sensors, actuators and clock from here on; the host sets it before
  /// `advance` and `receive`.
  public var disturbance = PlantDisturbance()

  let sensors: SensorModel
  var actuator: ActuatorDelay
  var parser = FrameParser()
  var frameSequence: UInt8 = 0
  var periodMicroseconds: UInt32

  /// Streaming: up to when the physics are integrated, and when the next sample is due.
  var integratedTo: UInt64
  var nextSample: UInt64
  /// Lockstep: the plant's clock; it starts when lockstep is entered.
  var simulatedTime: UInt64
  var nextHeartbeat: UInt64
  var nextText: UInt64

  /// Resets since boot, and the number of the next sample: those since the last reset.
  public internal(set) var resets: UInt32 = 0
  public internal(set) var sequence: UInt32 = 0
  /// From a reset to the sample 0 that shows it, the plant is held.
  var isHeld = false
  /// The action in force; 0: the safe action.
  var actionSequence: UInt32 = 0
  /// Lockstep: the last action that was answered, and the answer.
  var answeredSequence: UInt32 = 0
  /// The newest action since the last reset or arming; 0: none.
  var newestAction: UInt32 = 0
  var lastObservation: ObservationMessage?
  /// The last readings since the reset, for a sensor that freezes.
  var lastMeasured: PlantState?
  /// Since when timestamps count down.
  var turnedAt: UInt64?
  /// Streaming: since when the watchdog waits, and whether it has given up.
  var waitingSince: UInt64
  var isStarved = false

  /// Boots the plant: at rest, streaming, disarmed.
  ///
  /// - Precondition: sample rate and actuation delay are in their ranges.
  public init(_ configuration: SessionConfiguration, at now: UInt64) {
    precondition(
      SessionConfiguration.sampleRates.contains(configuration.sampleRate),
      "the sample rate is between 1 and 1000 Hz")
    self.configuration = configuration
    facts = configuration.kind.facts
    plant = Plant(configuration.kind, seed: configuration.seed)
    sensors = SensorModel(
      seed: configuration.seed, noiseScale: configuration.noiseScale,
      quantises: configuration.quantises)
    actuator = ActuatorDelay(samples: configuration.actuationDelay, safe: facts.safeAction)
    sampleRate = configuration.sampleRate
    periodMicroseconds = PlantSession.period(of: configuration.sampleRate)
    integratedTo = now
    nextSample = now
    simulatedTime = now
    nextHeartbeat = now
    nextText = now
    waitingSince = now
  }

  /// The plant's timer counts whole microseconds, so the period is the nearest of them.
  static func period(of rate: Float) -> UInt32 {
    UInt32(truncatingIfNeeded: Int(1_000_000 / rate + 0.5))
  }

  /// When `advance` has something to do at the latest.
  public var nextWakeUp: UInt64 {
    clock == .streaming && nextSample < nextHeartbeat ? nextSample : nextHeartbeat
  }

  /// Somebody opened the line: a heartbeat at once saves them up to a second.
  public mutating func lineOpened(at now: UInt64) {
    parser.discard()
    nextHeartbeat = now
  }

  /// Takes bytes that were received at `now`, in pieces of any size.
  public mutating func receive(
    _ bytes: UnsafeRawBufferPointer, at now: UInt64, emit: (SessionOutput) -> Void
  ) {
    advance(to: now, emit: emit)
    var rest = bytes
    repeat {
      rest = parser.append(rest)
      while case let outcome = parser.next(), outcome.isProgress {
        guard case .frame(let frame) = outcome else { continue }
        handle(Message(frame), from: frame.header.source, at: now, emit: emit)
      }
    } while rest.count > 0
  }

  /// Brings the plant to `now`: physics, samples, watchdog, heartbeat.
  public mutating func advance(to now: UInt64, emit: (SessionOutput) -> Void) {
    if clock == .streaming { stream(to: now, emit: emit) }
    if now >= nextHeartbeat {
      send(.heartbeat(.plant(armed: isArmed)), emit: emit)
      nextHeartbeat = now &+ PlantSession.oneSecond
    }
  }

  static var oneSecond: UInt64 { UInt64(word: 1_000_000) }

  mutating func send(_ message: Message, emit: (SessionOutput) -> Void) {
    var storage = InlineArray<288, UInt8>(repeating: 0)
    let sequence = frameSequence
    frameSequence = frameSequence &+ 1
    // SAFETY: the storage is longer than the longest frame, and `emit` does not keep the pointer.
    withUnsafeMutableBytes(of: &storage) { bytes in
      let count = message.encode(
        sequence: sequence, source: .plant, into: bytes,
        leavingRoomToSign: configuration.leavesRoomToSign)
      emit(.frame(UnsafeRawBufferPointer(rebasing: bytes[0..<count])))
    }
  }

  private mutating func handle(
    _ message: Message, from source: Address, at now: UInt64, emit: (SessionOutput) -> Void
  ) {
    switch message {
    case .commandLong(let command):
      if Address.plant.isAddressed(by: command.target) {
        handle(command, from: source, at: now, emit: emit)
      }
    case .action(let action):
      handle(action, at: now, emit: emit)
    case .timesync(let request):
      let isRequest = request.tc1.nonzeroBitCount == 0
      guard isRequest, Address.plant.isAddressed(by: request.target) else { return }
      let time = stamp(of: clock == .streaming ? now : simulatedTime)
      let answer = Timesync(tc1: time.nanoseconds, ts1: request.ts1, target: source)
      send(.timesync(answer), emit: emit)
    case .heartbeat, .commandAck, .statusText, .plantDescription, .observation:
      break
    }
  }
}
