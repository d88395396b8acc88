public import ReplanCore
public import ReplanRecord
public import ReplanRobot

/// What a model is identified from.
public struct IdentificationData: Sendable {
  public var robot: RobotDescription
  public var recordings: [Recording]
  /// SHA-256 of all transitions, in hexadecimal.
  public var hash: String

  /// All runs, in the order of the recordings.
  public var trajectories: [Trajectory] { recordings.flatMap(\.trajectories) }

  /// All transitions that are whole.
  public var transitions: TransitionSet {
    TransitionSet(
      stateCount: robot.observation.count, actionCount: robot.action.count, trajectories)
  }
}

/// How far an identification has come, for people.
public struct IdentificationProgress: Sendable {
  public var text: String

  public init(_ text: String) { self.text = text }
}

/// A model that was identified or read, of any kind: what validation and storage need of it.
public struct IdentifiedModel: Sendable {
  /// ensemble, linear, physics or hybrid.
  public var kind: String
  /// Names of the measured channels.
  public var channels: [String]
  /// The plant as the model sees it; with memory where it has one.
  public var structure: PlantStructure
  /// How the spread is to be widened; nil if the model does not say.
  public var spread: SpreadCalibration?
  /// What the model was fitted on and how well, in words.
  public var summary: String
  public var makePredictor: @Sendable () -> CorePredictor
  /// Puts in what was not measured and a simulation has to begin with: the initial state of records
  /// that hold some channels only.
  public var complete: @Sendable ([Trajectory]) -> [Trajectory] = { $0 }
  /// Writes the model's file with these texts in its header beside its own; returns its hash.
  public var store:
    @Sendable (_ path: String, _ texts: [String: String]) throws(RecordError) -> String

  public init(
    kind: String, channels: [String], structure: PlantStructure, spread: SpreadCalibration?,
    summary: String, makePredictor: @escaping @Sendable () -> CorePredictor,
    store:
      @escaping @Sendable (_ path: String, _ texts: [String: String]) throws(RecordError)
      -> String
  ) {
    self.kind = kind
    self.channels = channels
    self.structure = structure
    self.spread = spread
    self.summary = summary
    self.makePredictor = makePredictor
    self.store = store
  }
}

/// A way from recordings to a model of one kind.
public protocol IdentificationMethod: Sendable {
  /// As `--kind` names it.
  var kind: String { get }

  /// - Parameter progress: told now and then, from any thread.
  /// - Throws: `LearnError`, or the error of the method's own module.
  func fit(
    _ data: IdentificationData, progress: @escaping @Sendable (IdentificationProgress) -> Void
  ) throws -> IdentifiedModel
}
