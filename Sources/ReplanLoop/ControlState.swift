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
  var success: SuccessMonitor
  let stopsOnSuccess: Bool
  let maximumTicks: Int
  /// Number of the last action sent in the session.
  var actionSequence: UInt32
  var tick = 0
  /// The action to be sent at the next edge, the tick that decided it, and whether it is a fallback.
  var pending: ActionVector
  var pendingTick: UInt32 = 0
  var pendingIsFallback = false
  var newest: Observation
  var generation: UInt32 = 0
  var adoptedStart = -1
  var isDone = false

  init(
    host: ControllerHost, ring: SpscRing<LoopRecord>, options: EpisodeOptions,
    success: SuccessMonitor, actionSequence: UInt32, refit: RefitSchedule?
  ) {
    self.host = host
    self.ring = ring
    self.refit = refit
    self.success = success
    self.actionSequence = actionSequence
    stopsOnSuccess = options.stopsOnSuccess
    maximumTicks = options.maximumTicks
    pending = host.configuration.limits.safe
    newest = Observation(values: StateVector(repeating: 0), tick: -1)
  }

  /// The message that carries the pending action, under a new number.
  mutating func nextAction(at nanoseconds: Int64) -> ActionMessage {
    actionSequence &+= 1
    return ActionMessage(
      timeMicroseconds: UInt64(nanoseconds / 1000), sequence: actionSequence, tick: pendingTick,
      flags: pendingIsFallback ? .fallback : ActionFlags(),
      count: UInt8(host.configuration.structure.actionCount), values: pending)
  }

  /// Notes an observation as the newest of this tick.
  mutating func observe(_ message: ObservationMessage) {
    newest = Observation(values: message.values, tick: tick)
    if success.update(message.values) && stopsOnSuccess { isDone = true }
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
    let decision = host.controller.pointee.tick(newest, tick: tick) { _ in
      guard let deadline else { return true }
      return MonotonicClock.nanoseconds < deadline
    }
    record.take(decision, tick: tick)
    record.tickNanoseconds = MonotonicClock.nanoseconds - start
    record.generation = generation
    pending = decision.action
    pendingTick = UInt32(truncatingIfNeeded: tick)
    pendingIsFallback = decision.verdict.isFallback
    tick += 1
  }

  /// Takes over a refit that started at tick k from tick k + D on, at the edge of a tick.
  @inline(__always)
  private mutating func adoptWaitingModel() {
    guard let refit else { return }
    let start = refit.mailbox.finishedStart
    guard start > adoptedStart, tick >= start + refit.adoptAfter else { return }
    adoptedStart = start
    guard let parameters = refit.mailbox.parameters else { return }
    host.controller.pointee.adopt(parameters)
    generation &+= 1
  }
}
