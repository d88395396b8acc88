import Foundation

/// A run of a command in the workspace, as the journal tells.
struct RunContent: Encodable {
  var command: String
  var seed: String
  var isLockstep: Bool
  var plant: String
  var end: String?
  /// Files of the episodes that it ran.
  var episodes: [String] = []
}

extension RunContent {
  /// The events of the journal that tell of runs; others have other keys.
  private struct Event: Decodable {
    var event: String
    var command: String?
    var seed: UInt64?
    var lockstep: Bool?
    var plant: String?
    var reason: String?
    var file: String?
  }

  /// The runs of a journal, in order, and the number of lines that are not readable.
  static func runs(of journal: [String]) -> (runs: [RunContent], unreadable: Int) {
    var runs: [RunContent] = []
    var unreadable = 0
    for line in journal {
      guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else {
        unreadable += 1
        continue
      }
      switch event.event {
      case "start":
        runs.append(
          RunContent(
            command: event.command ?? "", seed: event.seed.map { "\($0)" } ?? "",
            isLockstep: event.lockstep ?? false, plant: event.plant ?? ""))
      case "episode": if !runs.isEmpty { runs[runs.count - 1].episodes.append(event.file ?? "") }
      case "end": if !runs.isEmpty { runs[runs.count - 1].end = event.reason }
      default: break
      }
    }
    return (runs, unreadable)
  }
}
