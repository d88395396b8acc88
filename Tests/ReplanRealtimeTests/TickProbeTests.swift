import Testing

/// Whether RealtimeSanitizer finds the tick free of allocations, and would have found one.
@Suite struct TickProbeTests {
  @Test func theTickRunsUnderRealtimeSanitizer() throws {
    let child = try ChildProcess.run(TickProbeProgram().path)
    #expect(child.status == 0 && !child.wasKilled, "\(child.errors)")
    // Each planner with each model and value has been through every kind of tick.
    let planners = [
      "ilqr", "ilqr-members", "ilqr-real-time", "lqr", "cem", "icem", "plain-cem", "mppi",
      "shooting", "polished",
    ]
    let kinds: Set = [
      "bridged", "explored", "implausible", "late", "noModel", "noPlan", "notFinite", "outOfRange",
      "outsideEnvelope", "planned", "settled", "shifted", "stale", "unknown",
    ]
    var names = ["icem", "mppi", "shooting", "polished"].map { "\($0)/ensemble/expected/shared" }
    for planner in planners {
      for model in ["ensemble", "linear", "physics", "hybrid"] {
        names += ["expected", "pessimistic", "optimistic"].map { "\(planner)/\(model)/\($0)" }
      }
    }
    let lines = child.output.split(separator: "\n")
    var seen: Set<String> = []
    for name in names {
      let start = "\(name): ticks 10000 recorded 10000 verdicts "
      let line = lines.first { $0.hasPrefix(start) }
      let verdicts = Set(
        (line?.dropFirst(start.count) ?? "").split(separator: ",").map(String.init))
      let wanted = kinds.subtracting(Self.impossible(name))
      #expect(verdicts.isSuperset(of: wanted), "\(name): \(wanted.subtracting(verdicts))")
      seen.formUnion(verdicts)
    }
    // Not every model can be brought to leave the envelope.
    #expect(seen.isSuperset(of: ["restrained", "leavingEnvelope"]))
    #expect(child.errors.isEmpty)
  }

  /// A model without members cannot disagree; a plan is lost by a sample of the channel that the filter,
  /// which runs where outcomes are valued by their best end, finds by itself.
  private static func impossible(_ name: String) -> Set<String> {
    var verdicts: Set<String> = []
    if name.contains("/linear/") || name.contains("/physics/") { verdicts.insert("unknown") }
    if name.hasSuffix("/optimistic") { verdicts.insert("noPlan") }
    return verdicts
  }

  @Test func aPlantedAllocationIsCaught() throws {
    let child = try ChildProcess.run(TickProbeProgram().path, ["--plant-allocation"])
    #expect(child.status != 0)
    #expect(child.errors.contains("RealtimeSanitizer: unsafe-library-call"))
    #expect(child.errors.contains("`malloc`") || child.errors.contains("`posix_memalign`"))
    #expect(!child.output.contains("ticks"))
  }
}
