import ReplanCore
import ReplanHIL
public import ReplanLoop
public import ReplanRecord
public import ReplanRobot

extension EpisodeSeries {
  /// Runs `body` and says how the run ended, also where it ended by an error; a stop while the plant
  /// resets is no error but ends it as one between two episodes does.
  func concluding(
    _ body: () throws(LearningError) -> Bool
  ) throws(LearningError) -> Bool {
    do throws(LearningError) {
      return try body()
    } catch {
      if case .loop(.plant(.stopped)) = error { return try finish(false, interruption) }
      // The first error is the one to tell.
      _ = try? finish(false, error.description)
      throw error
    }
  }

  /// Runs episodes with the model that `host` has adopted; no refits.
  ///
  /// - Parameters:
  ///   - seconds: length of an episode; nil for the robot file's. An episode of given length does
  ///     not end at its success.
  /// - Returns: whether every episode succeeded.
  public func runModel(
    episodes: Int, reset: EpisodeDescription.Reset?, seconds: Double?
  ) throws(LearningError) -> Bool {
    try begin("run")
    return try concluding { () throws(LearningError) in
      try runEpisodes(episodes, reset, seconds)
    }
  }

  private func runEpisodes(
    _ episodes: Int, _ reset: EpisodeDescription.Reset?, _ seconds: Double?
  ) throws(LearningError) -> Bool {
    var successes = 0
    for _ in 0..<episodes {
      if options.isStopRequested() { return try finish(false, interruption) }
      let result = try perform(
        EpisodeOptions(
          kind: .mpc, mode: .plan,
          maximumTicks: robot.ticks(in: seconds ?? robot.episode.seconds),
          stopsOnSuccess: seconds == nil, initialState: initialState(reset), keepsToKnown: true))
      if result.isSuccess { successes += 1 }
      if let reason = halt(after: result) { return try finish(false, reason) }
    }
    return try finish(successes == episodes, "\(successes) of \(episodes) episodes succeeded")
  }

  /// Runs episodes of the base policy.
  ///
  /// - Returns: false if it was interrupted.
  public func collect(
    episodes: Int, reset: EpisodeDescription.Reset?, seconds: Double?
  ) throws(LearningError) -> Bool {
    try begin("collect")
    return try concluding { () throws(LearningError) in
      try collectEpisodes(episodes, reset, seconds)
    }
  }

  private func collectEpisodes(
    _ episodes: Int, _ reset: EpisodeDescription.Reset?, _ seconds: Double?
  ) throws(LearningError) -> Bool {
    for _ in 0..<episodes {
      if options.isStopRequested() { return try finish(false, interruption) }
      let result = try baseEpisode(
        maximumTicks: robot.ticks(in: seconds ?? robot.basePolicy.seconds), reset: reset)
      collected.append(result.transitions)
      if let reason = halt(after: result) { return try finish(false, reason) }
    }
    return try finish(true, "\(episodes) episodes collected")
  }

  /// Runs an episode for each of some prepared actions.
  ///
  /// - Parameter review: given what was collected, before the run is said to have ended.
  /// - Returns: false if it was interrupted.
  public func play(
    _ prepared: [PreparedActions], reset: EpisodeDescription.Reset?,
    review: (TransitionSet) -> Void = { _ in }
  ) throws(LearningError) -> Bool {
    try begin("collect")
    return try concluding { () throws(LearningError) in try playAll(prepared, reset, review) }
  }

  private func playAll(
    _ prepared: [PreparedActions], _ reset: EpisodeDescription.Reset?,
    _ review: (TransitionSet) -> Void
  ) throws(LearningError) -> Bool {
    var left = 0
    for actions in prepared {
      if options.isStopRequested() { return try finish(false, interruption) }
      let result = try perform(
        EpisodeOptions(playing: actions, initialState: initialState(reset)))
      collected.append(result.transitions)
      if result.end == .guardStopped { left += 1 }
      if let reason = halt(after: result) {
        review(collected)
        return try finish(false, reason)
      }
    }
    review(collected)
    let remark =
      left > 0
      ? "; \(left) of them ended where the state left the envelope: a smaller --amplitude, or a --band "
        + "that begins higher, keeps inside" : ""
    return try finish(true, "\(prepared.count) episodes collected" + remark)
  }
}
