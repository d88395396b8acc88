import Yams

/// A robot as its file describes it, validated whole.
///
/// ```swift
/// let robot = try RobotDescription.load(path: "robots/cart-pole.yaml")
/// let configuration = robot.controllerConfiguration(seed: 1)
/// ```
/// A value of this type never contradicts itself: it comes from `load` and `parse` only, which give
/// all faults of a file at once otherwise.
public struct RobotDescription: Sendable, Equatable {
  public let name: String
  /// For people; means nothing to the program.
  public let description: String
  /// Ticks per second.
  public let rate: Double
  /// In the order of the wire, as the state.
  public let observation: [ObservationChannel]
  public let action: [ActionChannel]
  public let declaredStructure: DeclaredStructure
  /// Ticks of latency in the plant, beyond the tick of next-tick output.
  public let latency: Int
  public let declaredObjective: ObjectiveDescription
  public let planner: PlannerDescription
  public let model: ModelDescription
  public let basePolicy: BasePolicyDescription
  public let episode: EpisodeDescription
  public let guarding: GuardDescription
  /// In the order of the channels' names.
  public let envelope: [EnvelopeLimit]
  public let link: LinkDescription
  /// The text that it was read from, to be embedded in episodes.
  public let source: String

  /// Seconds of one tick.
  public var period: Double { 1 / rate }

  /// The nearest number of whole ticks, at least 1.
  public func ticks(in seconds: Double) -> Int { Self.ticks(in: seconds, rate: rate) }

  static func ticks(in seconds: Double, rate: Double) -> Int {
    max(1, Int((seconds * rate).rounded()))
  }
}

extension RobotDescription {
  /// - Throws: `RobotError.unreadable` if the file cannot be read, `.invalid` with all its faults.
  public static func load(path: String) throws(RobotError) -> RobotDescription {
    try parse(text: RobotFile.read(path), file: path)
  }

  /// - Parameter file: the name that faults give.
  /// - Throws: `RobotError.invalid` with all faults of the text.
  public static func parse(text: String, file: String) throws(RobotError) -> RobotDescription {
    let root = try Syntax.compose(text, file: file)
    var checker = Checker(diagnostics: Diagnostics(file: file))
    guard let fields = checker.section(root, RobotKeys.section, path: "") else {
      throw checker.diagnostics.error
    }
    let robot = RobotDescription(fields, source: text, &checker.diagnostics)
    guard checker.diagnostics.faults.isEmpty, let robot else { throw checker.diagnostics.error }
    return robot
  }

  private init?(_ fields: Fields, source: String, _ diagnostics: inout Diagnostics) {
    // Every part is decoded before any of them is missed, so that all faults are found.
    let observations = fields[RobotKeys.observation]
    let actions = fields[RobotKeys.action]
    let channels = ChannelTable(observations: observations, actions: actions, &diagnostics)
    let rate = fields.located(RobotKeys.rate)
    let observation = observations?.compactMap { ObservationChannel($0, &diagnostics) }
    let action = actions?.compactMap { ActionChannel($0, &diagnostics) }
    let structure = fields[RobotKeys.structure].flatMap {
      DeclaredStructure($0, channels, &diagnostics)
    }
    let objective = fields[RobotKeys.objective].flatMap {
      ObjectiveDescription($0, channels, &diagnostics)
    }
    let planner = fields[RobotKeys.planner].flatMap {
      PlannerDescription($0, rate: rate?.value, &diagnostics)
    }
    let model = fields[RobotKeys.model].flatMap { ModelDescription($0, &diagnostics) }
    let basePolicy = fields[RobotKeys.basePolicy].flatMap { BasePolicyDescription($0) }
    let episode = fields[RobotKeys.episode].flatMap {
      EpisodeDescription($0, channels, &diagnostics)
    }
    let guarding = fields[RobotKeys.guarding].flatMap { GuardDescription($0) }
    let envelope = fields[RobotKeys.envelope].map {
      EnvelopeLimit.limits($0, channels, &diagnostics)
    }
    let link = fields[RobotKeys.link].flatMap {
      LinkDescription($0, rate: rate?.value, &diagnostics)
    }
    if let rate, let observations, let actions, let link {
      LinkBudget.check(
        rate, observations: observations.count, actions: actions.count, baud: link.baud,
        &diagnostics)
    }
    guard let name = fields[RobotKeys.name], let description = fields[RobotKeys.description],
      let rate, let observation, let action, let structure,
      let latency = fields[RobotKeys.latency], let objective, let planner, let model,
      fields[RobotKeys.value] != nil, let basePolicy, let episode, let guarding, let envelope,
      let link
    else { return nil }
    self.init(
      name: name, description: description, rate: rate.value, observation: observation,
      action: action, declaredStructure: structure, latency: latency, declaredObjective: objective,
      planner: planner, model: model, basePolicy: basePolicy, episode: episode,
      guarding: guarding, envelope: envelope, link: link, source: source)
  }
}
