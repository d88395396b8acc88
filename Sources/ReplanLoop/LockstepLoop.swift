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
    while true {
      var record = LoopRecord()
      record.take(observation, at: MonotonicClock.nanoseconds)
      state.observe(observation)
      state.refit?.awaitAdoption(at: state.tick)
      let committed = isImmediate ? nil : next(&record)
      state.step(deadline: nil, &record)
      let action = committed ?? next(&record)
      record.latencyNanoseconds = record.sendTime - record.time
      // Simulated time can wait for the recorder.
      while !state.ring.push(record) { usleep(50) }
      // The first sample after a reset may have been taken before arming.
      if observation.sequence > 0, let end = LoopEnd(observation.flags) { return end }
      if let end = state.end { return end }
      observation = try session.exchange(action)
    }
  }

  private mutating func next(_ record: inout LoopRecord) -> ActionMessage {
    let now = MonotonicClock.nanoseconds
    let message = state.nextAction(at: now)
    record.sendTime = now
    record.sentSequence = message.sequence
    record.sentTick = message.tick
    record.sentFlags = message.flags.rawValue
    record.action = message.values
    return message
  }
}
