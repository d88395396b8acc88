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
  public private(set) var latency: Int
  /// False where the file leaves the latency to the identified model.
  public let isLatencyDeclared: Bool
  /// How observations become the state.
  public let estimator: EstimatorDescription
  public let declaredObjective: ObjectiveDescription
  public let planner: PlannerDescription
  public let model: ModelDescription
  public let dataset: DatasetDescription
  public let value: ValueDescription
  public let propagation: PropagationDescription
  public let basePolicy: BasePolicyDescription
  public let learning: LearningDescription
  public let exploration: ExplorationDescription
  public let promotion: PromotionDescription
  public let episode: EpisodeDescription
  public let guarding: GuardDescription
  /// In the order of the channels' names.
  public let envelope: [EnvelopeLimit]
  public let link: LinkDescription
  public let picture: PictureDescription
  /// The text that it was read from, to be embedded in episodes.
  public let source: String

  /// Seconds of one tick.
  public var period: Double { 1 / rate }

  /// The same robot with another latency, where the file does not say it.
  ///
  /// - Parameters:
  ///   - ticks: within what the key `latency` allows.
  ///   - overriding: whatever the file says, for who looks at records as they are.
  public func assuming(latency ticks: Int, overriding: Bool = false) -> RobotDescription {
    precondition((0...15).contains(ticks), "a latency is 0 to 15 ticks")
    guard !isLatencyDeclared || overriding else { return self }
    var result = self
    result.latency = ticks
    return result
  }

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
}
