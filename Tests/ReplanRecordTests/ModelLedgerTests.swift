import Testing

@testable import ReplanRecord

/// Which model is in use, and what becomes of the others.
@Suite struct ModelLedgerTests {
  private func entry(_ model: Int) -> ModelLedger.Entry {
    ModelLedger.Entry(model: model, hash: "hash \(model)")
  }

  private func open(_ folder: TemporaryFolder) throws -> Workspace {
    try Workspace(path: folder.file("w"), robotText: "name: arm\n") { _ in nil }
  }

  @Test func promotionRetiresAndRollbackRestores() {
    var ledger = ModelLedger()
    #expect(ledger.state(of: 1) == .candidate && ledger.running == nil)
    ledger.promote(entry(1))
    ledger.reject(2, reason: "worse")
    ledger.promote(entry(3))
    #expect((1...4).map(ledger.state) == [.retired, .rejected, .running, .candidate])
    #expect(ledger.reason(against: 2) == "worse")
    #expect(ledger.rollBack(reason: "a noise") == entry(1))
    #expect((1...3).map(ledger.state) == [.running, .rejected, .rejected])
    #expect(ledger.reason(against: 3) == "a noise")
    #expect(ledger.rollBack(reason: "again") == nil && ledger.running == entry(1))
    // What was rejected may be promoted after all, and what ran before runs once.
    ledger.promote(entry(3))
    ledger.promote(entry(1))
    #expect(ledger.before == [entry(3)] && ledger.rejected.map(\.model) == [2])
    ledger.promote(entry(1))
    #expect(ledger.before == [entry(3)])
  }

  @Test func withoutALedgerTheNewestModelRuns() throws {
    let folder = try TemporaryFolder()
    let workspace = try open(folder)
    #expect(try workspace.runningModel() == nil)
    _ = try workspace.store(.ensemble(Samples.model()))
    let second = try workspace.store(.ensemble(Samples.model()))
    #expect(try workspace.ledger() == nil && workspace.runningModel() == second.item)
  }

  @Test func thePromotedModelRunsAlsoWhenNewerOnesAreThere() throws {
    let folder = try TemporaryFolder()
    let workspace = try open(folder)
    let first = try workspace.store(.ensemble(Samples.model()))
    var ledger = ModelLedger()
    ledger.promote(ModelLedger.Entry(model: 1, hash: first.hash))
    try workspace.store(ledger)
    _ = try workspace.store(.ensemble(Samples.model()), metadata: ["note": "another"])
    #expect(try workspace.runningModel() == first.item)
    #expect(try Workspace.ledger(at: workspace.path) == ledger)
  }

  /// A power cut between writing and renaming leaves the old ledger, and a torn file beside it.
  @Test func aTornWriteLeavesTheOldLedger() throws {
    let folder = try TemporaryFolder()
    var ledger = ModelLedger()
    ledger.promote(entry(1))
    do { try open(folder).store(ledger) }
    try folder.write(Array("{\"runn".utf8), "w/promotion.json.tmp")
    let again = try open(folder)
    #expect(try again.ledger() == ledger)
    ledger.promote(entry(2))
    try again.store(ledger)
    #expect(try again.ledger() == ledger)
    #expect(throws: RecordError.self) { try again.runningModel() }
  }

  @Test func anotherFileUnderTheNumberIsNoticed() throws {
    let folder = try TemporaryFolder()
    let workspace = try open(folder)
    let stored = try workspace.store(.ensemble(Samples.model()))
    var ledger = ModelLedger()
    ledger.promote(ModelLedger.Entry(model: 1, hash: stored.hash))
    try workspace.store(ledger)
    try ModelFile.write(.ensemble(Samples.model()), metadata: ["a": "b"], to: stored.item.path)
    let error = #expect(throws: RecordError.self) { try workspace.runningModel() }
    #expect(error?.description.contains("not the file that was promoted") == true)
  }

  @Test func aDamagedLedgerIsNoReasonToGuess() throws {
    let folder = try TemporaryFolder()
    let workspace = try open(folder)
    _ = try workspace.store(.ensemble(Samples.model()))
    try folder.write(Array("nonsense".utf8), "w/promotion.json")
    #expect(throws: RecordError.self) { try workspace.runningModel() }
  }

  @Test func provenanceIsReadBack() {
    var provenance = ModelProvenance()
    provenance.split = ModelProvenance.Split(training: [1, 2, 3, 6], heldOut: [5])
    provenance.errors = ModelProvenance.Errors(
      steps: [1, 10], rmse: [[0.1, 0.2], [.infinity, 1]], fit: [0.9, -3], coverage90: nil,
      episodes: "5", isHeldOut: true)
    provenance.region = [ModelProvenance.Region(channel: "angle", low: -1, high: 2.5)]
    provenance.gate = 0.25
    provenance.units = ["rad", "N"]
    provenance.build = "test"
    #expect(ModelProvenance(provenance.metadata) == provenance)
    #expect(provenance.split?.training == "1-3, 6")
    #expect(ModelProvenance(["errors": "nonsense"]) == ModelProvenance())
  }
}
