import Foundation
import ReplanFaults
import ReplanHIL
import ReplanPlants
public import ReplanRobot

extension Scenario {
  /// A scenario with faults drawn from a seed, for campaigns: whatever goes wrong, no action leaves its
  /// limits, the run recovers or ends with the cause named, and its file opens.
  ///
  /// - Parameters:
  ///   - robotPath: also says where the model lies, if that is a relative path.
  ///   - duration: s of armed time; every fault is over by three quarters of it.
  ///   - allowsRealTime: whether faults that mean nothing in lockstep are drawn too.
  /// - Throws: `RobotError` for the robot file; `invalid` if it names no simulated plant.
  public static func random(
    seed: UInt64, robotPath: String, modelPath: String, duration: Double = 20,
    allowsRealTime: Bool
  ) throws(RobotError) -> Scenario {
    let robot = try RobotDescription.load(path: robotPath)
    let kinds = (0..<PlantKind.count).compactMap { PlantKind(rawValue: $0) }
    guard let kind = kinds.first(where: { "\($0.name)" == robot.link.simulator }) else {
      throw .invalid([
        ReplanRobot.Fault(
          file: robotPath, line: 1, column: 1, key: "link.simulator",
          found: robot.link.simulator ?? "nothing",
          allowed: kinds.map { "\($0.name)" }.joined(separator: ", "))
      ])
    }
    let faults = FaultSchedule.random(
      seed: seed, plant: kind, seconds: duration, allowsRealTime: allowsRealTime)
    return Scenario(
      file: robotPath, name: "\(robot.name)_random_\(seed)",
      description: faults.faults.map(\.name).joined(separator: ", "), robot: robot,
      modelPath: modelPath, initial: .rest, duration: duration,
      plant: Plant(seed: 1, noise: 1, actuationDelay: 0), needsRealTime: nil, faults: faults,
      controllerFaults: [],
      // What was drawn may have nothing to act upon, or come after the end.
      expectations: [
        .actionsInLimits, .recoversOrStops, .recording(.complete), .faultsAct(of: nil, atLeast: 0),
      ],
      source: text(seed, robotPath, modelPath, duration, faults))
  }

  /// The same as a file, to be run again.
  private static func text(
    _ seed: UInt64, _ robot: String, _ model: String, _ duration: Double, _ faults: FaultSchedule
  ) -> String {
    func absolute(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
    return """
      name: random_\(seed)
      robot: \(absolute(robot))
      model: \(absolute(model))
      initial: rest
      duration: \(duration)
      \(faults.yaml)
      expect:
        - {actions_in_limits: true}
        - {recovers_or_stops: true}
        - {recording: complete}
        - {faults_act: {at_least: 0}}

      """
  }
}
