import ArgumentParser
import ReplanHIL
import ReplanIdentify
import ReplanLearn
import ReplanLoop
import ReplanRobot
import ReplanSigning

/// Which plant, and how the loop runs with it.
struct PlantOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Serial port of the real plant.", valueName: "path"))
  var device: String?

  @Option(
    help: ArgumentHelp(
      "Simulated plant of that name. (default: the robot file's)", valueName: "name"))
  var sim: String?

  @Option(
    help:
      "Draws plant, noise, exploration and training; with --lockstep the same seed gives the same run."
  )
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Draws the simulated plant and its noise apart from all else. (default: --seed)",
      valueName: "seed"))
  var plantSeed: UInt64?

  @Flag(help: "The plant waits for each action: simulated time, deterministic.")
  var lockstep = false

  @Option(help: ArgumentHelp("Multiplies the simulated sensors' noise.", valueName: "factor"))
  var noise = 1.0

  @Option(
    help: ArgumentHelp("Samples by which the simulated actuator lags.", valueName: "samples"))
  var actuationDelay = 0

  @Option(help: "SCHED_FIFO priority of the control thread, 1-99.")
  var priority = 80

  @Option(help: ArgumentHelp("Processor that the control thread is bound to.", valueName: "number"))
  var cpu: Int?

  @Option(
    help: ArgumentHelp(
      "Sign what is sent, refuse what is not signed: a file of mode 0600 with 32 bytes or 64 "
        + "hexadecimal digits, which the plant has, too.", valueName: "file"),
    completion: .file())
  var key: String?

  @Flag(
    help:
      "Take every question to the operator for answered by yes, such as that for a reset by hand.")
  var yes = false

  @Flag(help: "Fail where the host does not grant real-time scheduling or locked memory.")
  var requireRealtime = false

  func validate() throws {
    if device != nil && sim != nil {
      throw ValidationError("--device and --sim exclude each other: choose one plant.")
    }
    if device != nil && (noise != 1 || actuationDelay != 0 || plantSeed != nil) {
      throw ValidationError(
        "--noise, --actuation-delay and --plant-seed are for a simulated plant, not --device.")
    }
    if !(1...99).contains(priority) {
      throw ValidationError("--priority is \(priority); 1 to 99 is allowed.")
    }
    if let cpu, cpu < 0 { throw ValidationError("--cpu is \(cpu); 0 or more is allowed.") }
    if !(0...31).contains(actuationDelay) {
      throw ValidationError("--actuation-delay is \(actuationDelay); 0 to 31 is allowed.")
    }
    if !(noise >= 0 && noise <= 1000) {
      throw ValidationError("--noise is \(noise); 0 to 1000 is allowed.")
    }
  }

  func series(for robot: RobotDescription) throws -> EpisodeSeries.Options {
    var options = EpisodeSeries.Options(
      loop: LoopOptions(
        isLockstep: lockstep, priority: priority, cpu: cpu, requiresRealtime: requireRealtime),
      seed: seed, plant: try place(robot).identity, build: Build.name)
    if robot.episode.resetBy.contains(.operator) {
      guard yes || OperatorTerminal.isThere else {
        throw Failure(
          .usage,
          "robot \(robot.name) may be reset by an operator (episode.reset_by), and standard input is no "
            + "terminal to ask at: run it at one, or give --yes if nobody needs to be asked")
      }
      let terminal = OperatorTerminal(console: Console(isJSON: false), saysYes: yes)
      options.prompt = { terminal.ask($0, seconds: $1, isStopRequested: $2) }
    }
    if let design = try ExcitationDesign.base(of: robot, seed: seed) {
      // An episode's design is drawn anew; what can be designed once can be with every seed.
      options.baseActions = { episode in
        let other = try? ExcitationDesign.base(of: robot, seed: seed &+ UInt64(episode))
        return PreparedActions((other ?? nil) ?? design)
      }
    }
    return options
  }

  /// The plant that the options and the robot file name.
  func place(_ robot: RobotDescription) throws -> PlantPlace {
    if let device { return .device(device) }
    if let sim { return .simulator(try simulator(sim, for: robot, .usage, "--sim")) }
    if let device = robot.link.device { return .device(device) }
    if let name = robot.link.simulator {
      return .simulator(
        try simulator(name, for: robot, .data, "link.simulator of robot \(robot.name)"))
    }
    throw Failure(
      .usage,
      "robot \(robot.name) names no plant: give --device PATH or --sim NAME, or set "
        + "link.device or link.simulator in its file")
  }

  private func simulator(
    _ name: String, for robot: RobotDescription, _ code: Code, _ place: String
  ) throws -> Simulator {
    try Simulator.check(name, code, place)
    return Simulator(
      plant: name, seed: plantSeed ?? seed, noise: noise, actuationDelay: actuationDelay,
      sendsCost: robot.learnsCost, sensors: try Simulator.sensors(of: name, for: robot), key: key)
  }

  /// What the key file says of the line; nil without one.
  func signing() throws(SigningError) -> LineSigning? {
    guard let key else { return nil }
    return LineSigning(key: try SigningKey(path: key), priority: priority)
  }
}

/// Where the plant is.
enum PlantPlace {
  case device(String)
  case simulator(Simulator)

  /// Equal for two runs only if their transitions may be mixed. A port may change its name.
  var identity: String {
    switch self {
    case .device: "a real one"
    case .simulator(let simulator):
      "simulated \(simulator.plant), seed \(simulator.seed), noise \(simulator.noise), "
        + "actuation delay \(simulator.actuationDelay)"
    }
  }
}
