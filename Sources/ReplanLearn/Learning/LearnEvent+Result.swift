public import ReplanLoop
import ReplanRecord

extension LearnEvent.Episode {
  /// - Parameters:
  ///   - experience: armed time of all episodes, this one included, s.
  ///   - file: the episode's file, relative to its workspace.
  public init(_ result: EpisodeResult, experience: Double, file: String) {
    self.init(
      index: result.index, kind: result.kind.rawValue, seconds: result.seconds,
      experience: experience, episodeReturn: result.episodeReturn, success: result.isSuccess,
      end: result.end.rawValue, ticks: result.ticks, overruns: result.overruns,
      tick: LearnEvent.Percentiles(result.tick), wake: LearnEvent.Percentiles(result.wake),
      latency: LearnEvent.Percentiles(result.latency), fallbacks: result.fallbacks,
      transport: LearnEvent.Percentiles(result.transport), lockLosses: result.lockLosses,
      verdicts: Dictionary(
        uniqueKeysWithValues: result.ladder.counts.map { ("\($0.key)", $0.value) }),
      ladder: result.ladder.steps.map { Step(tick: $0.tick, verdict: "\($0.verdict)") },
      dropped: result.droppedRecords, lostSamples: result.lostSamples,
      disarmed: result.isDisarmed, dropReason: result.recordFailure?.description, file: file)
  }
}
