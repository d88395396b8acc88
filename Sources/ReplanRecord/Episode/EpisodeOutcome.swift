/// How an episode ended.
public struct EpisodeOutcome: Sendable, Equatable {
  /// Armed time.
  public var seconds: Double
  public var isSuccess: Bool
  /// Minus the summed cost; not a number if nobody summed it.
  public var episodeReturn: Double
  public var ticks: Int
  public var overruns: Int
  public var fallbacks: Int
  /// Why it ended, in a word or a sentence.
  public var reason: String
  /// Records that did not reach the file.
  public var droppedRecords: Int
  /// Ticks by the name of their verdict; empty in files that do not tell it.
  public var verdicts: [String: Int]

  public init(
    seconds: Double, isSuccess: Bool, episodeReturn: Double, ticks: Int, overruns: Int,
    fallbacks: Int, reason: String, droppedRecords: Int = 0, verdicts: [String: Int] = [:]
  ) {
    self.seconds = seconds
    self.isSuccess = isSuccess
    self.episodeReturn = episodeReturn
    self.ticks = ticks
    self.overruns = overruns
    self.fallbacks = fallbacks
    self.reason = reason
    self.droppedRecords = droppedRecords
    self.verdicts = verdicts
  }
}

extension EpisodeOutcome {
  static let metadataName = "outcome"

  var metadata: [String: String] {
    [
      "seconds": "\(seconds)", "success": "\(isSuccess)", "return": "\(episodeReturn)",
      "ticks": "\(ticks)", "overruns": "\(overruns)", "fallbacks": "\(fallbacks)",
      "reason": reason, "dropped": "\(droppedRecords)",
      "verdicts": verdicts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", "),
    ]
  }

  init(metadata: MetadataValues) throws(RecordError) {
    self.init(
      seconds: try metadata.value("seconds"), isSuccess: try metadata.value("success"),
      episodeReturn: try metadata.value("return"), ticks: try metadata.value("ticks"),
      overruns: try metadata.value("overruns"), fallbacks: try metadata.value("fallbacks"),
      reason: try metadata.text("reason"),
      droppedRecords: metadata.values["dropped"] == nil ? 0 : try metadata.value("dropped"),
      verdicts: try Self.verdicts(metadata))
  }

  private static func verdicts(_ metadata: MetadataValues) throws(RecordError) -> [String: Int] {
    var verdicts: [String: Int] = [:]
    for entry in (metadata.values["verdicts"] ?? "").split(separator: ", ") {
      let words = entry.split(separator: " ")
      guard words.count == 2, let count = Int(words[1]) else {
        throw metadata.damaged("metadata \"verdicts\" has \"\(entry)\"")
      }
      verdicts[String(words[0])] = count
    }
    return verdicts
  }
}
