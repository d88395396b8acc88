import Foundation
import ReplanCore
import ReplanFaults
import ReplanHIL
import ReplanLoop
import ReplanPlants
import ReplanRecord
import ReplanRobot
import Synchronization

/// One run of one scenario, with the folder that it leaves behind.
final class ScenarioTrial: Sendable {
  let scenario: Scenario
  let options: ScenarioRunner.Options
  let folder: String
  private let finished = Mutex<EpisodeResult?>(nil)
  /// How often each fault has acted, as far as it is made here: the controller's, and those that the
  /// link injects.
  let counts = Mutex(FaultCounts())

  init(_ scenario: Scenario, _ options: ScenarioRunner.Options) throws {
    self.scenario = scenario
    self.options = options
    folder =
      FileManager.default.temporaryDirectory.appending(path: "replan-hil-\(UUID())").path
  }

  var faultPath: String { folder + "/faults.yaml" }
  var logPath: String { folder + "/plant.csv" }
  var countsPath: String { folder + "/fault-counts.jsonl" }

  /// - Throws: what keeps it from being run, unless the scenario expects that.
  func run(
    _ connect: PlantConnector, _ progress: @escaping @Sendable (String, Double, Double) -> Void
  ) async throws -> Recording {
    do {
      let workspace = try openWorkspace()
      let model = try model()
      try await connect(try request()) { [self] session in
        let result = try episode(session, workspace, model, progress)
        finished.withLock { $0 = result }
      }
    } catch {
      guard scenario.expectsRefusal, !options.isStopRequested() else { throw error }
      var recording = Recording(period: scenario.robot.period, end: Word.refused)
      recording.refusal = "\(ScenarioObstacle(error))"
      recording.faults = faults(ticks: [])
      return recording
    }
    return try recording()
  }

  /// Moves the folder below `path`, beside those that are there from earlier runs.
  func keep(below path: String) throws -> String {
    let manager = FileManager.default
    try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
    var target = path + "/" + scenario.name
    var number = 1
    while manager.fileExists(atPath: target) {
      number += 1
      target = path + "/\(scenario.name)-\(number)"
    }
    try manager.moveItem(atPath: folder, toPath: target)
    return target
  }

  func clear() { try? FileManager.default.removeItem(atPath: folder) }

  private func openWorkspace() throws -> Workspace {
    let workspace = try Workspace(path: folder, robotText: scenario.robot.source) { _ in nil }
    try Data(scenario.source.utf8).write(to: URL(filePath: folder + "/scenario.yaml"))
    return workspace
  }

  private func request() throws -> PlantRequest {
    var request = PlantRequest(
      robot: scenario.robot, place: try place(), isLockstep: options.loop.isLockstep, exchange: 2,
      tries: 6)
    let places = scenario.faults.faults.map(\.kind.place)
    if options.loop.isLockstep, places.contains(.line) {
      // Many exchanges lose a frame here, and each such loss costs this time.
      request.exchange = 0.05
      request.tries = 120
    } else if !places.isEmpty {
      // A plant that a fault has silenced shall not hold up the others for long.
      request.exchange = 0.5
    }
    return request
  }

  private func place() throws -> PlantRequest.Place {
    let name: String
    switch options.place {
    case .device(let path): return .device(path)
    case .simulated(let given): name = given
    case .robot:
      guard let simulator = scenario.robot.link.simulator else {
        throw ScenarioObstacle(
          .badFile,
          "robot \(scenario.robot.name) names no simulated plant: give --sim NAME or "
            + "--device PATH, or set link.simulator in its file")
      }
      name = simulator
    }
    // Told here rather than by the simulator's refusal to start.
    let kinds = (0..<PlantKind.count).compactMap { PlantKind(rawValue: $0) }
    if let kind = kinds.first(where: { "\($0.name)" == name }) {
      try scenario.faults.check(FaultChannels(kind), file: scenario.file)
    }
    let hasFaults = !scenario.faults.faults.isEmpty
    if hasFaults { try Data(scenario.faults.yaml.utf8).write(to: URL(filePath: faultPath)) }
    return .simulated(
      PlantRequest.SimulatedPlant(
        name: name, settings: scenario.plant,
        sendsCost: scenario.robot.ensembleShape().predictsCost,
        faultPath: hasFaults ? faultPath : nil, countsPath: hasFaults ? countsPath : nil,
        logPath: logPath))
  }

  private func recording() throws -> Recording {
    guard let result = finished.withLock({ $0 }) else {
      throw ScenarioObstacle(.other, "no episode was run")
    }
    if [.stopped, .emergencyStop].contains(result.end) {
      throw ScenarioObstacle(.stopped, "stopped by the user")
    }
    let episode = try? EpisodeReader.read(result.path)
    var recording = Recording(episode, result, robot: scenario.robot)
    recording.faults = faults(ticks: episode?.ticks ?? [])
    if case .device = options.place { return recording }
    guard let log = PlantLog(path: logPath) else {
      throw ScenarioObstacle(.other, "\(logPath): the simulated plant has left no log")
    }
    recording.plant = log.samples(
      states: scenario.robot.observation.count, actions: scenario.robot.action.count,
      period: scenario.robot.period)
    return recording
  }
}
