import ReplanCore
import ReplanRecord

/// What the page tells of an episode; values that it does not have are left out.
struct EpisodeContent: Encodable {
  var index: Int
  var file: String
  var kind: String
  var created: String
  /// As text: a browser's numbers hold 53 bits.
  var seed: String
  var plant: String
  /// Hash of the model that it began with; empty for none.
  var model: String
  /// Index of its robot file; nil if that cannot be read.
  var robot: Int?
  /// Samples a second.
  var rate: Double
  /// Armed time of the episode, and of the workspace up to its end, s.
  var seconds: Double
  var experience: Double?
  var `return`: Double?
  var success: Bool?
  /// Why it ended.
  var end: String?
  var overruns: Int
  var fallbacks: Int
  /// Seconds from its beginning to its last record.
  var length: Double
  /// What is wrong with it.
  var notes: [String] = []
  var tables: [SeriesLayout] = []
  /// From, to and verdict; times in s.
  var bands: [VerdictBand]
  /// When another model was adopted, s.
  var refits: [Double]
  /// Disagreement beyond which a plan leaves what the model knows; nil if there is no such bound.
  var gate: Float?
  /// Whether the gate was in force.
  var isGated = false
  var timing: EpisodeTiming?
  /// Whether the plant waited for each action; nil if the journal does not tell.
  var isLockstep: Bool?
  var prediction: PredictionContent?
  /// What its plans promised; nil where none was lived through.
  var promise: PlanPromise?
  /// Why there is no prediction.
  var predictionNote: String?
}

extension EpisodeContent {
  /// - Parameter file: relative to the workspace.
  init(_ episode: Episode, file: String) {
    let header = episode.header
    let outcome = episode.outcome
    self.init(
      index: header.index, file: file, kind: header.kind, created: header.created,
      seed: "\(header.seed)", plant: header.plant, model: header.modelHash, rate: header.rate,
      seconds: episode.armedSeconds, return: outcome?.episodeReturn.finite,
      success: outcome?.isSuccess, end: outcome?.reason ?? "cut off",
      overruns: outcome?.overruns ?? episode.ticks.count(where: \.isOverrun),
      fallbacks: outcome?.fallbacks
        ?? episode.ticks.count { Verdict(rawValue: $0.verdict)?.isFallback ?? true },
      length: episode.length, bands: VerdictBand.bands(of: episode),
      refits: episode.refitTimes, timing: EpisodeTiming(episode))
    if let dropped = outcome?.droppedRecords, dropped > 0 {
      notes.append(
        "\(dropped) records of this episode did not reach the file: its plots have gaps.")
    }
    if outcome == nil {
      notes.append(
        "This episode was cut off: its writer did not close it. What follows is up to its last "
          + "whole chunk"
          + (episode.droppedBytes > 0 ? "; \(episode.droppedBytes) bytes after it are lost." : "."))
    }
  }
}

extension Episode {
  /// Samples from the first to the last, times the period: what the learning loop counts.
  var armedSeconds: Double {
    guard let first = observations.first, let last = observations.last, header.rate > 0 else {
      return 0
    }
    return Double(Int(last.sequence &- first.sequence) + 1) / header.rate
  }

  /// Seconds since the first record.
  func seconds(_ logTime: UInt64) -> Double {
    Double(Int64(bitPattern: logTime &- firstTime)) * 1e-9
  }

  var length: Double {
    [observations.last?.logTime, actions.last?.logTime, ticks.last?.logTime]
      .compactMap { $0.map(seconds) }.max() ?? 0
  }

  /// When the number of replaced models rose, s.
  var refitTimes: [Double] {
    zip(ticks, ticks.dropFirst()).compactMap { before, after in
      after.modelGeneration != before.modelGeneration ? seconds(after.logTime) : nil
    }
  }
}

extension BinaryFloatingPoint {
  /// nil where the value is not finite: JSON has no such numbers.
  var finite: Self? { isFinite ? self : nil }
}
