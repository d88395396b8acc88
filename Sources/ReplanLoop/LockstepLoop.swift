import Glibc
import ReplanCore
import ReplanHIL
import ReplanRealtime
import ReplanWire

/// The loop while the plant waits for each action: simulated time, planning work counted only.
///
/// It behaves as the streaming loop does: observation k is answered with the action planned from
/// observation k - 1 (or, with immediate output, from k itself).
struct LockstepLoop {
  let session: Session
  var state: ControlState
  private let isImmediate: Bool

  init(session: Session, state: ControlState) {
    self.session = session
    self.state = state
    isImmediate = state.host.configuration.timing == .immediate
  }

  /// Runs from the sample after the reset until the episode ends.
  mutating func run(from first: ObservationMessage) throws(HILError) -> LoopEnd {
    var observation = first
    var isFirst = true
    while true {
      var record = LoopRecord()
      state.wire.spread(&observation)
      let time = MonotonicClock.nanoseconds
      if state.heedEmergency() { session.link.disarm() }
      record.take(observation, at: time)
      state.observe(observation, at: time, &record)
      state.refit?.awaitAdoption(at: state.tick)
      let committed = isImmediate ? nil : state.nextAction(&record)
      state.step(deadline: nil, &record)
      let action = committed ?? state.nextAction(&record)
      let end = end(observation, isFirst: isFirst)
      isFirst = false
      // After the last sample nothing is sent any more.
      if end != nil {
        record.sentSequence = 0
        record.latencyNanoseconds = 0
      }
      // Simulated time can wait for the recorder.
      while !state.ring.push(record) { usleep(50) }
      if let end { return end }
      observation = try session.exchange(
        action, isStopRequested: state.isStopRequested)
    }
  }

  private func end(_ observation: ObservationMessage, isFirst: Bool) -> LoopEnd? {
    if state.isEmergency { return .emergencyStop }
    // The first sample after a reset may have been taken before arming.
    let flagged = isFirst ? nil : LoopEnd(observation.flags)
    return flagged ?? state.end
  }
}
