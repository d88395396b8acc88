import ReplanRobot

/// Something that goes wrong on the controller's side of the line.
///
/// Times are seconds of armed time, counted in samples as those of the plant's faults.
public enum ControllerFault: Sendable, Equatable {
  /// The recorder's thread does nothing for a while.
  case recorderStall(at: Double, seconds: Double)
  /// From then on the disk has no room for the episode.
  case diskFull(at: Double)
  /// There is no model file.
  case modelMissing
  /// A byte of the model file has changed.
  case modelCorrupt
  /// Threads of ordinary priority that compute without pause.
  case cpuHog(threads: Int, at: Double, seconds: Double)
  /// The deadline leaves no time for planning.
  case plannerLate(at: Double, seconds: Double)

  /// The word in the file.
  public var name: String { kind.rawValue }

  enum Kind: String, CaseIterable {
    case recorderStall = "recorder-stall"
    case diskFull = "disk-full"
    case modelMissing = "model-missing"
    case modelCorrupt = "model-corrupt"
    case cpuHog = "cpu-hog"
    case plannerLate = "planner-late"
  }

  private var kind: Kind {
    switch self {
    case .recorderStall: .recorderStall
    case .diskFull: .diskFull
    case .modelMissing: .modelMissing
    case .modelCorrupt: .modelCorrupt
    case .cpuHog: .cpuHog
    case .plannerLate: .plannerLate
    }
  }

  /// True if it means nothing in simulated time.
  public var needsRealTime: Bool {
    if case .cpuHog = self { true } else { false }
  }

  /// When it begins, s; that of a fault before the episode is 0.
  public var begin: Double {
    switch self {
    case .recorderStall(let at, _), .diskFull(let at), .cpuHog(_, let at, _),
      .plannerLate(let at, _):
      at
    case .modelMissing, .modelCorrupt: 0
    }
  }

  /// When it is over, s; nil if it lasts.
  public var end: Double? {
    switch self {
    case .recorderStall(let at, let seconds), .cpuHog(_, let at, let seconds),
      .plannerLate(let at, let seconds):
      at + seconds
    case .diskFull, .modelMissing, .modelCorrupt: nil
    }
  }
}

enum ControllerFaultKeys {
  static let fault = Key<String>(
    "fault", oneOf: ControllerFault.Kind.allCases.map(\.rawValue), required: true,
    "What goes wrong.")
  static let at = Key<Double>(
    "at", .from(0, to: 3600), required: true, unit: "s", "When it begins, in armed time.")
  static let length = Key<Double>(
    "for", .above(0, to: 3600), required: true, unit: "s", "How long it lasts.")
  static let threads = Key<Int>("threads", 1...64, default: 1, "Threads that compute.")

  static let section = Section(
    [fault.descriptor], selectedBy: .value(of: "fault", standard: ""),
    [
      variant(.recorderStall, [at.descriptor, length.descriptor]),
      variant(.diskFull, [at.descriptor]),
      variant(.modelMissing, []),
      variant(.modelCorrupt, []),
      variant(.cpuHog, [threads.descriptor, at.descriptor, length.descriptor]),
      variant(.plannerLate, [at.descriptor, length.descriptor]),
    ])

  private static func variant(
    _ kind: ControllerFault.Kind, _ keys: [KeyDescriptor]
  ) -> Section.Variant {
    Section.Variant(name: kind.rawValue, keys: keys)
  }
}

extension ControllerFault {
  init?(_ fields: Fields) {
    typealias Keys = ControllerFaultKeys
    guard let kind = fields[Keys.fault].flatMap(Kind.init(rawValue:)) else { return nil }
    let at = fields[Keys.at]
    let seconds = fields[Keys.length]
    switch (kind, at, seconds) {
    case (.modelMissing, _, _): self = .modelMissing
    case (.modelCorrupt, _, _): self = .modelCorrupt
    case (.diskFull, let at?, _): self = .diskFull(at: at)
    case (.recorderStall, let at?, let seconds?):
      self = .recorderStall(at: at, seconds: seconds)
    case (.plannerLate, let at?, let seconds?): self = .plannerLate(at: at, seconds: seconds)
    case (.cpuHog, let at?, let seconds?):
      guard let threads = fields[Keys.threads] else { return nil }
      self = .cpuHog(threads: threads, at: at, seconds: seconds)
    default: return nil
    }
  }
}
