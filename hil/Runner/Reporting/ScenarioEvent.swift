/// One JSON object a scenario, and one at the end.
public enum ScenarioEvent: Sendable, Encodable {
  case scenario(ScenarioResult)
  case end([ScenarioResult])

  private enum CodingKeys: String, CodingKey {
    case event, name, file, result, reason, seconds, expectations, episode
    case passed, failed, skipped, errors
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .scenario(let result):
      try container.encode("scenario", forKey: .event)
      try container.encode(result.name, forKey: .name)
      try container.encode(result.file, forKey: .file)
      try container.encode(result.word, forKey: .result)
      try container.encodeIfPresent(result.reason, forKey: .reason)
      try container.encode(result.seconds, forKey: .seconds)
      try container.encode(result.judgements, forKey: .expectations)
      try container.encode(result.kept, forKey: .episode)
    case .end(let results):
      try container.encode("hil", forKey: .event)
      try container.encode(results.passed, forKey: .passed)
      try container.encode(results.failed, forKey: .failed)
      try container.encode(results.skipped, forKey: .skipped)
      try container.encode(results.errors, forKey: .errors)
    }
  }
}

extension ScenarioResult {
  /// The outcome in a word.
  public var word: String {
    switch outcome {
    case .passed: "passed"
    case .failed: "failed"
    case .skipped: "skipped"
    case .error: "error"
    }
  }

  /// Why it was skipped or could not be run.
  public var reason: String? {
    switch outcome {
    case .passed, .failed: nil
    case .skipped(let reason): reason
    case .error(let obstacle): obstacle.description
    }
  }
}
