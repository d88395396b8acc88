import ReplanPlants
import ReplanWire

// Actions: which are taken, and what is said about those that are not.
extension PlantSession {
  mutating func handle(_ action: ActionMessage, at now: UInt64, emit: (SessionOutput) -> Void) {
    if let fault = action.check(channels: facts.actionCount) {
      refuse(fault, at: now, emit: emit)
      return
    }
    switch clock {
    case .streaming:
      // What was overtaken on the line is out of date, and what comes twice says nothing new.
      guard isNew(action) else { return }
      newestAction = action.sequence
      apply(action)
      waitingSince = now
      isStarved = false
    case .lockstep:
      if action.sequence == answeredSequence {
        // The answer was lost: the plant must not move a second time.
        if let lastObservation { send(.observation(lastObservation), emit: emit) }
        return
      }
      guard isNew(action) else { return }
      newestAction = action.sequence
      answeredSequence = action.sequence
      apply(action)
      stepOnce(emit: emit)
    }
  }

  /// Whether an action was sent after all that were taken since the last reset or arming.
  private func isNew(_ action: ActionMessage) -> Bool {
    newestAction == 0 || Int32(truncatingIfNeeded: action.sequence &- newestAction) > 0
  }

  /// A disarmed plant goes on with the safe action.
  private mutating func apply(_ action: ActionMessage) {
    guard isArmed else { return }
    var values = PlantAction(repeating: 0)
    for i in 0..<facts.actionCount { values[i] = action.values[i] }
    actuator.command(facts.clamped(values))
    actionSequence = action.sequence
  }

  /// Counts, and says so at most once a second.
  private mutating func refuse(
    _ fault: MessageFault, at now: UInt64, emit: (SessionOutput) -> Void
  ) {
    refusedActions = refusedActions &+ 1
    guard now >= nextText else { return }
    nextText = now &+ PlantSession.oneSecond
    var text = TextLine()
    text.append("action refused: ")
    switch fault {
    case .count: text.append("wrong count")
    case .notFinite: text.append("not finite")
    case .sequence: text.append("sequence 0")
    }
    text.append(" (")
    text.append(Int(refusedActions))
    text.append(" so far)")
    // MAV_SEVERITY_WARNING.
    send(.statusText(StatusText(severity: 4, text: text.bytes)), emit: emit)
  }
}

/// The text of one STATUSTEXT, built without a heap; what does not fit is cut off.
struct TextLine {
  private(set) var bytes = InlineArray<50, UInt8>(repeating: 0)
  private var count = 0

  mutating func append(_ text: StaticString) {
    // SAFETY: the pointer is that of a static string, read within its length.
    for i in 0..<text.utf8CodeUnitCount { append(byte: text.utf8Start[i]) }
  }

  mutating func append(_ number: Int) {
    var divisor = 1
    while number / divisor >= 10 { divisor &*= 10 }
    while divisor > 0 {
      append(byte: UInt8(truncatingIfNeeded: 48 &+ number / divisor % 10))
      divisor /= 10
    }
  }

  private mutating func append(byte: UInt8) {
    guard count < 50 else { return }
    bytes[count] = byte
    count &+= 1
  }
}
