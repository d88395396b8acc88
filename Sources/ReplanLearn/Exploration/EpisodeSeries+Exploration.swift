import ReplanCore
import ReplanHIL
public import ReplanLoop
import ReplanRecord
public import ReplanRobot

extension EpisodeSeries {
  /// An episode of the robot file's base policy, at most so long.
  func baseEpisode(
    maximumTicks: Int, reset: EpisodeDescription.Reset? = nil
  ) throws(LearningError) -> EpisodeResult {
    if let prepared = options.baseActions(episodes) {
      return try perform(
        EpisodeOptions(
          playing: prepared, maximumTicks: maximumTicks, initialState: initialState(reset)))
    }
    return try perform(
      EpisodeOptions(
        kind: .base, mode: .explore(robot.corePolicy()), maximumTicks: maximumTicks,
        stopsOnSuccess: false, initialState: initialState(reset)))
  }

  /// True while exploration is to go on although there is data to fit a model to: it comes after the
  /// workspace's first episode.
  var isExploring: Bool {
    robot.exploration.policy != .none && episodes <= robot.exploration.episodes
  }

  /// Episodes of the task that the workspace holds, those of a continued run included.
  var taskEpisodes: Int {
    episodes - 1 - (robot.exploration.policy == .none ? 0 : robot.exploration.episodes)
  }

  /// An episode that looks for what the model that is in use does not know.
  ///
  /// - Precondition: a model was adopted.
  func seek(
    maximumTicks: Int, reset: EpisodeDescription.Reset? = nil, seconds: Double? = nil
  ) throws(LearningError) -> EpisodeResult {
    let ticks = min(maximumTicks, robot.ticks(in: seconds ?? robot.exploration.seconds))
    guard robot.exploration.policy != .base, let model = host.fittedModel,
      (model.ensemble?.shape.memberCount ?? 1) > 1, !starts.isEmpty
    else { return try baseEpisode(maximumTicks: ticks, reset: reset) }
    let actions = DirectedExploration(robot: robot, seed: options.seed).actions(
      model, data: dataset.transitions, starts: Array(starts.suffix(4)), ticks: ticks,
      part: episodes)
    return try perform(
      EpisodeOptions(playing: actions, initialState: initialState(reset)))
  }

  /// Runs episodes that look for what a model does not know; without refits between them.
  ///
  /// - Returns: false if it was interrupted.
  public func collectDirected(
    _ model: ModelBlock, episodes count: Int, reset: EpisodeDescription.Reset?, seconds: Double?
  ) throws(LearningError) -> Bool {
    host.adopt(model)
    try begin("collect")
    return try concluding { () throws(LearningError) in
      for _ in 0..<count {
        if options.isStopRequested() { return try finish(false, interruption) }
        let result = try seek(maximumTicks: .max, reset: reset, seconds: seconds)
        collected.append(result.transitions)
        if let reason = halt(after: result) { return try finish(false, reason) }
      }
      return try finish(true, "\(count) episodes collected")
    }
  }
}

extension EpisodeSeries {
  /// True while the robot file wants the task's episodes planned with optimism.
  var isOptimistic: Bool { max(taskEpisodes, 0) < robot.exploration.optimisticEpisodes }

  /// Runs an episode with `value: optimistic`, whatever the robot file says otherwise.
  ///
  /// The robot of such an episode is the file with that value written into it, so that its record says
  /// what was run, and can be replayed.
  func runOptimistically(_ episode: EpisodeOptions) throws(LoopError) -> EpisodeResult {
    guard let optimist else { preconditionFailure("prepareExploration makes it") }
    if let model = host.currentModel { optimist.host.adopt(model) }
    optimist.goOn(from: runner)
    defer {
      runner.goOn(from: optimist)
      // A refit inside the episode is in use from then on.
      if let model = optimist.host.currentModel { host.adopt(model) }
    }
    return try optimist.run(episode)
  }

  /// Makes ready what the robot file asks for, before anything moves.
  ///
  /// - Throws: `learn` if the file's `value` cannot be replaced.
  func prepareExploration() throws(LearningError) {
    guard isOptimistic else { return }
    var edit = RobotFileEdit(text: robot.source, file: "robot.yaml")
    let optimistic: RobotDescription
    do throws(RobotError) {
      try edit.set(path: ["value"], to: "{optimistic: 0.7}")
      optimistic = try edit.checked()
    } catch {
      throw .learn(
        .mismatch(
          "exploration.optimistic_episodes replaces the robot file's value, which it cannot: \(error)"
        ))
    }
    optimist = EpisodeRunner(
      runner, robot: optimistic,
      host: ControllerHost(optimistic.controllerConfiguration(seed: options.seed)))
  }
}
