import ArgumentParser
import Foundation
import ReplanDoctor
import ReplanHIL
import ReplanRobot

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what endangers timing on this machine and its link, with the remedy.",
    discussion: """
      Reads what the system says of itself, changes nothing, and measures how late a thread wakes. \
      With --device or --sim it also measures the link to the plant, which stays disarmed. With \
      --probe it then arms the plant, moves it at random for two seconds and estimates after how \
      many ticks an action takes effect. Exit code 1 if there is a problem.

      Example: replan doctor
      Example: replan doctor robots/cart-pole.yaml --device /dev/ttyUSB0 --cpu 3
      Example: replan doctor robots/cart-pole.yaml --sim cart-pole --probe
      """)

  @Argument(
    help: "The robot's description, a YAML file; needed for the link and the probe.",
    completion: .file(extensions: ["yaml"]))
  var robot: String?

  @Option(
    help: ArgumentHelp(
      "Ticks a second to measure wake-ups at. (default: the robot's, or 50)", valueName: "Hz"))
  var rate: Double?

  @Option(help: ArgumentHelp("Length of each measurement.", valueName: "seconds"))
  var seconds = 10.0

  @Flag(help: "Arm the plant, move it, and estimate its latency. Make room around it!")
  var probe = false

  @Option(
    help: ArgumentHelp(
      "With --probe: share of half the actions' range, around the safe action, 0 to 1.",
      valueName: "share"))
  var amplitude = 0.3

  @OptionGroup(title: "Plant and loop") var plant: PlantOptions
  @OptionGroup var output: OutputOptions

  /// Whether there is something to be measured beyond this machine.
  private var wantsPlant: Bool { probe || plant.device != nil || plant.sim != nil }

  func validate() throws {
    if let rate, !(1...1000).contains(rate) {
      throw ValidationError("--rate is \(rate); 1 to 1000 Hz is allowed.")
    }
    if !(seconds >= 0.5 && seconds <= 3600) {
      throw ValidationError("--seconds is \(seconds); 0.5 to 3600 s is allowed.")
    }
    if !(amplitude > 0 && amplitude <= 1) {
      throw ValidationError("--amplitude is \(amplitude); above 0, up to 1 is allowed.")
    }
    if wantsPlant && robot == nil {
      throw ValidationError(
        "--device, --sim and --probe need the robot file, which says channels, rate and limits.")
    }
    if plant.lockstep {
      throw ValidationError("--lockstep is about simulated time; the doctor looks at real time.")
    }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let description = try robot.map { try RobotDescription.load(path: $0) }
      let device = try description.flatMap { try wantsPlant ? devicePath($0) : nil }
      let table = DoctorTable(console)
      defer { table.end() }
      let rate = rate ?? description?.rate ?? 50
      let checks = HostChecks(
        priority: plant.priority, cpu: plant.cpu, period: 1 / rate, device: device)
      for check in checks.all() { table.show(check) }
      if let device, !FileManager.default.fileExists(atPath: device) {
        throw HILError.noDevice(path: device)
      }
      let wake = try WakeMeasurement(
        rate: rate, seconds: seconds, priority: plant.priority, cpu: plant.cpu
      ).run(progress: { table.progress("wake-up latency", $0) })
      table.show(wake)
      if wantsPlant, let description, let robot {
        try await examine(description, file: robot, table)
      }
      return table.end() > 0 ? .notAchieved : nil
    }
  }

  /// The serial port of the plant; nil for a simulated one.
  private func devicePath(_ robot: RobotDescription) throws -> String? {
    if case .device(let path) = try plant.place(robot) { path } else { nil }
  }

  private func examine(
    _ robot: RobotDescription, file: String, _ table: DoctorTable
  ) async throws {
    let (seconds, plant, wantsProbe) = (seconds, plant, probe)
    let settings = robot.probe(amplitude: amplitude, seed: plant.seed)
    try await PlantConnection.use(robot, plant) { session in
      let link = try LinkMeasurement(
        rate: robot.rate, seconds: seconds, priority: plant.priority, cpu: plant.cpu
      ).run(session, progress: { table.progress("the link", $0) })
      table.show(link)
      guard wantsProbe else { return }
      table.progress("the latency of the plant, which moves now", 0)
      let record = try LatencyProbe(settings, priority: plant.priority, cpu: plant.cpu)
        .run(session)
      let finding = try LatencyFinding(record, settings, declared: robot.latency)
      let isWritten = robot.source.split(separator: "\n").contains { $0.hasPrefix("latency:") }
      table.show(finding, rate: robot.rate, finding.checks(file: file, isWritten: isWritten))
    }
  }
}

extension RobotDescription {
  /// What a probe may do to this robot.
  func probe(amplitude: Double, seed: UInt64) -> ProbeSettings {
    let limits = Dictionary(
      envelope.map { ($0.channel, $0.limits) }, uniquingKeysWith: { first, _ in first })
    return ProbeSettings(
      channels: observation.filter(\.isMeasured).map { channel in
        ProbeSettings.Channel(
          name: channel.name, isAngle: channel.kind == .angle,
          envelope: limits[channel.name].map { $0.low...$0.high })
      },
      actions: action.map {
        ProbeSettings.Action(
          low: $0.limits.low, high: $0.limits.high, safe: $0.safe, slew: $0.slew)
      },
      rate: rate, lead: link.lead / 1000, amplitude: amplitude,
      initialState: episode.reset == .rest ? .rest : .random(seed: 0), seed: seed)
  }
}
