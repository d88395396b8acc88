extension SeriesConversion {
  /// The first sequence number. Before number 0 a plant is known to apply its safe action, which
  /// nobody knows of a log, so that the numbers begin beyond any latency.
  private static let firstSequence: UInt32 = 100

  /// The samples as an episode, which the rest of Replan treats like one of its own.
  ///
  /// Sequence numbers count samples and leave one out at each gap, so that no transition crosses
  /// it; the plant's time tells how long it was. Observation k + 1 names the action in force since
  /// observation k; the first of a run names one that is not recorded, as nobody knows it. Where
  /// the robot has a latency, the action is looked for that much earlier, as in any episode.
  public func episode(header: EpisodeHeader) -> Episode {
    var episode = Episode(header: header)
    var (sequence, actionSequence): (UInt32, UInt32) = (Self.firstSequence, 1)
    let start = runs.first?.times.first ?? 0
    for run in runs {
      for sample in 0..<run.count {
        let seconds = run.times[sample] - start
        let logTime = header.startTime + UInt64((seconds * 1e9).rounded())
        episode.observations.append(
          ObservationRecord(
            logTime: logTime, sequence: sequence, actionSequence: actionSequence,
            plantTime: UInt64((seconds * 1e6).rounded()), flags: ObservationRecord.Flag.armed,
            cost: run.costs[sample], values: Array(run.state(sample))))
        actionSequence += 1
        if sample < run.count - 1 {
          episode.actions.append(
            ActionRecord(
              logTime: logTime, sequence: actionSequence, tick: sequence, flags: 0,
              values: Array(run.action(sample))))
        }
        sequence += 1
      }
      sequence += 1
    }
    return episode
  }
}
