import ReplanCore
import ReplanRealtime
import ReplanWire

/// What the control thread keeps between ticks, the same in streaming and in lockstep.
///
/// `step` is the tick around the controller's own: adopt a waiting model, decide, leave a record.
/// It makes no system call but for reading the clock.
struct ControlState {
  let host: ControllerHost
  let ring: SpscRing<LoopRecord>
  let refit: RefitSchedule?
  /// Where the newest plan is left for others to look at.
  let board: PlanBoard
  /// Which state channels an observation holds.
  let wire: WireMap
  var success: SuccessMonitor
  let stopsOnSuccess: Bool
  private let achievement: LoopEnd
  let maximumTicks: Int
  let ticksWithoutPlanning: Range<Int>
  let isStopRequested: @Sendable () -> Bool
  private let isEmergencyRequested: @Sendable () -> Bool
  /// Number of the last action sent in the session.
  var actionSequence: UInt32
  var tick = 0
  /// The action to be sent at the next edge, the tick that decided it, and whether it is a fallback.
  var pending: ActionVector
  var pendingTick: UInt32 = 0
  var pendingIsFallback = false
  /// When the observation arrived that the pending action was decided from; 0: from none.
  var pendingTime: Int64 = 0
  var newest: Observation
  var newestTime: Int64 = 0
  /// Sequence of the first sample of the episode, and the samples since then, lost ones included.
  var firstSequence: UInt32?
  private(set) var samples = 0
  private var lastSequence: UInt32?
  var generation: UInt32 = 0
  var adoptedStart = -1
  /// Address of the parameters of the refit in use; 0 if it is still the episode's first model.
  private(set) var adoptedModel: UInt = 0
  /// Where the session stands; armed by the time the loop begins.
  private(set) var arming: ArmingState
  private var fallbackTicks = 0
  private let stopAfterTicks: Int
  private let stopsOnOverrun: Bool
  private let stopsOutsideEnvelope: Bool
  private var hasOverrun = false
  /// Whether somebody has pulled the emergency stop; for good.
  private(set) var isEmergency = false
  /// The newest action that an observation has named.
  private var confirmedAction: UInt32 = 0
  /// Whether the success conditions held long enough up to the newest observation.
  private(set) var isAchieved = false

  init(
    host: ControllerHost, ring: SpscRing<LoopRecord>, options: EpisodeOptions,
    success: SuccessMonitor, actionSequence: UInt32, refit: RefitSchedule?, board: PlanBoard,
    arming: ArmingState = ArmingState.disarmed.next(.arm), stopAfterTicks: Int = .max,
    stopsOnOverrun: Bool = false,
    isStopRequested: @escaping @Sendable () -> Bool,
    isEmergencyRequested: @escaping @Sendable () -> Bool
  ) {
    self.host = host
    self.ring = ring
    self.refit = refit
    self.board = board
    self.success = success
    wire = WireMap(host.configuration)
    self.actionSequence = actionSequence
    confirmedAction = actionSequence
    self.arming = arming
    self.stopAfterTicks = stopAfterTicks
    self.stopsOnOverrun = stopsOnOverrun
    stopsOnSuccess = options.stopsOnSuccess
    achievement = options.kind == .reset ? .atRest : .success
    maximumTicks = options.maximumTicks
    ticksWithoutPlanning = options.ticksWithoutPlanning
    stopsOutsideEnvelope = options.stopsOutsideEnvelope
    self.isStopRequested = isStopRequested
    self.isEmergencyRequested = isEmergencyRequested
    pending = host.configuration.limits.safe
    newest = Observation(values: StateVector(repeating: 0), tick: -1)
  }

  /// The message that carries the pending action, under a new number; the record tells of it.
  mutating func nextAction(_ record: inout LoopRecord) -> ActionMessage {
    let now = MonotonicClock.nanoseconds
    actionSequence &+= 1
    let message = ActionMessage(
      timeMicroseconds: UInt64(now / 1000), sequence: actionSequence, tick: pendingTick,
      flags: pendingIsFallback ? .fallback : ActionFlags(),
      count: UInt8(host.configuration.structure.actionCount), values: pending)
    host.sendTimes[Int(message.sequence) % ControllerHost.sendTimeCount] = now
    record.sendTime = now
    record.sentSequence = message.sequence
    record.sentTick = message.tick
    record.sentFlags = message.flags.rawValue
    record.action = message.values
    record.latencyNanoseconds = pendingTime == 0 ? 0 : now - pendingTime
    return message
  }

  /// Notes an observation as the newest of this tick.
  mutating func observe(
    _ message: ObservationMessage, at time: Int64, _ record: inout LoopRecord
  ) {
    confirm(message.actionSequence, at: time, &record)
    let gap = lastSequence.map { Int(Int32(bitPattern: message.sequence &- $0)) } ?? 1
    lastSequence = message.sequence
    newest = Observation(values: message.values, tick: tick, elapsedSamples: max(1, gap))
    newestTime = time
    let first = firstSequence ?? message.sequence
    firstSequence = first
    // A plant that has restarted counts from 0 again.
    samples = max(samples, Int(Int32(bitPattern: message.sequence &- first)) + 1)
    // What only the estimate holds is judged after the tick.
    if wire.isWhole { isAchieved = success.update(message.values) }
  }

