/// What came of a scenario.
public struct ScenarioResult: Sendable, Equatable {
  public enum Outcome: Sendable, Equatable {
    case passed
    case failed
    /// It means nothing here; why.
    case skipped(String)
    /// It could not be run; why.
    case error(ScenarioObstacle)
  }

  public var name: String
  public var file: String
  public var outcome: Outcome
  /// Wall time.
  public var seconds: Double = 0
  public var judgements: [Judgement] = []
  /// Where the episode of a failure is kept.
  public var kept: String?

  public init(name: String, file: String, outcome: Outcome) {
    self.name = name
    self.file = file
    self.outcome = outcome
  }

  /// The expectations that were not met.
  public var failures: [Judgement] { judgements.filter { !$0.ok } }
}

/// Why a scenario could not be run.
public struct ScenarioObstacle: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// The scenario, or a file that it names, is wrong.
    case badFile
    case plantNotReached
    /// The user did not want it to go on.
    case stopped
    case other
  }

  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

extension [ScenarioResult] {
  public var passed: Int { count { $0.outcome == .passed } }
  public var failed: Int { count { $0.outcome == .failed } }
  public var skipped: Int { count { if case .skipped = $0.outcome { true } else { false } } }
  public var errors: Int { count { if case .error = $0.outcome { true } else { false } } }
}
