import ReplanRecord

/// A file of a workspace that a list cannot say more of, for `--json`.
struct UnreadableItem: Encodable {
  /// `episode` or `model`.
  var event: String
  let state = "unreadable"
  var index: Int
  var file: String
  var reason: String

  init(_ event: String, _ item: Workspace.Item, _ error: RecordError) {
    self.event = event
    index = item.index
    file = item.path
    reason = error.description
  }
}
