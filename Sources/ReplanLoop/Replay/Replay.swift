import ReplanCore
public import ReplanRecord
public import ReplanRobot

/// Computes the ticks of a recorded episode again.
///
/// The controller is made from what the episode carries: robot file, seed, number, mode, gate, and
/// the model that its hash names. It is given the recorded observations, tick by tick, and as many
/// units of planning work as the deadline admitted, and takes over the recorded refits at the ticks
/// at which they were.
///
/// ```swift
/// let replay = try Replay(episode, path: path)
/// let report = replay.compare(from: 0, until: replay.tickCount)
/// ```
public final class Replay {
  public let episode: Episode
  /// The robot that the controller is made for: the recorded one, or that of a what-if.
  public let robot: RobotDescription
  /// Why ticks that were run cannot be computed again; nil if all can.
  public let gap: ReplayGap?
  let ticks: [RecordedTick]
  private let host: ControllerHost
  private let refits: [UInt32: ModelBlock]
  private let mode: Controller.Mode
  private let gate: Float
  /// What the mode plays; kept for as long as it may.
  private let prepared: PreparedActions?

  /// Ticks that can be computed again.
  public var tickCount: Int { ticks.count }

  /// - Parameters:
  ///   - path: names the episode in errors; models are looked for beside it.
  ///   - modelPath: the model file, where it lies elsewhere.
  ///   - changed: plans with this robot instead of the recorded one.
  /// - Throws: `notReplayable` if the episode lacks something for good, `modelUnavailable` if its
  ///   model is not there any more as it was, `record` if a file cannot be read or a model does not
  ///   fit a changed robot.
  public init(
    _ episode: Episode, path: String, modelPath: String? = nil, changed: RobotDescription? = nil
  ) throws(LoopError) {
    let control = try Self.control(of: episode, path: path)
    let original = try Self.robot(of: episode, path: path)
    let robot = changed ?? original
    self.episode = episode
    self.robot = robot
    try Self.checkSameSignals(robot, episode)
    let recorded = RecordedTicks(episode)
    guard !recorded.ticks.isEmpty else {
      throw .notReplayable(
        path: path, reason: recorded.gap.map { "\($0)" } ?? "it holds no tick: nothing was run")
    }
    ticks = recorded.ticks
    gap = recorded.gap
    let models = ReplayModels(episode, path: path, robot: robot)
    refits = try models.refits()
    let first = try models.first(control.model, modelPath: modelPath)
    host = ControllerHost(
      robot.controllerConfiguration(
        seed: episode.header.seed, model: first?.configuration, memory: first?.memoryTicks ?? 0,
        latency: first?.latency))
    if let first { host.adopt(first) }
    prepared = try Self.prepared(of: episode, control, path: path)
    if let prepared {
      mode = .explore(prepared.policy)
    } else if control.isSettling {
      mode = .settle
    } else {
      mode =
        control.basePolicy.map {
          .explore(robot.basePolicy == original.basePolicy ? $0 : robot.corePolicy())
        } ?? .plan
    }
    if robot.guarding.gate == original.guarding.gate {
      gate = control.gate
    } else {
      let factor = robot.guarding.gate.map(Float.init)
      gate = host.gate(factor)
      guard gate < .infinity || factor == nil || !host.modelHasMembers else {
        throw .gateUnavailable
      }
    }
  }

  var configuration: ControllerConfiguration { host.configuration }

  /// Computes ticks `0..<end`.
  ///
  /// - Parameters:
  ///   - followsRecord: after each tick the recorded action counts as the one that was executed.
  ///   - visit: takes each tick with what it comes to now.
  func run(
    until end: Int, followsRecord: Bool = false, visit: (Int, RecordedTick, Decision) -> Void
  ) {
    let controller = host.controller
    controller.pointee.bound(disagreement: gate)
    controller.pointee.begin(episode: episode.header.index, mode: mode)
    var generation: UInt32 = 0
    for (tick, recorded) in ticks.prefix(end).enumerated() {
      let record = recorded.record
      if record.modelGeneration != generation, let block = refits[record.modelGeneration] {
        controller.pointee.adopt(block.parameters)
      }
      generation = record.modelGeneration
      let decision = controller.pointee.tick(Self.observation(recorded, tick), tick: tick) { unit in
        !record.isCut || unit < Int(record.iterations)
      }
      visit(tick, recorded, decision)
      if followsRecord { controller.pointee.replaceAction(Self.action(recorded.decision)) }
    }
  }

  /// The observation as the tick saw it; where none came in, one of an earlier tick.
  private static func observation(_ recorded: RecordedTick, _ tick: Int) -> Observation {
    guard let record = recorded.observation else {
      return Observation(values: StateVector(repeating: 0), tick: tick - 1)
    }
    var values = StateVector(repeating: 0)
    for (i, value) in record.values.prefix(Capacity.states).enumerated() { values[i] = value }
    return Observation(
      values: values, tick: tick, elapsedSamples: Int(recorded.record.elapsedSamples))
  }

  private static func action(_ values: [Float]) -> ActionVector {
    var action = ActionVector(repeating: 0)
    for (i, value) in values.prefix(Capacity.actions).enumerated() { action[i] = value }
    return action
  }
}

extension Replay {
  /// The robot that an episode was recorded with.
  public static func robot(
    of episode: Episode, path: String
  ) throws(LoopError) -> RobotDescription {
    do throws(RobotError) {
      return try RobotDescription.parse(
        text: episode.header.robotText, file: "\(path), its robot.yaml")
    } catch {
      throw .notReplayable(
        path: path, reason: "this build does not read the robot file inside:\n\(error)")
    }
  }

  private static func control(
    of episode: Episode, path: String
  ) throws(LoopError) -> ControlSettings {
    guard episode.header.kind != EpisodeHeader.imported else {
      throw .notReplayable(
        path: path,
        reason: "it was imported: other programs decided its actions, and it holds no tick")
    }
    guard let control = episode.header.control else {
      throw .notReplayable(
        path: path,
        reason: "it is of format 1, which does not say which observation a tick used, what it "
          + "decided and estimated, where a deadline cut its planning short, and which gate and base "
          + "policy were in force; record anew, the episodes of this build say it")
    }
    return control
  }

  /// The actions that the episode played; nil if it did not.
  private static func prepared(
    of episode: Episode, _ control: ControlSettings, path: String
  ) throws(LoopError) -> PreparedActions? {
    guard let design = control.excitation else { return nil }
    guard let table = episode.header.prepared, table.channels == episode.header.actionChannels
    else {
      throw .notReplayable(
        path: path, reason: "it played prepared actions, and they are not attached any more")
    }
    return PreparedActions(table, design: design)
  }

  /// A what-if may change how the robot is controlled, not what was measured.
  private static func checkSameSignals(
    _ robot: RobotDescription, _ episode: Episode
  ) throws(LoopError) {
    let header = episode.header
    guard robot.observation.map(\.name) == header.observationChannels,
      robot.action.map(\.name) == header.actionChannels
    else { throw .otherSignals("channels") }
    guard abs(robot.period - header.tick) <= 1e-9 else { throw .otherSignals("rate") }
  }
}
