import ArgumentParser
import ReplanHIL
import ReplanLoop
import ReplanRobot
import ReplanScenarios
import ReplanSigning

/// Which plant the scenarios are run with, and how the loop runs.
struct HilPlantOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Serial port of the real plant.", valueName: "path"))
  var device: String?

  @Option(
    help: ArgumentHelp(
      "Simulated plant of that name. (default: that of each robot file)", valueName: "name"))
  var sim: String?

  @Option(
    help: ArgumentHelp(
      "Sign all frames with this file's key, and refuse others.", valueName: "file"))
  var key: String?

  @Flag(help: "The plant waits for each action: simulated time, deterministic.")
  var lockstep = false

  @Option(help: "SCHED_FIFO priority of the control thread, 1-99.")
  var priority = 80

  @Option(help: ArgumentHelp("Processor that the control thread is bound to.", valueName: "number"))
  var cpu: Int?

  @Flag(help: "Fail where the host does not grant real-time scheduling or locked memory.")
  var requireRealtime = false

  func validate() throws {
    if device != nil && sim != nil {
      throw ValidationError("--device and --sim exclude each other: choose one plant.")
    }
    if !(1...99).contains(priority) {
      throw ValidationError("--priority is \(priority); 1 to 99 is allowed.")
    }
    if let cpu, cpu < 0 { throw ValidationError("--cpu is \(cpu); 0 or more is allowed.") }
  }

  /// What the key file says of the line; nil without one.
  func signing() throws(SigningError) -> LineSigning? {
    guard let key else { return nil }
    return LineSigning(key: try SigningKey(path: key), priority: priority)
  }

  /// Refuses a simulated plant that there is not.
  func check() throws {
    if let sim { try Simulator.check(sim, .usage, "--sim") }
  }

  func options(keepPath: String) -> ScenarioRunner.Options {
    let place: ScenarioRunner.Place =
      device.map { .device($0) } ?? sim.map { .simulated($0) } ?? .robot
    return ScenarioRunner.Options(
      place: place,
      loop: LoopOptions(
        isLockstep: lockstep, priority: priority, cpu: cpu, requiresRealtime: requireRealtime),
      keepPath: keepPath, build: Build.name)
  }
}

/// Brings the plant of a scenario by the means of the other commands.
enum HilPlant {
  /// - Parameter key: the file that `signing` was made from, for the simulated plant.
  static func connector(signing: LineSigning?, key: String?) -> PlantConnector {
    { request, body in try await connect(request, signing, key, body) }
  }

  private static func connect(
    _ request: PlantRequest, _ signing: LineSigning?, _ key: String?,
    _ body: @escaping @Sendable (Session) throws -> Void
  ) async throws {
    var timing = SessionTiming()
    timing.exchange = request.exchange
    timing.tries = request.tries
    timing.exchangeTries = request.tries
    // As many tries shall not take longer.
    timing.reply *= 6 / Double(max(6, request.tries))
    do {
      try await PlantConnection.use(
        request.robot, at: try place(request, key), isLockstep: request.isLockstep,
        timing: timing, signing: signing, body)
    } catch let failure as Failure {
      throw ScenarioObstacle(
        failure.code == .plant ? .plantNotReached : failure.code == .data ? .badFile : .other,
        failure.description)
    }
  }

  private static func place(_ request: PlantRequest, _ key: String?) throws -> PlantPlace {
    switch request.place {
    case .device(let path): return .device(path)
    case .simulated(let plant):
      try Simulator.check(plant.name, .data, "robot \(request.robot.name)")
      return .simulator(
        Simulator(
          plant: plant.name, seed: plant.settings.seed, noise: plant.settings.noise,
          actuationDelay: plant.settings.actuationDelay, sendsCost: plant.sendsCost,
          sensors: try Simulator.sensors(of: plant.name, for: request.robot),
          faultPath: plant.faultPath,
          faultCountsPath: plant.countsPath, logPath: plant.logPath, key: key))
    }
  }
}
