import ReplanCore
import ReplanLoop
import ReplanRecord
import ReplanRobot

extension Recording {
  /// - Parameters:
  ///   - episode: what the file holds; nil if it cannot be read.
  ///   - result: what the loop says of it.
  init(_ episode: Episode?, _ result: EpisodeResult, robot: RobotDescription) {
    self.init(period: robot.period, end: Word.of(result.end))
    isStopped = result.arming == .stopped
    guard let episode else {
      isComplete = false
      loss = "the file cannot be read"
      return
    }
    observations = episode.observations.map { record in
      Observation(
        time: Double(record.sequence) * robot.period, values: record.values.map(Double.init),
        isArmed: record.flags & ObservationRecord.Flag.armed != 0,
        isStarved: record.flags & ObservationRecord.Flag.watchdog != 0)
    }
    actions = episode.actions.map {
      Action(tick: Int($0.tick), values: $0.values.map(Double.init))
    }
    ticks = Self.ticks(episode, period: robot.period)
    isComplete = episode.isComplete && result.droppedRecords == 0
    loss =
      result.recordFailure.map { "\(result.droppedRecords) records lost: \($0)" }
      ?? (result.droppedRecords > 0 ? "\(result.droppedRecords) records lost" : nil)
  }

  /// Each tick at the time of its observation; one without goes on from the tick before.
  private static func ticks(_ episode: Episode, period: Double) -> [Tick] {
    var next = episode.observations.startIndex
    var time = Double(episode.observations.first?.sequence ?? 0) * period
    var last: UInt32?
    return episode.ticks.map { record in
      if let last { time += Double(record.tick &- last) * period }
      last = record.tick
      // A tick and the observation that it saw have one log time; those before were overtaken.
      while next < episode.observations.endIndex,
        episode.observations[next].logTime <= record.logTime
      {
        if episode.observations[next].logTime == record.logTime {
          time = Double(episode.observations[next].sequence) * period
        }
        next += 1
      }
      return Tick(
        time: time, verdict: Verdict(rawValue: record.verdict) ?? .noPlan,
        isOverrun: record.isOverrun)
    }
  }
}
