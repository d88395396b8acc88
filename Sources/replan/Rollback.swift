import ArgumentParser
import ReplanRecord

struct Rollback: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put the model in use that was in use before.",
    discussion: """
      The model in use is marked as rejected; `replan promote` can bring it back.

      Example: replan rollback workspaces/cart_pole
      """)

  @Argument(help: "The workspace's folder.", completion: .directory)
  var workspace: String

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let (workspace, _) = try OpenedWorkspace.open(workspace, console)
      var ledger = try workspace.ledger() ?? ModelLedger()
      guard let from = ledger.running, let to = ledger.rollBack(reason: "rolled back") else {
        throw Failure(.data, "\(workspace.path): no model was in use before this one")
      }
      guard try workspace.models().contains(where: { $0.index == to.model }) else {
        throw Failure(
          .data, "\(workspace.path): model \(to.model), which was in use before, is gone")
      }
      let event = RollbackEvent(from: from.model, to: to.model, hash: to.hash)
      try workspace.journal.append(event, isSynchronized: true)
      try workspace.store(ledger)
      console.object(event)
      console.line("model \(to.model) is in use again, model \(from.model) no more")
      return nil
    }
  }
}

/// A rollback as the journal and `--json` tell it.
private struct RollbackEvent: Encodable {
  let event = "rollback"
  var from: Int
  var to: Int
  /// Of the model that is in use now.
  var hash: String
}
