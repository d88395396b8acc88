import ReplanCore

extension EpisodeOutcome {
  /// The end of an episode whose own was not written: what its records tell.
  ///
  /// - Parameter episodeReturn: not a number if it cannot be told.
  init(ofCutOff episode: Episode, episodeReturn: Double) {
    var samples = 0
    if let first = episode.observations.first, let last = episode.observations.last {
      // A plant that has restarted counts from 0 again, which is no armed time.
      samples = max(0, Int(Int32(bitPattern: last.sequence &- first.sequence))) + 1
    }
    let verdicts = episode.ticks.compactMap { Verdict(rawValue: $0.verdict) }
    self.init(
      seconds: Double(samples) / episode.header.rate, isSuccess: false,
      episodeReturn: episodeReturn, ticks: episode.ticks.count,
      overruns: episode.ticks.count(where: \.isOverrun),
      fallbacks: verdicts.count(where: \.isFallback), reason: Self.cutOff,
      verdicts: Dictionary(verdicts.map { ("\($0)", 1) }, uniquingKeysWith: +))
  }

  /// The reason that recovery gives.
  public static let cutOff = "cut off"
}
