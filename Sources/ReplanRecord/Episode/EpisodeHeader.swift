/// What an episode file says of itself before the first sample.
public struct EpisodeHeader: Sendable, Equatable {
  public var robotName: String
  /// The robot file, word for word; attached as `robot.yaml`.
  public var robotText: String
  /// Names of the observation channels, of the form [a-z][a-z0-9_]*, all different.
  public var observationChannels: [String]
  public var actionChannels: [String]
  /// Samples a second.
  public var rate: Double
  /// Seconds between two transitions of the model.
  public var tick: Double
  public var seed: UInt64
  /// Hash of the model file in use at the start; empty if there was none that has a file.
  public var modelHash: String
  /// The episode's number in its workspace, from 1.
  public var index: Int
  /// base, mpc, …
  public var kind: String
  /// The program that wrote it, with its version.
  public var build: String
  /// When the episode began, as ISO 8601.
  public var created: String
  /// When it began, on the clock of the records' log times, in nanoseconds.
  public var startTime: UInt64
  /// Which plant it was: equal for two episodes only if their transitions may be mixed. Empty if
  /// unknown.
  public var plant: String
  /// What the controller was given beside robot file, model and seed; nil in files of format 1.
  public var control: ControlSettings?
  /// Actions that were prepared and are played; attached as `excitation.csv`.
  public var prepared: PreparedTable?

  public init(
    robotName: String, robotText: String, observationChannels: [String],
    actionChannels: [String], rate: Double, tick: Double, seed: UInt64, modelHash: String,
    index: Int, kind: String, build: String, created: String, startTime: UInt64,
    plant: String = "", control: ControlSettings? = nil, prepared: PreparedTable? = nil
  ) {
    self.robotName = robotName
    self.robotText = robotText
    self.observationChannels = observationChannels
    self.actionChannels = actionChannels
    self.rate = rate
    self.tick = tick
    self.seed = seed
    self.modelHash = modelHash
    self.index = index
    self.kind = kind
    self.build = build
    self.created = created
    self.startTime = startTime
    self.plant = plant
    self.control = control
    self.prepared = prepared
  }
}

extension EpisodeHeader {
  /// The kind of an episode that another program logged.
  public static let imported = "imported"

  static let metadataName = "replan"
  static let attachmentName = "robot.yaml"
  static let formatVersion = "2"
  /// What this build reads; format 1 lacks what an exact replay needs.
  static let readableVersions = ["1", "2"]

  /// The file's metadata record; channels stand in the schemas and the robot in the attachment.
  var metadata: [String: String] {
    let values = [
      "format": Self.formatVersion, "robot": robotName, "rate_hz": "\(rate)", "tick_s": "\(tick)",
      "seed": "\(seed)", "model_hash": modelHash, "episode": "\(index)", "kind": kind,
      "build": build, "created": created, "start_ns": "\(startTime)",
      "plant": plant,
    ]
    return values.merging(control?.metadata ?? [:]) { own, _ in own }
  }

  /// Reads the metadata record; throws the name of the key at fault.
  init(
    metadata: MetadataValues, robotText: String, observationChannels: [String],
    actionChannels: [String], prepared: PreparedTable? = nil
  ) throws(RecordError) {
    let format = try metadata.text("format")
    guard Self.readableVersions.contains(format) else {
      throw metadata.damaged(
        "episode format \(format), where this build reads "
          + Self.readableVersions.joined(separator: " and "))
    }
    self.init(
      robotName: try metadata.text("robot"), robotText: robotText,
      observationChannels: observationChannels, actionChannels: actionChannels,
      rate: try metadata.value("rate_hz"), tick: try metadata.value("tick_s"),
      seed: try metadata.value("seed"), modelHash: try metadata.text("model_hash"),
      index: try metadata.value("episode"), kind: try metadata.text("kind"),
      build: try metadata.text("build"), created: try metadata.text("created"),
      startTime: try metadata.value("start_ns"), plant: metadata.values["plant"] ?? "",
      control: try ControlSettings(metadata: metadata), prepared: prepared)
  }
}

/// The values of a metadata record and where it stands.
struct MetadataValues {
  let values: [String: String]
  let path: String
  let offset: Int

  func damaged(_ reason: String) -> RecordError {
    .damaged(path: path, offset: offset, reason: reason)
  }

  func text(_ key: String) throws(RecordError) -> String {
    guard let text = values[key] else { throw damaged("metadata without \"\(key)\"") }
    return text
  }

  func value<T: LosslessStringConvertible>(_ key: String) throws(RecordError) -> T {
    let text = try text(key)
    guard let value = T(text) else { throw damaged("metadata \"\(key)\" is \"\(text)\"") }
    return value
  }
}
