public import ReplanCore
public import ReplanHIL
public import ReplanRealtime
public import ReplanRecord
public import ReplanRobot
import ReplanWire

/// Runs episodes with one plant: reset, arm, loop, disarm, and the record of it.
///
/// ```swift
/// let runner = EpisodeRunner(robot: robot, session: session, host: host, workspace: workspace, …)
/// let result = try runner.run(EpisodeOptions(kind: .mpc, mode: .plan, maximumTicks: 200))
/// ```
/// Whatever happens in between, the plant is told to disarm and the episode's file is closed.
public final class EpisodeRunner {
  let robot: RobotDescription
  let session: Session
  public let host: ControllerHost
  private let workspace: Workspace
  let options: LoopOptions
  let build: String
  let seed: UInt64
  let plant: String
  let isStopRequested: @Sendable () -> Bool
  private let isEmergencyRequested: @Sendable () -> Bool
  private var actionSequence: UInt32 = 0
  /// Where the session stands between two episodes.
  public private(set) var arming = ArmingState.disarmed
  /// What `replan watch` reads; nil where the disk refuses it, which is no reason not to run.
  public let live: LiveWriter?
  private let board: PlanBoard
  /// Asks the operator, where the robot file names one for resets; nobody is there by default.
  public var prompt: OperatorPrompt = { _, _, _ in .refused }
  /// Called from the recorder's thread every few ticks.
  public var progress: @Sendable (EpisodeProgress) -> Void = { _ in }

  /// - Parameters:
  ///   - isStopRequested: polled in every tick, on the control thread: it must not allocate, lock or
  ///     wait. By default it asks for the signals that the process was sent.
  ///   - isEmergencyRequested: the same for the emergency stop, which disarms the plant in the tick
  ///     that sees it and latches. By default that of the process, `StopSignal.requestEmergencyStop`.
  public init(
    robot: RobotDescription, session: Session, host: ControllerHost, workspace: Workspace,
    options: LoopOptions, seed: UInt64, plant: String = "", build: String,
    isStopRequested: @escaping @Sendable () -> Bool = { StopSignal.requests > 0 },
    isEmergencyRequested: @escaping @Sendable () -> Bool = { StopSignal.isEmergency }
  ) {
    self.robot = robot
    self.session = session
    self.host = host
    self.workspace = workspace
    self.options = options
    self.seed = seed
    self.plant = plant
    self.build = build
    self.isStopRequested = isStopRequested
    self.isEmergencyRequested = isEmergencyRequested
    live = try? LiveWriter(workspace: workspace.path, shape: LiveShape(host.configuration))
    board = PlanBoard(host.configuration)
  }

  /// A runner that goes on in the session of another one, with other settings of the robot.
  ///
  /// Only one of them runs at a time; `goOn` hands over what the session has come to.
  ///
  /// - Precondition: the robot's channels and the shape of its plans are the other's.
  public init(_ other: EpisodeRunner, robot: RobotDescription, host: ControllerHost) {
    self.robot = robot
    self.host = host
    session = other.session
    workspace = other.workspace
    options = other.options
    seed = other.seed
    plant = other.plant
    build = other.build
    isStopRequested = other.isStopRequested
    isEmergencyRequested = other.isEmergencyRequested
    live = other.live
    board = PlanBoard(host.configuration)
    goOn(from: other)
  }

  /// Takes over where the session stands after another runner's episode.
  public func goOn(from other: EpisodeRunner) {
    actionSequence = other.actionSequence
    arming = other.arming
    prompt = other.prompt
    progress = other.progress
  }

  /// Runs one episode.
  ///
  /// - Throws: `plant` if it cannot be reset or armed, `record` if the episode's file cannot be
  ///   made, `notRealtime` as the options say. A plant that is lost in mid-episode is
  ///   no error here but the episode's end.
  public func run(_ episode: EpisodeOptions) throws(LoopError) -> EpisodeResult {
    guard arming != .stopped else { throw .latched }
    try checkFallback(episode)
    try keepToKnown(episode)
    let memory = try realtime.prepare()
    let item = workspace.nextEpisode()
    let header = header(episode, index: item.index)
    let writer = try recording { () throws(RecordError) in
      try createFile(item, header)
    }
    var outcome = EpisodeOutcome(
      seconds: 0, isSuccess: false, episodeReturn: 0, ticks: 0, overruns: 0, fallbacks: 0,
      reason: "not started")
    do throws(LoopError) {
      var result = try perform(
        episode, item: item, header: header, writer: writer, memory: memory)
      outcome = EpisodeOutcome(
        seconds: result.seconds, isSuccess: result.isSuccess,
        episodeReturn: result.episodeReturn, ticks: result.ticks, overruns: result.overruns,
        fallbacks: result.fallbacks, reason: result.end.rawValue,
        droppedRecords: result.droppedRecords,
        verdicts: Dictionary(
          uniqueKeysWithValues: result.ladder.counts.map { ("\($0.key)", $0.value) }))
      let lost = writer.lostMessages
      // An episode that the disk has no room for was run all the same; its file stays readable.
      do throws(RecordError) {
        try writer.close(outcome: outcome)
      } catch {
        result.recordFailure = result.recordFailure ?? error
      }
      // The last chunk is written only now.
      result.droppedRecords += writer.lostMessages - lost
      return result
    } catch {
      // The first error is the one to tell; a file that cannot be closed stays readable.
      try? writer.close(outcome: outcome)
      live?.end(arming: arming, isDisarmed: nil)
      throw error
    }
  }

