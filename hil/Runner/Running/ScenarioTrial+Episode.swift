import Foundation
import ReplanCore
import ReplanFaults
import ReplanHIL
import ReplanLoop
import ReplanRecord
import ReplanRobot
import Synchronization

extension ScenarioTrial {
  /// The model file as the controller's faults leave it; nil for the base policy.
  func model() throws(RecordError) -> ModelBlock? {
    guard let path = scenario.modelPath else { return nil }
    let stored = try StoredModel.load(try disturbed(path), for: scenario.robot)
    return ModelBlock(stored)
  }

  private func disturbed(_ path: String) throws(RecordError) -> String {
    let copy = folder + "/models/" + URL(filePath: path).lastPathComponent
    if scenario.controllerFaults.contains(.modelMissing) {
      noteModelFault(.modelMissing)
      return copy
    }
    guard scenario.controllerFaults.contains(.modelCorrupt) else { return path }
    // Whatever keeps the file from being read shows when the copy is.
    guard var bytes = try? Data(contentsOf: URL(filePath: path)), !bytes.isEmpty else {
      return path
    }
    bytes[bytes.count / 2] ^= 0x10
    do {
      try bytes.write(to: URL(filePath: copy))
      noteModelFault(.modelCorrupt)
    } catch {
      throw .refused(path: copy, reason: "it cannot be written: \(error)")
    }
    return copy
  }

  /// Runs the episode; the plant is disarmed afterwards.
  func episode(
    _ session: Session, _ workspace: Workspace, _ model: ModelBlock?,
    _ progress: @escaping @Sendable (String, Double, Double) -> Void
  ) throws -> EpisodeResult {
    let robot = scenario.robot
    // A simulated plant has its faults itself.
    if case .device = options.place, !scenario.faults.faults.isEmpty {
      try session.inject(scenario.faults, channels: robot.faultChannels)
    }
    let seed: UInt64 = 1
    let host = ControllerHost(
      robot.controllerConfiguration(
        seed: seed, model: model?.configuration, memory: model?.memoryTicks ?? 0,
        latency: model?.latency))
    if let model { host.adopt(model) }
    let runner = EpisodeRunner(
      robot: robot, session: session, host: host, workspace: workspace, options: options.loop,
      seed: seed, build: options.build, isStopRequested: options.isStopRequested,
      isEmergencyRequested: options.isEmergencyRequested)
    let disturbance = ControllerDisturbance(
      scenario.controllerFaults, rate: robot.rate,
      path: { try? workspace.episodes().last?.path })
    defer { disturbance.end() }
    let (name, duration) = (scenario.name, scenario.duration)
    runner.progress = { figures in
      progress(name, Double(figures.ticks) * robot.period, duration)
      disturbance.advance(to: figures.ticks)
    }
    defer { note(disturbance, session) }
    return try runner.run(episodeOptions(hasModel: model != nil))
  }

  private func note(_ disturbance: ControllerDisturbance, _ session: Session) {
    let acted = disturbance.acted
    counts.withLock { counts in
      for (index, count) in acted.enumerated() { counts.controller[index, default: 0] += count }
      counts.injected = session.link.actedFaults
    }
  }

  private func episodeOptions(hasModel: Bool) -> EpisodeOptions {
    let robot = scenario.robot
    return EpisodeOptions(
      kind: hasModel ? .mpc : .base, mode: hasModel ? .plan : .explore(robot.corePolicy()),
      maximumTicks: robot.ticks(in: scenario.duration),
      stopsOnSuccess: scenario.mayEndAtSuccess,
      initialState: scenario.initial, keepsToKnown: true,
      ticksWithoutPlanning: ticksWithoutPlanning)
  }

  var ticksWithoutPlanning: Range<Int> {
    for case .plannerLate(let at, let seconds) in scenario.controllerFaults {
      let first = Int((at * scenario.robot.rate).rounded())
      return first..<first + scenario.robot.ticks(in: seconds)
    }
    return 0..<0
  }
}

extension RobotDescription {
  /// Its channels, as faults name them.
  fileprivate var faultChannels: FaultChannels {
    FaultChannels(
      sensors: observation.map { FaultChannels.Sensor($0.name, isAngle: $0.kind == .angle) },
      actuatorCount: action.count)
  }
}
