import FirmwareSession
import Foundation
import ReplanCore
public import ReplanHIL
public import ReplanLoop
import ReplanPlants
public import ReplanRecord
public import ReplanRobot
import Synchronization

/// A robot, its plant on a pseudo-terminal, the session with it, and an empty workspace.
public final class EpisodeRig {
  public let robot: RobotDescription
  public let rig: PlantRig
  public let session: Session
  public let workspace: Workspace
  public let isLockstep: Bool
  /// Makes the loop stop once set.
  public let stop = StopFlag()
  private let folder: String

  public final class StopFlag: Sendable {
    let isSet = Atomic<Bool>(false)
    public func set() { isSet.store(true, ordering: .relaxed) }
  }

  /// - Parameters:
  ///   - rate: samples a second.
  ///   - resets: false for a plant that refuses to.
  ///   - replacing: what to write into the robot file instead of what stands there.
  public init(
    lockstep: Bool, rate: Int = 100, replacing: [String: String] = [:],
    faults: [UInt32: PlantFault] = [:], isSplit: Bool = false, noise: Float = 1,
    resets: Bool = true, folder: String? = nil
  ) throws {
    var text = EpisodeRig.robotText(rate: rate)
    for (old, new) in replacing {
      precondition(text.contains(old), "the robot file has no \"\(old)\"")
      text = text.replacingOccurrences(of: old, with: new)
    }
    robot = try RobotDescription.parse(text: text, file: "robot.yaml")
    isLockstep = lockstep
    var plant = FirmwareSession.SessionConfiguration(
      kind: .cartPole, seed: PlantSeed(5, 0), noiseScale: noise, quantises: true)
    plant.resets = resets
    for (i, channel) in robot.observation.enumerated() { plant.isHidden[i] = !channel.isMeasured }
    rig = PlantRig(plant, faults: faults, isSplit: isSplit)
    var timing = SessionTiming()
    timing.exchange = 0.3
    session = try Session(
      path: rig.path, baud: 921_600,
      configuration: ReplanHIL.SessionConfiguration(
        channels: ChannelCounts(observations: robot.measuredIndices.count, actions: 1),
        clock: lockstep ? .lockstep : .streaming, rate: Double(rate), timing: timing))
    self.folder = folder ?? NSTemporaryDirectory() + "replan-rig-" + UUID().uuidString
    workspace = try Workspace(path: self.folder, robotText: text) { _ in nil }
  }

  deinit {
    rig.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  public var loopOptions: LoopOptions { LoopOptions(isLockstep: isLockstep, priority: nil) }

  /// - Parameters:
  ///   - isStopRequested: instead of the one that asks `stop`.
  ///   - isEmergencyRequested: not that of the process, to which other tests send signals.
  public func runner(
    _ host: ControllerHost, isStopRequested: (@Sendable () -> Bool)? = nil,
    isEmergencyRequested: @escaping @Sendable () -> Bool = { false }
  ) -> EpisodeRunner {
    EpisodeRunner(
      robot: robot, session: session, host: host, workspace: workspace, options: loopOptions,
      seed: 1, build: "test", isStopRequested: isStopRequested ?? stopRequest,
      isEmergencyRequested: isEmergencyRequested)
  }

  public func host(seed: UInt64 = 1) -> ControllerHost {
    ControllerHost(robot.controllerConfiguration(seed: seed))
  }

  public var stopRequest: @Sendable () -> Bool {
    { [stop] in stop.isSet.load(ordering: .relaxed) }
  }

  /// An episode of the base policy.
  public func exploration(ticks: Int) -> EpisodeOptions {
    EpisodeOptions(
      kind: .base, mode: .explore(robot.corePolicy()), maximumTicks: ticks, stopsOnSuccess: false)
  }

  /// What makes the rig's robot one that measures its positions alone.
  public static func positionsOnly(_ estimator: String) -> [String: String] {
    [
      "{name: x, unit: m}": "{name: x, unit: m, noise: 0.001}",
      "{name: v, unit: m/s}": "{name: v, unit: m/s, measured: false}",
      "{name: angle, unit: rad, kind: angle}":
        "{name: angle, unit: rad, kind: angle, noise: 0.002}",
      "{name: w, unit: rad/s}": "{name: w, unit: rad/s, measured: false}",
      "planner: {kind": "estimator: \(estimator)\nplanner: {kind",
    ]
  }

  public static func robotText(rate: Int) -> String {
    """
    name: test_cart
    rate: \(rate)
    observation:
      - {name: x, unit: m}
      - {name: v, unit: m/s}
      - {name: angle, unit: rad, kind: angle}
      - {name: w, unit: rad/s}
    action:
      - {name: force, unit: N, min: -10, max: 10, safe: 0}
    structure:
      invariant: [x]
      second_order: {x: v, angle: w}
    objective:
      terms:
        - {angle: angle, target: 0, weight: 1}
        - {quadratic: x, weight: 0.2}
        - {action: force, weight: 0.01, scale: 10}
    planner: {kind: ilqr, horizon: 0.1, iterations: 1, candidates: 8}
    model:
      members: 2
      hidden: [8, 8]
      training: {steps: 50, batch: 16}
      refit: {every: 10, steps: 20, adopt_after: 4}
    base_policy: {kind: ou, seconds: 0.4}
    episode:
      seconds: 1
      reset: rest
      success: [{channel: angle, within: 0.01}]
      hold: 0.1
    link: {simulator: cart-pole, output: next-tick, timeout: 1}
    """
  }
}
