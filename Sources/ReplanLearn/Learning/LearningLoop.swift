import ReplanCore
public import ReplanHIL
public import ReplanLoop
import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Learns a task: excite, then fit, run, append, and again until it succeeds.
///
/// It is version 1.5 of model-based reinforcement learning (Levine, CS285, lecture 11): execute
/// the first action of a plan, replan at every tick, refit on everything seen.
public final class LearningLoop {
  public struct Options: Sendable {
    /// Armed time after which this run gives up, s.
    public var maximumExperience: Double
    public var loop: LoopOptions
    public var seed: UInt64
    /// Written into episode files.
    public var build: String

    public init(maximumExperience: Double, loop: LoopOptions, seed: UInt64, build: String) {
      self.maximumExperience = maximumExperience
      self.loop = loop
      self.seed = seed
      self.build = build
    }
  }

  let robot: RobotDescription
  let options: Options
  let workspace: Workspace
  let session: Session
  let host: ControllerHost
  let fitter: ModelFitter
  let runner: EpisodeRunner
  let emit: @Sendable (LearnEvent) -> Void
  let progress: @Sendable (LearnProgress) -> Void
  /// Everything seen so far.
  private(set) var dataset: TransitionSet
  /// Armed time of all episodes of the workspace, s.
  private(set) var experience: Double
  private let experienceBefore: Double
  private var episodes: Int
  private var rounds: UInt64 = 0

  /// - Parameters:
  ///   - emit: takes each event; the workspace's journal has it already.
  ///   - progress: called from other threads.
  public init(
    robot: RobotDescription, session: Session, workspace: Workspace, options: Options,
    emit: @escaping @Sendable (LearnEvent) -> Void,
    progress: @escaping @Sendable (LearnProgress) -> Void
  ) throws(RecordError) {
    self.robot = robot
    self.session = session
    self.workspace = workspace
    self.options = options
    self.emit = emit
    self.progress = progress
    host = ControllerHost(robot.controllerConfiguration(seed: options.seed))
    fitter = ModelFitter(robot: robot, seed: options.seed)
    runner = EpisodeRunner(
      robot: robot, session: session, host: host, workspace: workspace, options: options.loop,
      seed: options.seed, build: options.build)
    let past = try PastEpisodes(of: workspace, robot: robot)
    dataset = past.transitions
    experience = past.seconds
    experienceBefore = past.seconds
    episodes = past.count
  }

  /// Runs until the first success, the end of the budget, or a request to stop.
  ///
  /// - Returns: whether an episode succeeded.
  /// - Throws: `loop` if the plant is lost, `record` for what the disk refuses, `learn` if the data
  ///   cannot be fitted. What was recorded until then is kept.
  public func run() throws(LearningError) -> Bool {
    try note(
      .start(
        LearnEvent.Start(
          command: "learn", robot: robot.name, plant: session.description.text, rate: robot.rate,
          seed: options.seed, lockstep: options.loop.isLockstep, transitions: dataset.count,
          experience: experience)))
    while true {
      guard StopSignal.requests == 0 else { return try finish(false, "interrupted") }
      let ticksLeft = robot.ticks(
        in: options.maximumExperience - (experience - experienceBefore) + 1e-9)
      guard experience - experienceBefore < options.maximumExperience - robot.period / 2 else {
        return try finish(false, "not achieved within the budget of interaction")
      }
      let result =
        dataset.count < Trainer.fewestTransitions
        ? try explore(ticksLeft) : try improve(ticksLeft)
      guard let result else { return try finish(false, "interrupted") }
      if result.isSuccess && result.kind == .mpc { return try finish(true, "success") }
    }
  }

  /// An episode of the base policy.
  private func explore(_ ticksLeft: Int) throws(LearningError) -> EpisodeResult? {
    try perform(
      EpisodeOptions(
        kind: .base, mode: .explore(robot.corePolicy()),
        maximumTicks: min(ticksLeft, robot.ticks(in: robot.basePolicy.seconds)),
        stopsOnSuccess: false, initialState: initialState))
  }

