public import ReplanCore
public import ReplanHIL
public import ReplanLoop
public import ReplanRealtime
public import ReplanRecord
public import ReplanRobot

/// Runs one episode after another with a plant, keeps the workspace's books and tells what happens.
///
/// What the commands `learn`, `run` and `collect` share.
public final class EpisodeSeries {
  public struct Options: Sendable {
    public var loop: LoopOptions
    public var seed: UInt64
    /// Which plant it is; episodes of another one are not mixed with its own. Empty if unknown.
    public var plant: String
    /// Written into episode files.
    public var build: String
    /// What the base policy plays, by the number of episodes before, where it is designed before the
    /// episode; nil where it is drawn tick by tick.
    public var baseActions: @Sendable (_ episode: Int) -> PreparedActions? = { _ in nil }
    /// Asks the operator, where the robot file names one for resets; nobody is there by default.
    public var prompt: OperatorPrompt = { _, _, _ in .refused }
    /// Polled in every tick and between episodes; must not allocate, lock or wait.
    public var isStopRequested: @Sendable () -> Bool
    /// The same for the emergency stop.
    public var isEmergencyRequested: @Sendable () -> Bool

    public init(
      loop: LoopOptions, seed: UInt64, plant: String = "", build: String,
      isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 },
      isEmergencyRequested: @escaping @Sendable () -> Bool = { StopSignal.isEmergency }
    ) {
      self.loop = loop
      self.seed = seed
      self.plant = plant
      self.build = build
      self.isStopRequested = isStopRequested
      self.isEmergencyRequested = isEmergencyRequested
    }
  }

  public let robot: RobotDescription
  public let options: Options
  public let host: ControllerHost
  let workspace: Workspace
  let session: Session
  let progress: @Sendable (LearnProgress) -> Void
  private let emit: @Sendable (LearnEvent) -> Void
  let runner: EpisodeRunner
  /// Runs episodes that are planned for the best end of what may come; made when it is needed.
  var optimist: EpisodeRunner?
  /// What models are fitted to: everything seen so far, that of earlier runs included, as far as the
  /// robot file's `dataset` keeps it.
  public private(set) var dataset: Dataset
  /// Ticks that the next episode may take, a reset by the controller before it included; nil for no
  /// bound. What the reset leaves no time for is not begun.
  var ticksLeft: Int?
  /// The last model that was fitted, which tells what is redundant.
  var judge: EnsembleModel?
  /// What this run has collected.
  public internal(set) var collected: TransitionSet
  /// Armed time of all episodes of the workspace, s.
  public private(set) var experience: Double
  /// The same of this run alone.
  public private(set) var ownExperience = 0.0
  private(set) var episodes: Int
  /// The first states of episodes, in order.
  private(set) var starts: [[Float]] = []
  /// What the host did not grant in the last episode.
  private var shortfall = RealtimeReport()

  /// - Parameters:
  ///   - model: what the controller plans with, as a stored model has it; the robot's ensemble if nil.
  ///   - memory: ticks that the model's state reaches back.
  ///   - latency: that of the plant as the model says; the robot file's own word goes before it.
  ///   - emit: takes each event; the workspace's journal has it already.
  ///   - progress: called from other threads.
  /// - Throws: what the disk refuses. Episodes that cannot be read are left out.
  public init(
    robot: RobotDescription, session: Session, workspace: Workspace, options: Options,
    model: ModelConfiguration? = nil, memory: Int = 0, latency: Int? = nil,
    emit: @escaping @Sendable (LearnEvent) -> Void,
    progress: @escaping @Sendable (LearnProgress) -> Void
  ) throws(RecordError) {
    self.robot = robot
    self.session = session
    self.workspace = workspace
    self.options = options
    self.emit = emit
    host = ControllerHost(
      robot.controllerConfiguration(
        seed: options.seed, model: model, memory: memory, latency: latency))
    runner = EpisodeRunner(
      robot: robot, session: session, host: host, workspace: workspace, options: options.loop,
      seed: options.seed, plant: options.plant, build: options.build,
      isStopRequested: options.isStopRequested,
      isEmergencyRequested: options.isEmergencyRequested)
    runner.prompt = options.prompt
    let live = runner.live
    self.progress = { [live] news in
      if case .fitting(let transitions, let step, let steps) = news {
        live?.showFit(transitions: transitions, step: step, of: steps)
      }
      progress(news)
    }
    let past = try PastEpisodes(of: workspace, robot: robot, seed: options.seed)
    try past.checkMixes(with: options.plant, in: workspace)
    dataset = past.dataset
    if dataset.count > 0 {
      starts = [Array(dataset.transitions.states.prefix(robot.observation.count))]
    }
    collected = TransitionSet(
      stateCount: robot.observation.count, actionCount: robot.action.count)
    experience = past.seconds
    episodes = past.count
  }

  /// The plant's initial state for the next episode, as the robot file says or as overridden.
  func initialState(_ reset: EpisodeDescription.Reset? = nil) -> InitialState {
    switch reset ?? robot.episode.reset {
    case .rest: .rest
    // The wire carries 24 bits of a seed; 0 would leave the choice to the plant.
    case .random: .random(seed: UInt32(1 + (options.seed &* 1009 &+ UInt64(episodes)) % 16_000_000))
    }
  }

  /// The number that the next episode will have.
  var nextEpisode: Int { episodes + 1 }

  /// Says that a run begins.
  func begin(_ command: String) throws(LearningError) {
    try note(
      .start(
        LearnEvent.Start(
          command: command, robot: robot.name, plant: session.description.text, rate: robot.rate,
          seed: options.seed, lockstep: options.loop.isLockstep, transitions: dataset.count,
          experience: experience,
          estimator: robot.estimator.kind == .none ? nil : robot.estimator.kind.rawValue,
          estimatorDelay: robot.estimatorDelay)))
  }

  /// Runs one episode and books it, after one that brings the plant to rest where that is the
  /// controller's part.
  ///
  /// - Throws: also where the episode was run but the plant was lost at its end; it is booked then.
  ///
  /// - Parameter isOptimistic: plans for the best end of what the members hold possible.
  func perform(
    _ episode: EpisodeOptions, isOptimistic: Bool = false
  ) throws(LearningError) -> EpisodeResult {
    var episode = episode
    if robot.episode.resetBy.contains(.controller), episode.initialState == .rest {
      let reset = try settle()
      episode.isInPlace = reset.end == .atRest
      if let ticksLeft {
        guard ticksLeft > reset.ticks else { return reset }
        episode.maximumTicks = min(episode.maximumTicks, ticksLeft - reset.ticks)
      }
    }
    return try book(episode, isOptimistic: isOptimistic)
  }

  /// Brings the plant to rest by the controller. If it does not get there in time, or the guard stops it,
  /// it is the next way's turn.
  private func settle() throws(LearningError) -> EpisodeResult {
    let ticks = robot.ticks(in: robot.episode.resetTimeout)
    let result = try book(
      EpisodeOptions(settling: min(ticks, ticksLeft ?? ticks)), isOptimistic: false)
    switch result.end {
    case .stopped, .emergencyStop: throw .loop(.plant(.stopped(path: session.link.path)))
    // Whoever is asked next sees to the cause.
    case .guardStopped: runner.acknowledge()
    default: break
    }
    return result
  }

  private func book(
    _ episode: EpisodeOptions, isOptimistic: Bool
  ) throws(LearningError) -> EpisodeResult {
    let seconds = Double(episode.maximumTicks) * robot.period
    let period = robot.period
    let index = nextEpisode
    runner.progress = { [progress] figures in
      progress(
        .running(
          episode.kind, index: index, seconds: Double(figures.ticks) * period, of: seconds,
          figures))
    }
    let result: EpisodeResult
    do throws(LoopError) {
      result = try isOptimistic ? runOptimistically(episode) : runner.run(episode)
    } catch {
      throw .loop(error)
    }
    episodes += 1
    if result.transitions.count > 0 {
      starts.append(Array(result.transitions.states.prefix(robot.observation.count)))
    }
    if !robot.promotion.holdsOut(episode: result.index) {
      dataset.append(
        result.transitions, episode: result.index, isBase: result.kind == .base,
        surprise: Dataset.surprise(by: judge))
    }
    // Whole samples, so that adding up leaves no trace in the last digits.
    experience = ((experience + result.seconds) * robot.rate).rounded() / robot.rate
    ownExperience = ((ownExperience + result.seconds) * robot.rate).rounded() / robot.rate
    try note(
      .episode(
        LearnEvent.Episode(result, experience: experience, file: relative(result.path))))
    tell(result.report)
    if let loss = result.loss(path: session.link.path) { throw .loop(loss) }
    return result
  }

  /// How a run ends that somebody has stopped.
  var interruption: String {
    options.isEmergencyRequested()
      ? "emergency stop; see to the plant, then start again" : "interrupted"
  }

  /// Why no further episode is to follow this one although the plant is still there; nil if one may.
  ///
  /// A stop by the guard is latched. Where the plant itself went, and what is not known of it there,
  /// its reset makes good; for anything else somebody has to look.
  func halt(after result: EpisodeResult) -> String? {
    switch result.end {
    case .stopped, .emergencyStop: return interruption
    case .overrun:
      return
        "a tick was missed, and guard.overrun is stop; `replan doctor` says what the host lacks"
    case .guardStopped:
      let causes = result.ladder.lastFallback
      let forgiven: Set<Verdict> = [.outsideEnvelope, .leavingEnvelope, .unknown]
      guard !causes.isSubset(of: forgiven) else {
        runner.acknowledge()
        return nil
      }
      let names = causes.map { "\($0)" }.sorted().joined(separator: ", ")
      return "the guard stopped the plant: fallback by \(names) for longer than guard.stop_after; "
        + (causes.contains(.late)
          ? "give the planner less to do (`replan bench --fit-rate`), or see to the host "
            + "(`replan doctor`)" : "see to sensors, line and model")
    default: return nil
    }
  }

  private func tell(_ report: RealtimeReport) {
    guard report != shortfall else { return }
    shortfall = report
    progress(.shortfall(report))
  }

  /// Says how a run ended.
  func finish(_ success: Bool, _ reason: String) throws(LearningError) -> Bool {
    runner.live?.showEnd()
    var end = LearnEvent.End(
      success: success, experience: experience, reason: reason, workspace: nil)
    try recording { () throws(RecordError) in
      try workspace.journal.append(LearnEvent.end(end), isSynchronized: true)
    }
    end.workspace = workspace.path
    emit(.end(end))
    return success
  }

  func note(_ event: LearnEvent) throws(LearningError) {
    try recording { () throws(RecordError) in
      try workspace.journal.append(event, isSynchronized: !options.loop.isLockstep)
    }
    emit(event)
  }

  /// A path as the journal tells it.
  func relative(_ path: String) -> String {
    path.hasPrefix(workspace.path + "/")
      ? String(path.dropFirst(workspace.path.count + 1)) : path
  }

  func recording<Output>(
    _ body: () throws(RecordError) -> Output
  ) throws(LearningError) -> Output {
    do throws(RecordError) { return try body() } catch { throw .record(error) }
  }
}