  private func perform(
    _ episode: EpisodeOptions, item: Workspace.Item, header: EpisodeHeader, writer: EpisodeWriter,
    memory: RealtimeReport
  ) throws(LoopError) -> EpisodeResult {
    let refit = episode.refit.map(RefitSchedule.init)
    let ring = SpscRing<LoopRecord>(capacity: ringCapacity)
    let recorder = Recorder(
      ring: ring, writer: writer, header: header, refit: refit,
      configuration: host.configuration, isLockstep: options.isLockstep,
      clockOffset: options.isLockstep ? nil : WallClock.offset,
      live: live.map { LiveEpisode($0, board: board, index: item.index) }, progress: progress)
    live?.begin(episode, index: item.index, options, host)
    let memory =
      memory + (realtime.isWanted && memory.isComplete ? MemoryLock.trim() : RealtimeReport())
    if options.requiresRealtime && !memory.isComplete { throw .notRealtime(memory) }
    host.rehearse()
    let rehearsal = rehearse(episode)
    host.controller.pointee.begin(episode: item.index, mode: episode.mode)
    let state = ControlState(
      host: host, ring: ring, options: episode, success: SuccessMonitor(robot, for: episode.kind),
      actionSequence: actionSequence, refit: refit, board: board, arming: arming.next(.arm),
      stopAfterTicks: robot.ticks(in: robot.guarding.stopAfter),
      stopsOnOverrun: robot.guarding.overrun == .stop, isStopRequested: isStopRequested,
      isEmergencyRequested: isEmergencyRequested)
    let recording = try thread(ThreadOptions(name: "recorder", priority: nil)) { _ in
      recorder.run()
    }
    let before = session.link.counters.wrongCount
    let attempt = Result { () throws(LoopError) in try control(state, episode, memory + rehearsal) }
    recorder.finish()
    recording.join()
    let run = try attempt.get()
    actionSequence = run.actionSequence
    arming = run.arming
    live?.end(arming: arming, isDisarmed: run.isDisarmed)
    // The controller goes on with the refit it has, so the host takes over its memory.
    if let block = refit?.mailbox.block(at: run.adoptedModel) { host.adopt(block) }
    var result = result(run, episode, item, recorder)
    result.refusedObservations = Int(session.link.counters.wrongCount &- before)
    result.missedTicks = run.missedTicks
    result.lostFrames = run.lostFrames
    result.damagedFrames = run.damagedFrames
    result.skippedObservations = recorder.figures.skippedObservations
    return result
  }

  /// Records that may wait for the disk: those of twenty seconds, 512 to 4096. In lockstep ticks come as fast
  /// as the plant answers.
  private var ringCapacity: Int {
    let wanted = options.isLockstep ? 4096 : robot.ticks(in: 20)
    var capacity = 512
    while capacity < min(wanted, 4096) { capacity *= 2 }
    return capacity
  }

  /// Runs the loop on a line with nobody at its end; a stop that is asked for meanwhile is for the
  /// episode to see.
  private func rehearse(_ episode: EpisodeOptions) -> RealtimeReport {
    var rehearsed = episode
    rehearsed.maximumTicks = RealtimePreparation.rehearsedTicks
    host.controller.pointee.begin(episode: 0, mode: episode.mode)
    return realtime.rehearse(
      ControlState(
        host: host, ring: SpscRing(capacity: 64), options: rehearsed,
        success: SuccessMonitor(robot, for: episode.kind), actionSequence: actionSequence,
        refit: nil,
        board: board,
        arming: arming.next(.arm), isStopRequested: { false }, isEmergencyRequested: { false }))
  }

  /// Says that somebody, or the plant's reset, has seen to the cause of a stop.
  public func acknowledge() { arming = arming.next(.acknowledge) }

