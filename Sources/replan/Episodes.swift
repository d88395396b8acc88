import ArgumentParser
import Foundation
import ReplanRecord

struct Episodes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the episodes of a workspace.",
    discussion: """
      One row an episode: its number, when it was recorded, what acted (base, mpc, reset, imported), its \
      length, its return (minus the summed cost), whether it succeeded, ticks that came too late, \
      ticks under the fallback, records that did not reach the file, why it ended, and its ticks \
      by verdict. Files that were cut off or cannot be read are listed with what is the matter; \
      `replan recover` completes the former.

      Example: replan episodes workspaces/cart_pole
      """)

  @Argument(help: "The workspace's folder.", completion: .directory)
  var workspace: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let items = try Workspace.episodes(at: workspace)
      let isInUse = Workspace.isInUse(workspace)
      var table = Table([
        "episode", "<recorded", "<kind", "seconds", "return", "<success", "overruns", "fallbacks",
        "dropped", "<end", "<verdicts",
      ])
      var unreadable: [String] = []
      for (place, item) in items.enumerated() {
        console.redraw("reading \(place + 1) of \(items.count)")
        let isRunning = isInUse && place == items.count - 1
        do {
          let event = EpisodeEvent(
            item, try EpisodeOverview.read(item.path), isRunning: isRunning)
          console.object(event)
          table.add(event.row)
        } catch let error as RecordError {
          console.object(UnreadableItem("episode", item, error))
          unreadable.append("episode \(item.index): \(error)")
        }
      }
      console.clear()
      guard !console.isJSON else { return nil }
      if items.isEmpty {
        console.line("\(workspace) holds no episode yet")
      } else {
        for line in table.lines { console.result(line) }
        for line in unreadable { console.result(line) }
      }
      return nil
    }
  }
}

/// An episode as `replan episodes --json` tells it; the names are those of the journal.
struct EpisodeEvent: Encodable {
  let event = "episode"
  var index: Int
  var file: String
  /// complete, cut off, or running.
  var state: String
  var robot: String
  var kind: String
  var created: String
  var seed: UInt64
  var model: String
  var seconds: Double
  /// Of a whole episode; the same below. Left out where nobody summed it.
  var episodeReturn: Double?
  var success: Bool?
  var end: String?
  var ticks: Int
  var overruns: Int?
  var fallbacks: Int?
  var dropped: Int?
  var verdicts: [String: Int]?
  var messages: [String: Int]
  var bytes: Int
  var cutBytes: Int

  enum CodingKeys: String, CodingKey {
    case event, index, file, state, robot, kind, created, seed, model, seconds, success, end, ticks
    case overruns, fallbacks, dropped, verdicts, messages, bytes
    case episodeReturn = "return"
    case cutBytes = "cut_bytes"
  }

  init(_ item: Workspace.Item, _ overview: EpisodeOverview, isRunning: Bool) {
    let header = overview.header
    let outcome = overview.outcome
    index = item.index
    file = item.path
    state = overview.isComplete ? "complete" : isRunning ? "running" : "cut off"
    robot = header.robotName
    kind = header.kind
    created = header.created
    seed = header.seed
    model = header.modelHash
    seconds = overview.seconds
    episodeReturn = outcome.flatMap { $0.episodeReturn.isFinite ? $0.episodeReturn : nil }
    success = outcome?.isSuccess
    end = outcome?.reason
    ticks = outcome?.ticks ?? overview.messageCounts["/tick"] ?? 0
    overruns = outcome?.overruns
    fallbacks = outcome?.fallbacks
    dropped = outcome?.droppedRecords
    verdicts = outcome?.verdicts
    messages = overview.messageCounts
    bytes = overview.size
    cutBytes = overview.droppedBytes
  }

  /// The cells of the table.
  var row: [String] {
    func count(_ value: Int?) -> String { value.map { "\($0)" } ?? "-" }
    let verdicts = (verdicts ?? [:]).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return [
      "\(index)", String(created.prefix(19)).replacingOccurrences(of: "T", with: " "), kind,
      Table.number(seconds, 2), Table.number(episodeReturn ?? .nan, 1),
      success.map { $0 ? "yes" : "no" } ?? "-", count(overruns), count(fallbacks), count(dropped),
      state == "complete" ? end ?? "" : state,
      verdicts.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
    ]
  }
}
