import ArgumentParser
import FirmwareSession
import Glibc
import ReplanFaults
import ReplanPlants
import ReplanSigning

/// Wires a plant's session to a pseudo-terminal.
@main
struct FirmwareSim: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "firmware-sim",
    abstract: "A simulated plant on a pseudo-terminal that speaks the wire protocol of Replan.",
    discussion: """
      It behaves like a robot's firmware: it boots streaming and disarmed, and goes on while \
      controllers come and go. When it is ready it prints one line, 'ready LINK PLANT …', with its \
      settings and the parameters drawn for the plant.

      Plants: \(PlantName.list).

      --faults names a YAML file of what goes wrong and when (hil/FAULTS.md): lost, flipped, late \
      frames, broken sensors and actuators, restarts, a cable that is pulled. The log then has a \
      column 'fault' with those that may act, and at the end a line says what was done.

      Example: firmware-sim --plant cart-pole --link /tmp/plant --seed 7
      """)

  @Option(help: ArgumentHelp("Which plant: \(PlantName.list).", valueName: "name"))
  var plant: PlantName

  @Option(
    help: ArgumentHelp(
      "Where to put the symbolic link to the terminal; replaces an older link.", valueName: "path"))
  var link: String

  @Option(help: ArgumentHelp("Own sample rate, 1-1000 (default: the plant's).", valueName: "hz"))
  var rate: Float?

  @Option(help: ArgumentHelp("Multiplies the sensors' noise.", valueName: "factor"))
  var noise: Float = 1

  @Flag(inversion: .prefixedNo, help: "Sensors with 12 bits.")
  var quantise = true

  @Option(
    help: ArgumentHelp("Samples by which the actuator lags a command, 0-31.", valueName: "samples"))
  var actuationDelay = 0

  @Option(
    help: ArgumentHelp(
      "Sensors that the plant has, of all that its kind can have. (default: all)",
      valueName: "name,name"))
  var sensors: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Reset on command, as a plant does that can put itself back; otherwise refuse to.")
  var reset = true

  @Flag(help: "Measure the plant's cost and send it with each observation.")
  var cost = false

  @Option(help: ArgumentHelp("Draws the plant's parameters and the noise.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Write true state, reading and action at each sample as CSV.", valueName: "file.csv"))
  var log: String?

  @Option(
    help: ArgumentHelp("What goes wrong and when (hil/FAULTS.md).", valueName: "file.yaml"))
  var faults: String?

  @Option(
    help: ArgumentHelp(
      "With --faults: write at the end how often each has acted, a JSON object a line.",
      valueName: "file"))
  var faultCounts: String?

  @Option(
    help: ArgumentHelp(
      "Sign what is sent, refuse what is not signed, with the key in this file.",
      valueName: "file"))
  var key: String?

  @Flag(help: "Say on standard error when a fault begins and ends.")
  var verbose = false

  @Flag(help: "End when standard input reaches its end, as when the parent process has died.")
  var untilEof = false

  func validate() throws {
    let rates = SessionConfiguration.sampleRates
    if let rate, !rates.contains(rate) {
      throw ValidationError("--rate \(rate): allowed are 1 to 1000 Hz")
    }
    guard noise >= 0, noise.isFinite else {
      throw ValidationError("--noise \(noise): allowed are finite factors from 0")
    }
    let known = (0..<plant.kind.facts.observationCount).map {
      "\(plant.kind.facts.sensors[$0].name)"
    }
    if let wanted, wanted.isEmpty || !wanted.allSatisfy(known.contains) {
      throw ValidationError(
        "--sensors \(sensors ?? ""): \(plant) can have \(known.joined(separator: ","))")
    }
    if faultCounts != nil && faults == nil {
      throw ValidationError("--fault-counts belongs to --faults")
    }
    guard (0...ActuatorDelay.maximumSamples).contains(actuationDelay) else {
      throw ValidationError(
        "--actuation-delay \(actuationDelay): allowed are 0 to \(ActuatorDelay.maximumSamples)")
    }
  }

  private var wanted: [String]? { sensors?.split(separator: ",").map(String.init) }

  func run() throws {
    do {
      try simulate(try injection(), try key.map { PlantSigning(try SigningKey(path: $0)) })
    } catch let error as SigningError {
      complain("\(error)")
      throw ExitCode(error.isAboutContent ? 65 : 74)
    } catch let error as FaultError {
      complain("\(error)")
      // EX_DATAERR of sysexits.h.
      throw ExitCode(65)
    } catch {
      complain("\(error)")
      // EX_IOERR of sysexits.h.
      throw ExitCode(74)
    }
  }

  private func injection() throws(FaultError) -> FaultInjection? {
    guard let faults else { return nil }
    let schedule = try FaultSchedule.read(path: faults, channels: FaultChannels(plant.kind))
    return try FaultInjection(schedule, plant.kind)
  }

  private func simulate(
    _ faults: FaultInjection?, _ signing: PlantSigning?
  ) throws(HostError) {
    Termination.install()
    let terminal = try PseudoTerminal(link: link)
    defer { terminal.close() }
    let session = PlantSession(sessionConfiguration, at: 0)
    var sampleLog: SampleLog?
    if let log {
      sampleLog = try SampleLog(path: log, facts: session.facts, hasFaults: faults != nil)
    }
    defer { sampleLog?.close() }
    let counts = try faultCounts.map { path throws(HostError) in try FaultCounts(path: path) }
    let scheduling = Scheduling.acquire()
    announce(session, scheduling)
    var loop = SimulationLoop(
      session: session, terminal: terminal, log: sampleLog, faults: faults,
      signing: signing, endsWithInput: untilEof, verbose: verbose, report: complain)
    try loop.run()
    if let faults {
      counts?.write(faults)
      complain("faults: \(faults.summary)")
    }
    if let refused = signing?.refused, refused.total > 0 {
      complain("refused frames: \(refused)")
    }
    if loop.droppedFrames > 0 {
      complain("\(loop.droppedFrames) frames dropped, the reader was too slow")
    }
  }

  private var sessionConfiguration: SessionConfiguration {
    let words = PlantSeed(
      UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    var configuration = SessionConfiguration(
      kind: plant.kind, seed: words, sampleRate: rate, noiseScale: noise, quantises: quantise,
      actuationDelay: actuationDelay, sendsCost: cost, leavesRoomToSign: key != nil)
    configuration.resets = reset
    if let wanted {
      let facts = plant.kind.facts
      for i in 0..<facts.observationCount {
        configuration.isHidden[i] = !wanted.contains("\(facts.sensors[i].name)")
      }
    }
    return configuration
  }

  private func announce(_ session: PlantSession, _ scheduling: Scheduling) {
    var line = "ready \(link) \(plant) seed=\(seed) rate=\(session.sampleRate) \(scheduling)"
    for i in 0..<session.facts.parameterCount {
      let parameter = session.plant.parameter(i)
      line += " \(parameter.name)=\(parameter.value)"
    }
    emit(line, to: STDOUT_FILENO)
  }

  private func complain(_ text: String) { emit("firmware-sim: \(text)", to: STDERR_FILENO) }

  /// Not by the C library's streams: a pipe would get the line only when the program ends.
  private func emit(_ line: String, to descriptor: Int32) {
    var text = line + "\n"
    text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
