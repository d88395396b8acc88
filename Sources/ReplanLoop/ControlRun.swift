import ReplanCore
import ReplanRealtime

/// What the control thread brings back.
struct ControlRun: Sendable {
  var end: LoopEnd
  var actionSequence: UInt32
  var adoptedModel: UInt
  var isAchieved: Bool
  var arming: ArmingState
  var report: RealtimeReport
  var usage: ThreadUsage
  var missedTicks = 0
  var lostFrames = 0
  var damagedFrames = 0
  /// Whether the plant confirmed that it disarmed afterwards.
  var isDisarmed = false

  init(
    end: LoopEnd, state: ControlState, report: RealtimeReport = RealtimeReport(),
    usage: ThreadUsage = .none
  ) {
    self.end = end
    actionSequence = state.actionSequence
    adoptedModel = state.adoptedModel
    arming = state.arming(after: end)
    // Conditions that held up to a fault or a hang-up are no success.
    isAchieved = state.isAchieved && end == .timeUp
    self.report = report
    self.usage = usage
  }
}
