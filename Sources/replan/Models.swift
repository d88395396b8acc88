import ArgumentParser
import Foundation
import ReplanRecord

struct Models: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the models of a workspace and what each was fitted on.",
    discussion: """
      One row a model: its number, its state (the running one is what `replan run` takes), when it \
      was stored, its kind and shape, how its members came about, the transitions and episodes that it \
      was fitted on, the beginning of the hash of these transitions (equal data, equal hash) and of its \
      own file's (which episodes name), how well it predicts whole episodes over 1, 10 and 25 ticks (1 \
      is perfect, 0 no better than the mean; in brackets, if it was trained on them), and its error \
      over one tick on transitions held out, for each observation channel in its unit. Below, why \
      models were rejected. --json has more: which transitions of each episode, and their hash by \
      episode, split, region of the data, gate, program.

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
        "model", "<state", "<stored", "<kind", "<shape", "<posterior", "transitions", "<episodes",
        "<data", "<hash",
        "<fit at 1/10/25", "<one-step error",
      ])
      let ledger = try Workspace.ledger(at: workspace)
      var unreadable: [String] = []
      var rejected: [String] = []
      for item in items {
        do {
          let event = ModelEvent(
            item, try ModelOverview.read(item.path),
            state: ledger?.running != nil
              ? ledger!.state(of: item.index) : item == items.last ? .running : .candidate,
            reason: ledger?.reason(against: item.index))
          console.object(event)
          table.add(event.row)
          if let reason = event.reason { rejected.append("rejected \(item.index): \(reason)") }
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
        for line in rejected { console.result(line) }
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
  /// `running`, `candidate`, `retired` or `rejected`.
  var state: String
  /// Why it was rejected.
  var reason: String?
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
  var split: ModelProvenance.Split?
  /// Open loop on whole episodes.
  var errors: ModelProvenance.Errors?
  /// What the training data reach over.
  var region: [ModelProvenance.Region]?
  var gate: Float?
  var units: [String]?
  var build: String?

  enum CodingKeys: String, CodingKey {
    case event, index, file, state, current, stored, kind, shape, channels, transitions, episodes
    case rmse, hash, bytes, posterior, data, reason, split, errors, gate, units
    case halfLife = "half_life"
    case region = "valid_region"
    case build = "code_version"
    case dataHash = "data_hash"
  }

  init(
    _ item: Workspace.Item, _ overview: ModelOverview, state: ModelLedger.State, reason: String?
  ) {
    self.state = state.rawValue
    self.reason = reason
    index = item.index
    file = item.path
    current = state == .running
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
    split = overview.provenance.split
    self.errors = overview.provenance.errors
    region = overview.provenance.region
    gate = overview.provenance.gate
    units = overview.provenance.units
    build = overview.provenance.build
  }

  /// The cells of the table.
  var row: [String] {
    let oneStep = zip(channels, rmse).map { "\($0) \(Table.number(Double($1), 4))" }
    return [
      (current ? "* " : "") + "\(index)", state,
      String(stored.prefix(19)).replacingOccurrences(of: "T", with: " "), kind, shape,
      posterior ?? "-",
      transitions.map { "\($0)" } ?? "-", episodes.isEmpty ? "-" : episodes,
      String(dataHash.prefix(8)), String(hash.prefix(8)), fit,
      oneStep.joined(separator: ", "),
    ]
  }

  private var fit: String {
    guard let errors else { return "-" }
    let figures = errors.fit.map { Table.number($0, 3) }.joined(separator: "/")
    return errors.isHeldOut ? figures : "(\(figures))"
  }
}