  /// A bound that the model says nothing of must not be left out silently. A kind without members has
  /// none by its nature; whoever chose the model is told so before it runs.
  private func keepToKnown(_ episode: EpisodeOptions) throws(LoopError) {
    let gate = gate(episode)
    guard host.keepToKnown(gate) || gate == nil || !host.modelHasMembers else {
      throw .gateUnavailable
    }
  }

  /// A fallback that is not there when it is needed is none.
  private func checkFallback(_ episode: EpisodeOptions) throws(LoopError) {
    guard case .plan = episode.mode, !host.controller.pointee.isFallbackReady else { return }
    throw .fallbackUnavailable
  }

  /// Resets and arms the plant, runs the loop, disarms whatever comes.
  private func control(
    _ state: ControlState, _ episode: EpisodeOptions, _ memory: RealtimeReport
  ) throws(LoopError) -> ControlRun {
    var state = state
    let first: ObservationMessage?
    do throws(LoopError) {
      first = try bringToStart(episode, sequence: &state.actionSequence)
      do throws(HILError) { try session.arm() } catch { throw LoopError.plant(error) }
    } catch {
      session.disarm()
      throw error
    }
    // A host without it runs all the same; `replan doctor` tells of it.
    let hold = realtime.isWanted ? CPULatency.hold() : nil
    let run = Result { () throws(LoopError) in
      // In lockstep every way gives a sample, which asks for the first action.
      if options.isLockstep, let first { return lockstep(state, from: first) }
      return try streaming(state, memory)
    }
    let isDisarmed = session.disarm()
    hold?.release()
    var result = try run.get()
    result.isDisarmed = isDisarmed
    return result
  }

  private var realtime: RealtimePreparation {
    RealtimePreparation(
      options: options, host: host, link: session.link,
      wait: robot.planner.wait == .spin ? .spin : .futex)
  }

  private func lockstep(
    _ state: ControlState, from first: ObservationMessage
  ) -> ControlRun {
    var loop = LockstepLoop(session: session, state: state)
    let end: LoopEnd
    do throws(HILError) {
      end = try loop.run(from: first)
    } catch {
      end =
        switch error {
        case .vanished: .vanished
        case .stopped: isEmergencyRequested() ? .emergencyStop : .stopped
        default: .silent
        }
    }
    return ControlRun(end: end, state: loop.state)
  }

  private func streaming(
    _ state: ControlState, _ memory: RealtimeReport
  ) throws(LoopError) -> ControlRun {
    let link = session.link
    let rate = robot.rate
    let lead = robot.link.lead
    let silence = robot.link.timeout
    let thread = try thread(realtime.controlThread) { report -> ControlRun in
      var loop = StreamingLoop(link: link, state: state, rate: rate, lead: lead, silence: silence)
      let frames = link.counters.frames
      let before = ThreadUsage.current
      let end = loop.run()
      let usage = ThreadUsage.current - before
      var run = ControlRun(
        end: end, state: loop.state, report: memory + report, usage: usage)
      run.missedTicks = loop.missedTicks
      run.lostFrames = Int(link.counters.frames.lostFrames &- frames.lostFrames)
      run.damagedFrames = Int(link.counters.frames.badChecksums &- frames.badChecksums)
      return run
    }
    return thread.join()
  }

  private func result(
    _ run: ControlRun, _ episode: EpisodeOptions, _ item: Workspace.Item, _ recorder: Recorder
  ) -> EpisodeResult {
    let figures = recorder.figures
    return EpisodeResult(
      index: item.index, kind: episode.kind, path: item.path, end: run.end,
      isSuccess: run.end == .success || (episode.kind == .mpc && run.isAchieved),
      seconds: Double(figures.samples) / robot.rate,
      episodeReturn: figures.episodeReturn, ticks: figures.ticks, overruns: figures.overruns,
      fallbacks: figures.fallbacks, droppedRecords: figures.droppedRecords,
      recordFailure: recorder.failure, tick: figures.tick, wake: figures.wake,
      latency: figures.latency, transitions: recorder.transitions,
      lostSamples: figures.lostSamples, isDisarmed: run.isDisarmed, transport: figures.transport,
      lockLosses: figures.lockLosses, ladder: figures.ladder, arming: run.arming, usage: run.usage,
      report: run.report)
  }

  private func thread<Output: Sendable>(
    _ options: ThreadOptions, _ body: @escaping @Sendable (RealtimeReport) -> Output
  ) throws(LoopError) -> RealtimeThread<Output> {
    do throws(RealtimeError) {
      return try RealtimeThread<Output>.start(options, body: body)
    } catch {
      throw .realtime(error)
    }
  }

  private func recording<Output>(
    _ body: () throws(RecordError) -> Output
  ) throws(LoopError) -> Output {
    do throws(RecordError) { return try body() } catch { throw .record(error) }
  }
}
