public import ReplanCore

/// What a controller was given beside robot file, model and seed: with it, a tick can be computed
/// again.
public struct ControlSettings: Sendable, Equatable {
  /// Where the model comes from that was in use at the start.
  public enum ModelOrigin: String, Sendable {
    /// There was none.
    case none
    /// A model file, which `EpisodeHeader.modelHash` identifies.
    case file
    /// The episode's own attachment of generation 0.
    case attached
    /// Made by the program that recorded; it is stored nowhere.
    case unstored
  }

  /// The policy that explores; nil if the controller plans, plays what was prepared, or settles.
  public var basePolicy: BasePolicy?
  /// How the actions were designed that are played (`EpisodeHeader.prepared`); nil if none are.
  public var excitation: String?
  /// True if the controller brought the plant to rest.
  public var isSettling: Bool
  /// The largest disagreement at which a prediction counted as known; infinite if all did.
  public var gate: Float
  public var model: ModelOrigin
  /// True if the plant waited for each action, so that planning knew no deadline.
  public var isLockstep: Bool
  /// The processor that the recording program was built for; for people.
  public var processor: String

  public init(
    basePolicy: BasePolicy?, gate: Float, model: ModelOrigin, isLockstep: Bool, processor: String,
    excitation: String? = nil, isSettling: Bool = false
  ) {
    self.isSettling = isSettling
    self.basePolicy = basePolicy
    self.excitation = excitation
    self.gate = gate
    self.model = model
    self.isLockstep = isLockstep
    self.processor = processor
  }
}

extension ControlSettings {
  private static let explore = "explore"
  private static let plan = "plan"
  private static let settle = "settle"
  private static let table = "table"

  /// Numbers are written as the shortest decimal that reads back as the same bits.
  var metadata: [String: String] {
    let own = [
      "mode": isSettling
        ? Self.settle : basePolicy == nil && excitation == nil ? Self.plan : Self.explore,
      "policy": excitation == nil ? basePolicy.map { $0.text } ?? "" : Self.table,
      "gate": "\(gate)", "model": model.rawValue,
      "lockstep": "\(isLockstep)", "processor": processor,
    ]
    return own.merging(excitation.map { ["excitation": $0] } ?? [:]) { own, _ in own }
  }

  /// nil in files of format 1, which have none of it.
  init?(metadata: MetadataValues) throws(RecordError) {
    guard let mode = metadata.values["mode"] else { return nil }
    let policy = try metadata.text("policy")
    let origin = try metadata.text("model")
    guard let model = ModelOrigin(rawValue: origin) else {
      throw metadata.damaged("metadata \"model\" is \"\(origin)\"")
    }
    let basePolicy = BasePolicy(text: policy)
    let isTable = policy == Self.table
    let isSettling = mode == Self.settle
    let isExploring = basePolicy != nil || isTable
    guard isSettling ? !isExploring : mode == (isExploring ? Self.explore : Self.plan),
      (basePolicy == nil) == (policy.isEmpty || isTable)
    else { throw metadata.damaged("metadata \"mode\" is \"\(mode)\" and \"policy\" \"\(policy)\"") }
    self.init(
      basePolicy: basePolicy, gate: try metadata.value("gate"), model: model,
      isLockstep: try metadata.value("lockstep"), processor: try metadata.text("processor"),
      excitation: isTable ? metadata.values["excitation"] ?? "" : nil, isSettling: isSettling)
  }
}

extension BasePolicy {
  fileprivate var text: String {
    switch self {
    case .ornsteinUhlenbeck(let timeConstant, let deviation):
      "ornstein_uhlenbeck \(timeConstant) \(deviation)"
    case .uniform(let amplitude, let ticks): "uniform \(amplitude) \(ticks)"
    case .safe: "safe"
    // What it plays is attached; the settings say so themselves.
    case .table: "safe"
    }
  }

  fileprivate init?(text: String) {
    let words = text.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("ornstein_uhlenbeck", 3):
      guard let timeConstant = Float(words[1]), let deviation = Float(words[2]) else { return nil }
      self = .ornsteinUhlenbeck(timeConstant: timeConstant, deviation: deviation)
    case ("uniform", 3):
      guard let amplitude = Float(words[1]), let ticks = Int(words[2]) else { return nil }
      self = .uniform(amplitude: amplitude, ticks: ticks)
    case ("safe", 1): self = .safe
    default: return nil
    }
  }
}
