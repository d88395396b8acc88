extension Workspace {
  /// The ledger of the workspace at a path; nil if none was written yet. Needs no lock.
  ///
  /// - Throws: `damaged` if it cannot be read: which model is in use must not be guessed.
  public static func ledger(at path: String) throws(RecordError) -> ModelLedger? {
    let file = path + "/" + WorkspaceFolder.ledger
    guard Files.exists(file) else { return nil }
    let bytes = try Files.read(file)
    guard let ledger = try? JSONLine.decode(ModelLedger.self, bytes) else {
      throw .damaged(
        path: file, offset: 0,
        reason: "no ledger of models; remove the file to go on with the newest model")
    }
    return ledger
  }

  public func ledger() throws(RecordError) -> ModelLedger? { try Self.ledger(at: path) }

  /// Records which model is in use such that a power cut leaves the old ledger or the new one.
  public func store(_ ledger: ModelLedger) throws(RecordError) {
    let file = path + "/" + WorkspaceFolder.ledger
    do {
      try Files.writeAtomically(JSONLine.bytes(ledger) + [0x0A], to: file)
    } catch let error as RecordError {
      throw error
    } catch {
      throw .refused(path: file, reason: "\(error)")
    }
  }

  /// The model that is in use in the workspace at a path: the promoted one, or the newest where none
  /// was ever promoted; nil if there is none.
  ///
  /// - Throws: `refused` if the file of the promoted model is gone or another one than was promoted.
  public static func runningModel(at path: String) throws(RecordError) -> Item? {
    let models = try Self.models(at: path)
    guard let running = try ledger(at: path)?.running else { return models.last }
    guard let item = models.first(where: { $0.index == running.model }) else {
      throw .refused(
        path: path,
        reason: "model \(running.model), which was promoted, is gone; `replan rollback` takes the "
          + "one before it, `replan promote` another")
    }
    let hash = Checksum.sha256(try Files.read(item.path))
    guard hash == running.hash else {
      throw .refused(
        path: item.path,
        reason: "it is not the file that was promoted; `replan promote` judges it anew")
    }
    return item
  }

  public func runningModel() throws(RecordError) -> Item? { try Self.runningModel(at: path) }
}
