import ReplanHIL
import ReplanPlants
import ReplanRobot

/// The keys of a whole scenario file.
enum ScenarioKeys {
  static let name = Key<String>("name", .name, required: true, "Name of the scenario.")
  static let description = Key<String>(
    "description", .prose, default: "", "What it shows, for people.")
  static let robot = Key<String>(
    "robot", .line, required: true, "The robot file, relative to the scenario.")
  static let model = Key<String>(
    "model", .line, required: true,
    "The model file, relative to the scenario; `none` runs the base policy.")
  static let initial = Key<ScenarioStart>(
    "initial", oneOf: ["rest"], orSection: StartKeys.section, default: "rest",
    "The state that the plant is reset to.")
  static let duration = Key<Double>(
    "duration", .above(0, to: 3600), required: true, unit: "s", "Armed time of the episode.")
  static let plant = Key<Fields>(
    "plant", PlantKeys.section, "Settings of the simulated plant.")
  static let needsRealTime = Key<String>(
    "needs_real_time", .line, "Why it means nothing in lockstep; it is skipped there.")
  /// Read by `FaultSchedule`; here so that the key is known.
  static let faults = Key<[Located<String>]>("faults", count: 0...64, "What goes wrong.")
  static let seed = Key<Int>(
    "seed", 0...Int(Int32.max), default: 1, "Draws what is drawn by probability in `faults`.")
  static let controllerFaults = Key<[Fields]>(
    "controller_faults", listOf: ControllerFaultKeys.section, count: 0...16,
    "What goes wrong on the controller's side.")
  static let expect = Key<[Fields]>(
    "expect", listOf: ExpectationKeys.section, count: 1...32, "What must be true.")

  static let section = Section([
    name.descriptor, description.descriptor, robot.descriptor, model.descriptor,
    initial.descriptor, duration.descriptor, plant.descriptor, needsRealTime.descriptor,
    seed.descriptor, faults.descriptor, controllerFaults.descriptor, expect.descriptor,
  ])
}

enum StartKeys {
  static let random = Key<Int>("random", 1...16_777_215, "Seed of a random state.")

  static let section = Section([random.descriptor])
}

enum PlantKeys {
  static let seed = Key<Int>(
    "seed", 0...Int(Int32.max), default: 1, "Draws the plant's parameters and its noise.")
  static let noise = Key<Double>(
    "noise", .from(0, to: 1000), default: 1, "Multiplies the sensors' noise.")
  static let actuationDelay = Key<Int>(
    "actuation_delay", 0...ActuatorDelay.maximumSamples, default: 0, unit: "samples",
    "Samples by which the actuator lags.")

  static let section = Section([seed.descriptor, noise.descriptor, actuationDelay.descriptor])
}

/// `rest`, or a section with a seed.
struct ScenarioStart: KeyValue {
  let state: InitialState

  init?(_ checked: Located<CheckedValue>) {
    switch checked.value {
    case .text: state = .rest
    case .section(let fields):
      guard let seed = fields[StartKeys.random] else { return nil }
      state = .random(seed: UInt32(seed))
    default: return nil
    }
  }
}
