import ArgumentParser
import ReplanLoop
import ReplanRecord
import ReplanRobot

struct Recover: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Complete episode files that were cut off, by a power cut or a kill.",
    discussion: """
      What is whole stays as it is; index, statistics and an outcome that says "cut off" are added, \
      so that every reader of MCAP opens the file. The file as it was found is kept beside it as \
      FILE.cut. Whole files are left alone. A workspace is recovered only while nothing runs in it.

      Example: replan recover workspaces/cart_pole/episodes/0003.mcap
      Example: replan recover workspaces/cart_pole
      """)

  @OptionGroup var files: EpisodeFiles
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      var failures: [RecordError] = []
      func show(_ result: Result<EpisodeRecovery, RecordError>) {
        switch result {
        case .success(let recovery):
          console.object(RecoveryEvent(recovery))
          if !console.isJSON { console.result(recovery.sentence) }
        case .failure(let error): failures.append(error)
        }
      }
      for path in files.episodes {
        guard Workspace.exists(at: path) else {
          show(
            Result { () throws(RecordError) in
              try EpisodeRecovery.recover(path, episodeReturn: Self.episodeReturn)
            })
          continue
        }
        try EpisodeRecovery.recover(workspace: path, episodeReturn: Self.episodeReturn, show)
      }
      return try forEach(failures, console) { failure in throw failure }
    }
  }

  /// The robot is in the file; one that this build does not read leaves the return unknown.
  private static func episodeReturn(_ episode: Episode) -> Double {
    let robot = try? RobotDescription.parse(text: episode.header.robotText, file: "robot.yaml")
    return robot.map { episode.summedReturn(of: $0) } ?? .nan
  }
}

struct RecoveryEvent: Encodable {
  let event = "recovery"
  var file: String
  /// whole, or recovered.
  var state: String
  var observations: Int
  var ticks: Int
  var lostBytes: Int
  var damagedRecords: Int
  var original: String?

  enum CodingKeys: String, CodingKey {
    case event, file, state, observations, ticks, original
    case lostBytes = "lost_bytes"
    case damagedRecords = "damaged_records"
  }

  init(_ recovery: EpisodeRecovery) {
    file = recovery.path
    state = recovery.isWhole ? "whole" : "recovered"
    observations = recovery.observations
    ticks = recovery.ticks
    lostBytes = recovery.lostBytes
    damagedRecords = recovery.damagedRecords
    original = recovery.original
  }
}

extension EpisodeRecovery {
  fileprivate var sentence: String {
    if isWhole { return "\(path): whole, left alone" }
    return "\(path): recovered with \(observations) observations and \(ticks) ticks"
      + (lostBytes > 0 ? "; the last \(lostBytes) bytes hold no whole chunk" : "")
      + (damagedRecords > 0 ? "; damaged records left out or made anew: \(damagedRecords)" : "")
      + (original.map { "; as it was found: \($0)" } ?? "")
  }
}
