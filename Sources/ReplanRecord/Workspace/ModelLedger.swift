/// Which of a workspace's models is in use, and what became of the others: `promotion.json`.
///
/// A model begins as a candidate. Promoted, it is the one that runs, and the one before it is retired;
/// a rollback brings that one back. Where there is no ledger yet the newest model runs, as in workspaces
/// of earlier versions.
public struct ModelLedger: Sendable, Codable, Equatable {
  /// A model by number, and by the hash of its file, so that another file under its number is noticed.
  public struct Entry: Sendable, Codable, Equatable {
    public var model: Int
    public var hash: String

    public init(model: Int, hash: String) {
      self.model = model
      self.hash = hash
    }
  }

  /// A model that was not to run, and why.
  public struct Rejection: Sendable, Codable, Equatable {
    public var model: Int
    public var reason: String
  }

  /// What a model is to its workspace.
  public enum State: String, Sendable, Codable {
    case candidate, running, retired, rejected
  }

  public private(set) var running: Entry?
  /// Models that ran before, the last one last.
  public private(set) var before: [Entry] = []
  public private(set) var rejected: [Rejection] = []

  public init() {}

  /// A model is in use from now on; the one that was is retired.
  public mutating func promote(_ entry: Entry) {
    guard running?.model != entry.model else {
      running = entry
      return
    }
    if let running { before.append(running) }
    before.removeAll { $0.model == entry.model }
    rejected.removeAll { $0.model == entry.model }
    running = entry
  }

  /// A model is not to run.
  ///
  /// - Precondition: it does not.
  public mutating func reject(_ model: Int, reason: String) {
    precondition(running?.model != model, "the model in use is rolled back, not rejected")
    rejected.removeAll { $0.model == model }
    rejected.append(Rejection(model: model, reason: reason))
  }

  /// The model before the one in use is in use again, and that one rejected.
  ///
  /// - Returns: the model that is in use now; nil, with nothing changed, if there was none before.
  public mutating func rollBack(reason: String) -> Entry? {
    guard let running, let earlier = before.popLast() else { return nil }
    self.running = earlier
    reject(running.model, reason: reason)
    return earlier
  }

  public func state(of model: Int) -> State {
    if running?.model == model { return .running }
    if rejected.contains(where: { $0.model == model }) { return .rejected }
    return before.contains { $0.model == model } ? .retired : .candidate
  }

  public func reason(against model: Int) -> String? {
    rejected.first { $0.model == model }?.reason
  }
}