  /// Notes how long an action took until a sample showed that it is in force.
  private mutating func confirm(
    _ sequence: UInt32, at time: Int64, _ record: inout LoopRecord
  ) {
    let isNew = Int32(bitPattern: sequence &- confirmedAction) > 0
    guard sequence != 0, isNew, actionSequence &- sequence < ControllerHost.sendTimeCount else {
      return
    }
    confirmedAction = sequence
    record.transportNanoseconds =
      time - host.sendTimes[Int(sequence) % ControllerHost.sendTimeCount]
  }

  /// Looks whether the emergency stop was pulled; from then on the session is stopped, and nothing but
  /// a request to disarm is to be sent.
  ///
  /// - Returns: whether it was pulled since this was asked last.
  mutating func heedEmergency() -> Bool {
    guard !isEmergency, isEmergencyRequested() else { return false }
    isEmergency = true
    arming = arming.next(.emergencyStop)
    return true
  }

  /// Notes that a tick was missed or ended after the next one was due.
  mutating func overrun() {
    guard stopsOnOverrun else { return }
    hasOverrun = true
    arming = arming.next(.gaveUp)
  }

  /// The arming state after the loop has ended for this reason.
  func arming(after end: LoopEnd) -> ArmingState {
    switch end {
    case .plantFault, .disarmed, .silent, .vanished: arming.next(.plantFault)
    case .emergencyStop: arming.next(.emergencyStop)
    case .success, .atRest, .timeUp, .stopped, .plantEnded, .guardStopped, .overrun:
      arming.next(.disarm)
    }
  }

  /// Why the episode ends after this tick, if it does.
  ///
  /// Armed time counts, so samples that no tick saw bring the end nearer.
  var end: LoopEnd? {
    if isEmergency { return .emergencyStop }
    if arming == .stopped { return hasOverrun ? .overrun : .guardStopped }
    if isAchieved && stopsOnSuccess { return achievement }
    if tick >= maximumTicks || samples >= maximumTicks { return .timeUp }
    return isStopRequested() ? .stopped : nil
  }

  /// Runs one tick on the newest observation.
  ///
  /// - Parameter deadline: monotonic time in ns after which no further planning work starts; nil
  ///   in lockstep, where work is counted only.
  @inline(__always)
  mutating func step(deadline: Int64?, _ record: inout LoopRecord) {
    RealtimeContext.enter()
    defer { RealtimeContext.exit() }
    adoptWaitingModel()
    let start = MonotonicClock.nanoseconds
    let isLate = ticksWithoutPlanning.contains(tick)
    var isCut = false
    let decision = host.controller.pointee.tick(newest, tick: tick) { _ in
      // Once over, always over: then the units that ran are a beginning of all, and can be run again.
      if isLate || MonotonicClock.nanoseconds >= deadline ?? .max { isCut = true }
      return !isCut
    }
    record.take(decision, tick: tick)
    if record.hasObservation && !wire.isWhole {
      wire.complete(&record.observation, from: decision.estimate)
      isAchieved = success.update(record.observation)
    }
    if decision.verdict.hasPlan { board.publish(host.controller.pointee, tick: tick) }
    record.isCut = isCut
    record.elapsedSamples = UInt32(truncatingIfNeeded: newest.elapsedSamples)
    record.refit = adoptedModel
    record.tickNanoseconds = MonotonicClock.nanoseconds - start
    record.generation = generation
    advance(decision.verdict)
    record.state = arming
    pending = decision.action
    pendingTick = UInt32(truncatingIfNeeded: tick)
    pendingIsFallback = decision.verdict.isFallback
    pendingTime = newestTime
    tick += 1
  }

  /// Moves the arming state on by a tick's verdict.
  @inline(__always)
  private mutating func advance(_ verdict: Verdict) {
    arming = arming.next(.armed).next(verdict.isFallback ? .fellBack : .planned)
    // Silence has a time-out of its own, link.timeout, which tells a plant that is lost.
    if verdict != .stale { fallbackTicks = arming == .fallback ? fallbackTicks + 1 : 0 }
    let hasLeft = stopsOutsideEnvelope && verdict == .outsideEnvelope
    if fallbackTicks > stopAfterTicks || hasLeft { arming = arming.next(.gaveUp) }
  }

  /// Takes over a refit that started at tick k from tick k + D on, at the edge of a tick.
  @inline(__always)
  private mutating func adoptWaitingModel() {
    guard let refit else { return }
    guard let posting = refit.mailbox.latest, posting.start > adoptedStart,
      tick >= posting.start + refit.adoptAfter
    else { return }
    adoptedStart = posting.start
    // A refit that failed leaves the address as it was.
    let model = posting.address
    guard model != adoptedModel, let parameters = UnsafePointer<Float>(bitPattern: model) else {
      return
    }
    adoptedModel = model
    host.controller.pointee.adopt(parameters)
    generation &+= 1
  }
}
