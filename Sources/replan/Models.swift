import ArgumentParser
import Foundation
import ReplanRecord

struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models of a workspace and what each was fitted on.",
    discussion: """
      One row a model: its number, when it was stored, its kind and shape, how its members came about, \
      the transitions and \
      episodes that it was fitted on, the beginning of the hash of these transitions (equal data, \
      equal hash) and of its own file's (which episodes name), and its error over one tick on \
      transitions held out, for each observation channel in its unit. The newest, marked by a *, is \
      the one that `replan run` takes. With --json also which transitions of each episode, and their \
      hash by episode.

      Example: replan models workspaces/cart_pole
      """)

  @Argument(help: "The workspace's folder.", completion: .directory)
  var workspace: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let items = try Workspace.models(at: workspace)
      var table = Table([
        "model", "<stored", "<kind", "<shape", "<posterior", "transitions", "<episodes", "<data",
        "<hash",
        "<one-step error",
      ])
      var unreadable: [String] = []
      for item in items {
        do {
          let event = ModelEvent(
            item, try ModelOverview.read(item.path), isCurrent: item == items.last)
          console.object(event)
          table.add(event.row)
        } catch let error as RecordError {
          console.object(UnreadableItem("model", item, error))
          unreadable.append("model \(item.index): \(error)")
        }
      }
      guard !console.isJSON else { return nil }
      if items.isEmpty {
        console.line("\(workspace) holds no model yet")
      } else {
        for line in table.lines { console.result(line) }
        for line in unreadable { console.result(line) }
      }
      return nil
    }
  }
}

/// A model as `replan models --json` tells it.
struct ModelEvent: Encodable {
  let event = "model"
  var index: Int
  var file: String
  let state = "complete"
  var current: Bool
  var stored: String
  var kind: String
  var shape: String
  var channels: [String]
  /// How the members of an ensemble came about.
  var posterior: String?
  var transitions: Int?
  var episodes: String
  /// Which transitions of which episodes, where the file tells.
  var data: [DataShare]?
  /// Transitions after which an older one counted half.
  var halfLife: Int?
  /// One-step error of each observation channel, in its unit.
  var rmse: [Float]
  var dataHash: String
  var hash: String
  var bytes: Int

  enum CodingKeys: String, CodingKey {
    case event, index, file, state, current, stored, kind, shape, channels, transitions, episodes
    case rmse, hash, bytes, posterior, data
    case halfLife = "half_life"
    case dataHash = "data_hash"
  }

  init(_ item: Workspace.Item, _ overview: ModelOverview, isCurrent: Bool) {
    index = item.index
    file = item.path
    current = isCurrent
    stored = Date(timeIntervalSince1970: overview.written).ISO8601Format()
    kind = overview.kind
    shape = overview.shape
    channels = overview.channels
    posterior = overview.training?.posterior
    transitions = overview.training?.transitions
    data = overview.training?.data
    halfLife = overview.training?.halfLife
    episodes = overview.episodes
    rmse = overview.training?.rmse ?? []
    dataHash = overview.training?.dataHash ?? ""
    hash = overview.hash
    bytes = overview.size
  }

  /// The cells of the table.
  var row: [String] {
    let errors = zip(channels, rmse).map { "\($0) \(Table.number(Double($1), 4))" }
    return [
      (current ? "* " : "") + "\(index)",
      String(stored.prefix(19)).replacingOccurrences(of: "T", with: " "), kind, shape,
      posterior ?? "-",
      transitions.map { "\($0)" } ?? "-", episodes.isEmpty ? "-" : episodes,
      String(dataHash.prefix(8)), String(hash.prefix(8)), errors.joined(separator: ", "),
    ]
  }
}
