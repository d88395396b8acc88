import ReplanLearn
import ReplanRecord

extension MeasuredRecord {
  /// The records of a recording: at their own time stamps where it has them, otherwise on the tick.
  ///
  /// - Parameter latency: ticks from sending an action to its effect.
  static func records(of recording: Recording, latency: Int, tick: Double) -> [MeasuredRecord] {
    recording.samples.isEmpty
      ? recording.trajectories.map { MeasuredRecord($0, tick: tick) }
      : recording.samples.compactMap { MeasuredRecord($0, latency: latency) }
  }

  /// - Returns: nil if no interval with a known action is left.
  init?(_ run: SampledRun, latency: Int) {
    guard run.count > latency + 1 else { return nil }
    self.init(stateCount: run.stateCount, actionCount: run.actionCount)
    for k in latency..<run.count {
      append(
        time: run.times[k], state: run.state(k).map { Double($0) },
        action: run.action(k - latency).map { Double($0) })
    }
  }

  init(_ trajectory: Trajectory, tick: Double) {
    self.init(stateCount: trajectory.stateCount, actionCount: trajectory.actionCount)
    for k in 0...trajectory.count {
      // Nothing is integrated from the last sample on.
      let action = trajectory.action(min(k, trajectory.count - 1))
      append(
        time: Double(k) * tick, state: trajectory.state(k).map { Double($0) },
        action: action.map { Double($0) })
    }
  }
}
