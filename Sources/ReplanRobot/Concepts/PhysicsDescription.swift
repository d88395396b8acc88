public import ReplanCore

/// The equations of motion that a physics or a hybrid model is identified with.
public struct PhysicsDescription: Sendable, Equatable, Encodable {
  public enum Equation: String, Choice, Sendable {
    case pendulum
    case cartPole = "cart_pole"
    case furuta, motor
    case twoLinkArm = "two_link_arm"
    case twoTanks = "two_tanks"
  }

  /// A number of the equation, and where its fit begins and stays.
  public struct Parameter: Sendable, Equatable, Encodable {
    public let name: String
    public let unit: String
    public let start: Double
    public let bounds: Interval
    /// True if it keeps the value `start`.
    public let isFixed: Bool
    /// True if the file says where to begin; otherwise nothing is known but the bounds.
    public let isStartGiven: Bool
  }

  public let equation: Equation
  /// Runge-Kutta steps a tick.
  public let substeps: Int
  /// All of the equation's parameters, in its order.
  public let parameters: [Parameter]
}

enum ParameterKeys {
  static let start = Key<Double>(
    "start", .any, unit: "the parameter's unit", "Where the fit begins.")
  static let low = Key<Double>(
    "min", .any, unit: "the parameter's unit", "The fit stays at or above it.")
  static let high = Key<Double>(
    "max", .any, unit: "the parameter's unit", "The fit stays at or below it.")
  static let fixed = Key<Double>(
    "fixed", .any, unit: "the parameter's unit",
    "The value, which is not fitted; the other keys are left out then.")

  static let section = Section([
    start.descriptor, low.descriptor, high.descriptor, fixed.descriptor,
  ])
}

enum PhysicsKeys {
  static let physics = Key<String>(
    "physics", oneOf: PhysicsDescription.Equation.names,
    "The equations of motion that `replan identify --kind physics` and `hybrid` fit; "
      + "docs/IDENTIFY.md has them with their states and parameters.")
  static let substeps = Key<Int>(
    "substeps", 1...100, default: 2, "Runge-Kutta steps a tick of the equations of motion.")
  static let parameters = Key<Entries>(
    "parameters", channelsTo: .either(.number(.any), ParameterKeys.section),
    "For parameters of the equations of motion, the value where the fit begins, or a section; those "
      + "that are left out have bounds of their own.")
}

extension PhysicsDescription.Equation {
  public var core: PhysicsEquation {
    switch self {
    case .pendulum: .pendulum
    case .cartPole: .cartPole
    case .furuta: .furutaPendulum
    case .motor: .motor
    case .twoLinkArm: .twoLinkArm
    case .twoTanks: .twoTanks
    }
  }
}

extension PhysicsDescription {
  /// - Parameters:
  ///   - fields: those of the model's section.
  ///   - channels: counts of observation and action channels; nil where they have faults.
  /// - Returns: nil if the file names no physics, or with a fault.
  init?(
    _ fields: Fields, channels: (observations: Int, actions: Int)?, _ diagnostics: inout Diagnostics
  ) {
    guard let name = fields.located(PhysicsKeys.physics),
      let equation = Equation(rawValue: name.value)
    else {
      Self.refuseIdleKeys(fields, &diagnostics)
      return nil
    }
    let core = equation.core
    if let channels, channels != (core.stateCount, core.actionCount) {
      diagnostics.add(
        name,
        found: "\(name.value) with \(channels.observations) observation and \(channels.actions) "
          + "action channels",
        allowed: "\(core.stateCount) and \(core.actionCount), in the order of "
          + "its states and actions")
    }
    guard let substeps = fields[PhysicsKeys.substeps],
      let entries = fields[PhysicsKeys.parameters]
    else { return nil }
    Self.checkNames(entries, core, &diagnostics)
    let parameters = (0..<core.parameterCount).compactMap { index in
      Parameter(core.parameter(index), entries, &diagnostics)
    }
    guard parameters.count == core.parameterCount else { return nil }
    self.init(equation: equation, substeps: substeps, parameters: parameters)
  }

  /// What would be passed over without `physics`.
  private static func refuseIdleKeys(_ fields: Fields, _ diagnostics: inout Diagnostics) {
    guard fields.isSound(PhysicsKeys.physics) else { return }
    if let place = fields.located(PhysicsKeys.parameters), fields.has(PhysicsKeys.parameters) {
      diagnostics.add(
        place.position, place.path, found: "parameters of no equation",
        allowed: "with model.physics only")
    }
    if let place = fields.located(PhysicsKeys.substeps), fields.has(PhysicsKeys.substeps) {
      diagnostics.add(place, found: "steps of no equation", allowed: "with model.physics only")
    }
  }

  private static func checkNames(
    _ entries: Entries, _ equation: PhysicsEquation, _ diagnostics: inout Diagnostics
  ) {
    let names = (0..<equation.parameterCount).map { "\(equation.parameter($0).name)" }
    for entry in entries.entries where !names.contains(entry.name.value) {
      diagnostics.add(
        entry.name, found: Wording.quoted(entry.name.value),
        allowed: "a parameter of \(equation.name), "
          + Wording.choice(of: names, insteadOf: entry.name.value))
    }
  }
}

extension PhysicsDescription.Parameter {
  /// The file's words on a parameter, and the equation's where it has none; nil with a fault.
  init?(_ facts: EquationParameter, _ entries: Entries, _ diagnostics: inout Diagnostics) {
    name = "\(facts.name)"
    unit = "\(facts.unit)"
    let standard = Interval(low: Double(facts.low), high: Double(facts.high))
    let found = entries.entries.first { [name] in $0.name.value == name }
    guard let value = found?.value else {
      start = Double("\(facts.start)") ?? Double(facts.start)
      bounds = standard
      isFixed = facts.isFixed
      isStartGiven = false
      return
    }
    if let number = Double(value) {
      start = number
      bounds = Interval(low: min(standard.low, number), high: max(standard.high, number))
      isFixed = facts.isFixed
      isStartGiven = true
      return
    }
    guard let section = Fields(value) else { return nil }
    if let fixed = section[ParameterKeys.fixed] {
      for key in [ParameterKeys.start, ParameterKeys.low, ParameterKeys.high] {
        guard section.has(key), let place = section.located(key) else { continue }
        diagnostics.add(place, found: "a key beside fixed", allowed: "fixed alone")
      }
      start = fixed
      bounds = Interval(low: fixed, high: fixed)
      isFixed = true
      isStartGiven = true
      return
    }
    let low = section[ParameterKeys.low]
    let high = section[ParameterKeys.high]
    let given = section[ParameterKeys.start]
    let first = given ?? Double("\(facts.start)") ?? Double(facts.start)
    bounds = Interval(
      low: low ?? min(standard.low, high ?? first), high: high ?? max(standard.high, low ?? first))
    start = given ?? min(max(first, bounds.low), bounds.high)
    // Who gives bounds wants a fit, of a number that is otherwise kept too.
    isFixed = false
    isStartGiven = given != nil
    if bounds.low >= bounds.high {
      diagnostics.add(
        section.position, section.path,
        found: "min \(Wording.number(bounds.low)), max "
          + Wording.number(bounds.high), allowed: "min below max")
    } else if let place = section.located(ParameterKeys.start), !bounds.contains(start) {
      diagnostics.add(
        place, found: Wording.number(start), allowed: "within \(bounds.description)")
    }
  }
}
