import ReplanHIL
import ReplanRobot

/// The parts of a scenario, and what they mean together.
struct ScenarioParts {
  let name: String
  let description: String
  let model: String
  let initial: InitialState
  let duration: Double
  let plant: Scenario.Plant
  let needsRealTime: String?
  let controllerFaults: [ControllerFault]
  let expectations: [Expectation]

  /// - Parameter robot: nil if its file has faults; what depends on it is then not checked.
  init?(_ fields: Fields, robot: RobotDescription?, _ diagnostics: inout Diagnostics) {
    typealias Keys = ScenarioKeys
    Self.check(fields, &diagnostics)
    var expectations: [Expectation] = []
    for entry in fields[Keys.expect] ?? [] {
      guard let expectation = Expectation(entry, &diagnostics) else { continue }
      Self.check(expectation, entry, robot, duration: fields[Keys.duration], &diagnostics)
      expectations.append(expectation)
    }
    guard let name = fields[Keys.name], let description = fields[Keys.description],
      let model = fields[Keys.model], let initial = fields[Keys.initial],
      let duration = fields[Keys.duration], let plant = fields[Keys.plant],
      let seed = plant[PlantKeys.seed], let noise = plant[PlantKeys.noise],
      let delay = plant[PlantKeys.actuationDelay],
      let controllerFaults = fields[Keys.controllerFaults]
    else { return nil }
    self.name = name
    self.description = description
    self.model = model
    self.initial = initial.state
    self.duration = duration
    self.plant = Scenario.Plant(seed: UInt64(seed), noise: noise, actuationDelay: delay)
    needsRealTime = fields[Keys.needsRealTime]
    self.controllerFaults = controllerFaults.compactMap { ControllerFault($0) }
    self.expectations = expectations
  }

  private static func check(
    _ fields: Fields, _ diagnostics: inout Diagnostics
  ) {
    var kinds: Set<String> = []
    for fault in fields[ScenarioKeys.controllerFaults] ?? [] {
      guard let kind = fault.located(ControllerFaultKeys.fault) else { continue }
      if !kinds.insert(kind.value).inserted {
        diagnostics.add(kind, found: "\(kind.value) a second time", allowed: "each once")
      }
      if kind.value.hasPrefix("model-"), fields[ScenarioKeys.model] == "none" {
        diagnostics.add(
          kind, found: "\(kind.value) beside model: none", allowed: "with a model file")
      }
      guard let at = fault.located(ControllerFaultKeys.at), let end = fields[ScenarioKeys.duration]
      else { continue }
      if at.value >= end {
        diagnostics.add(
          at, found: Wording.number(at.value),
          allowed: "below the scenario's duration, \(Wording.number(end))")
      }
    }
  }

  /// An expectation that could not fail, or could not hold, is a slip.
  private static func check(
    _ expectation: Expectation, _ entry: Fields, _ robot: RobotDescription?, duration: Double?,
    _ diagnostics: inout Diagnostics
  ) {
    if let robot {
      switch expectation {
      case .staysInEnvelope where robot.envelope.isEmpty:
        diagnostics.add(
          entry.position, entry.path, found: "stays_in_envelope",
          allowed: "with a robot that has an envelope; \(robot.name) has none")
      case .reachesTarget where robot.episode.success.isEmpty,
        .holdsTarget where robot.episode.success.isEmpty:
        diagnostics.add(
          entry.position, entry.path, found: "a target",
          allowed: "with a robot that has success conditions; \(robot.name) has none")
      default: break
      }
    }
    guard let duration, let latest = expectation.latest, latest >= duration else { return }
    diagnostics.add(
      entry.position, entry.path, found: "\(Wording.number(latest)) s",
      allowed: "a time before the end, \(Wording.number(duration)) s")
  }
}

extension Expectation {
  /// The latest time that it names by itself, s.
  fileprivate var latest: Double? {
    switch self {
    case .reachesTarget, .staysInEnvelope, .recoversOrStops, .noOverruns, .ends, .verdicts,
      .actionsInLimits,
      .error, .recording, .faultsAct:
      nil
    case .holdsTarget(let from): from
    case .fallback(let within, let of), .plantSafe(let within, let of):
      of.map { $0 + within / 1000 }
    case .recovers(let within, let of): of.map { $0 + within }
    }
  }
}
