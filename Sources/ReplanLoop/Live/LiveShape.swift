public import ReplanCore

/// The numbers that a live file's size follows from.
public struct LiveShape: Sendable, Equatable {
  public var stateCount: Int
  public var actionCount: Int
  /// Ticks of a plan.
  public var horizon: Int
  /// Floats of the model's block of parameters.
  public var parameterCount: Int
  public var kind: Kind

  /// Which model the parameters belong to.
  public enum Kind: UInt8, Sendable {
    case ensemble, linear, physics, hybrid
  }

  public init(
    stateCount: Int, actionCount: Int, horizon: Int, parameterCount: Int, kind: Kind
  ) {
    self.stateCount = stateCount
    self.actionCount = actionCount
    self.horizon = horizon
    self.parameterCount = parameterCount
    self.kind = kind
  }

  public init(_ configuration: ControllerConfiguration) {
    self.init(
      stateCount: configuration.structure.stateCount,
      actionCount: configuration.structure.actionCount, horizon: configuration.planner.horizon,
      parameterCount: configuration.model.parameterCount(configuration.structure),
      kind: Kind(configuration.model))
  }

  /// What a file may claim without being taken for damaged.
  var isPlausible: Bool {
    (1...Capacity.states).contains(stateCount) && (1...Capacity.actions).contains(actionCount)
      && (1...10_000).contains(horizon) && (0...100_000_000).contains(parameterCount)
  }
}

extension LiveShape.Kind {
  public init(_ model: ModelConfiguration) {
    switch model {
    case .ensemble: self = .ensemble
    case .linear: self = .linear
    case .physics: self = .physics
    case .hybrid: self = .hybrid
    }
  }
}

/// Where things lie in a live file, in bytes from its start.
struct LiveLayout {
  static let magic: UInt64 = 0x4C49_5645_5250_4C4E
  static let version: UInt32 = 1
  /// Newest ticks that the file holds; at 1 kHz a quarter of a second.
  static let sampleCount = 256

  static let prologue = 0
  /// The count of the head, plan and samples, and that of the model.
  static let lock = 64
  static let modelLock = 72
  static let head = 128
  let plan: Int
  let samples: Int
  /// All but the parameters.
  let viewBytes: Int
  let parameters: Int
  let byteCount: Int

  init(_ shape: LiveShape) {
    func rounded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }
    let float = MemoryLayout<Float>.stride
    plan = LiveLayout.head + rounded(MemoryLayout<LiveHead>.stride)
    samples = plan + rounded((shape.stateCount + shape.horizon * shape.actionCount) * float)
    viewBytes = samples + LiveLayout.sampleCount * MemoryLayout<LiveSample>.stride
    parameters = rounded(viewBytes)
    byteCount = parameters + shape.parameterCount * float
  }
}

/// The first bytes of a live file; programs of another version do not read on.
struct LivePrologue: BitwiseCopyable {
  var magic = LiveLayout.magic
  var version = LiveLayout.version
  var headBytes = UInt32(MemoryLayout<LiveHead>.stride)
  var sampleBytes = UInt32(MemoryLayout<LiveSample>.stride)
  var stateCount: UInt32
  var actionCount: UInt32
  var horizon: UInt32
  var parameterCount: UInt32
  var kind: UInt32

  init(_ shape: LiveShape) {
    stateCount = UInt32(shape.stateCount)
    actionCount = UInt32(shape.actionCount)
    horizon = UInt32(shape.horizon)
    parameterCount = UInt32(shape.parameterCount)
    kind = UInt32(shape.kind.rawValue)
  }

  /// nil if it was written by another version or is damaged.
  var shape: LiveShape? {
    let own = LivePrologue(
      LiveShape(stateCount: 1, actionCount: 1, horizon: 1, parameterCount: 0, kind: .ensemble))
    guard magic == own.magic, version == own.version, headBytes == own.headBytes,
      sampleBytes == own.sampleBytes,
      let kind = UInt8(exactly: kind).flatMap(LiveShape.Kind.init)
    else { return nil }
    let shape = LiveShape(
      stateCount: Int(stateCount), actionCount: Int(actionCount), horizon: Int(horizon),
      parameterCount: Int(parameterCount), kind: kind)
    return shape.isPlausible ? shape : nil
  }
}