  /// Fits on everything so far, then runs an episode with refits inside; nil if interrupted.
  private func improve(_ ticksLeft: Int) throws(LearningError) -> EpisodeResult? {
    guard try refit() else { return nil }
    return try perform(
      EpisodeOptions(
        kind: .mpc, mode: .plan,
        maximumTicks: min(ticksLeft, robot.ticks(in: robot.episode.seconds)),
        initialState: initialState, refit: insideRefit()))
  }

  private var initialState: InitialState {
    switch robot.episode.reset {
    case .rest: .rest
    // The wire carries 24 bits of a seed; 0 would leave the choice to the plant.
    case .random: .random(seed: UInt32(1 + (options.seed &* 1009 &+ UInt64(episodes)) % 16_000_000))
    }
  }

  /// Fits, stores and adopts a model; false if a request to stop came meanwhile.
  private func refit() throws(LearningError) -> Bool {
    let transitions = dataset
    let start = MonotonicClock.nanoseconds
    let cancellation = TrainingCancellation()
    let model: EnsembleModel
    rounds += 1
    do throws(LearnError) {
      model = try fitter.fit(
        transitions, round: rounds << 32, place: .betweenEpisodes, cancellation: cancellation
      ) { [progress] step, steps in
        if StopSignal.requests > 0 { cancellation.cancel() }
        progress(.fitting(transitions: transitions.count, step: step, of: steps))
      }
    } catch {
      if case .cancelled = error { return false }
      throw .learn(error)
    }
    let stored = try recording { () throws(RecordError) in try workspace.store(model) }
    host.adopt(ModelBlock(model, hash: stored.hash))
    try note(
      .fit(
        LearnEvent.Fit(
          members: model.shape.memberCount, transitions: transitions.count,
          seconds: Double(MonotonicClock.nanoseconds - start) / 1e9, rmse: model.training.rmse,
          file: relative(stored.item.path), hash: stored.hash)))
    return true
  }

  /// Refits beside the running loop, on everything before the episode and the episode so far.
  private func insideRefit() -> RefitOptions? {
    let refit = robot.model.refit
    guard refit.every > 0 else { return nil }
    let before = dataset
    let round = rounds << 32
    let cancellation = TrainingCancellation()
    return RefitOptions(
      every: refit.every, adoptAfter: refit.adoptAfter,
      fit: { [fitter] episode, tick in
        var transitions = before
        transitions.append(episode)
        // Without a new model the loop goes on with the one it has.
        return
          (try? fitter.fit(
            transitions, round: round &+ UInt64(tick), place: .insideEpisode,
            cancellation: cancellation)).map { ModelBlock($0) }
      }, cancel: { cancellation.cancel() })
  }

  private func perform(_ episode: EpisodeOptions) throws(LearningError) -> EpisodeResult {
    let seconds = Double(episode.maximumTicks) * robot.period
    let period = robot.period
    let index = episodes + 1
    runner.progress = { [progress] figures in
      progress(
        .running(
          episode.kind, index: index, seconds: Double(figures.ticks) * period, of: seconds,
          figures))
    }
    let result: EpisodeResult
    do throws(LoopError) { result = try runner.run(episode) } catch { throw .loop(error) }
    episodes += 1
    dataset.append(result.transitions)
    experience += result.seconds
    try note(.episode(event(result)))
    if let loss = result.loss(path: session.link.path) { throw .loop(loss) }
    return result
  }

  private func event(_ result: EpisodeResult) -> LearnEvent.Episode {
    LearnEvent.Episode(result, experience: experience, file: relative(result.path))
  }

  private func finish(_ success: Bool, _ reason: String) throws(LearningError) -> Bool {
    var end = LearnEvent.End(
      success: success, experience: experience, reason: reason, workspace: nil)
    try recording { () throws(RecordError) in
      try workspace.journal.append(LearnEvent.end(end), isSynchronized: true)
    }
    end.workspace = workspace.path
    emit(.end(end))
    return success
  }

  private func note(_ event: LearnEvent) throws(LearningError) {
    try recording { () throws(RecordError) in
      try workspace.journal.append(event, isSynchronized: !options.loop.isLockstep)
    }
    emit(event)
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix(workspace.path + "/")
      ? String(path.dropFirst(workspace.path.count + 1)) : path
  }

  private func recording<Output>(
    _ body: () throws(RecordError) -> Output
  ) throws(LearningError) -> Output {
    do throws(RecordError) { return try body() } catch { throw .record(error) }
  }
}
