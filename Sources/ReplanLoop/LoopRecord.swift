import ReplanCore
import ReplanRealtime
import ReplanRecord
import ReplanWire

/// What one tick leaves behind, of fixed size, for the ring to the recorder.
struct LoopRecord: BitwiseCopyable, Sendable {
  /// The observation that came in, if one did.
  var hasObservation = false
  /// False for a sample that was overtaken by a newer one before a tick saw it.
  var isTick = false
  var time: Int64 = 0
  var sequence: UInt32 = 0
  var actionSequence: UInt32 = 0
  var plantTime: UInt64 = 0
  var flags: UInt8 = 0
  var cost: Float = .nan
  var observation = StateVector(repeating: 0)
  /// The action that was sent at this tick; sequence 0: it was not sent any more.
  var sentSequence: UInt32 = 0
  var sentTick: UInt32 = 0
  var sentFlags: UInt8 = 0
  var action = ActionVector(repeating: 0)
  var sendTime: Int64 = 0
  /// What was decided.
  var tick: UInt32 = 0
  var verdict = Verdict.planned
  var iterations: UInt32 = 0
  var planCost: Float = .nan
  var disagreement: Float = .nan
  var wakeNanoseconds: Int64 = 0
  var tickNanoseconds: Int64 = 0
  var ageNanoseconds: Int64 = 0
  /// From the arrival of the observation behind the action that was sent; 0: there was none.
  var latencyNanoseconds: Int64 = 0
  var generation: UInt32 = 0
  var isOverrun = false
  var state = ArmingState.disarmed
  /// From sending an action to the arrival of the first sample under it; 0 in other ticks.
  var transportNanoseconds: Int64 = 0
  var knownTicks: UInt32 = 0
  var estimate = StateVector(repeating: 0)
  var decided = ActionVector(repeating: 0)
  /// True if the deadline ended the planning.
  var isCut = false
  var elapsedSamples: UInt32 = 0
  /// Address of the parameters in use if they are a refit's, otherwise 0.
  var refit: UInt = 0
  var lock = PhaseLock.State.locked

  init() {}

  mutating func take(_ message: ObservationMessage, at time: Int64) {
    hasObservation = true
    self.time = time
    sequence = message.sequence
    actionSequence = message.actionSequence
    plantTime = message.timeMicroseconds
    flags = message.flags.rawValue
    cost = message.cost
    observation = message.values
  }

  mutating func take(_ decision: Decision, tick: Int) {
    isTick = true
    self.tick = UInt32(truncatingIfNeeded: tick)
    verdict = decision.verdict
    iterations = UInt32(truncatingIfNeeded: decision.iterations)
    planCost = decision.planCost
    disagreement = decision.disagreement
    knownTicks = UInt32(truncatingIfNeeded: decision.knownTicks)
    estimate = decision.estimate
    decided = decision.action
  }
}
