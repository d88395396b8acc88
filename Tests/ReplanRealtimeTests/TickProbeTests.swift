import Testing

/// Whether RealtimeSanitizer finds the tick free of allocations, and would have found one.
@Suite struct TickProbeTests {
  @Test func theTickRunsUnderRealtimeSanitizer() throws {
    let child = try ChildProcess.run(TickProbeProgram().path)
    #expect(child.status == 0 && !child.wasKilled, "\(child.errors)")
    // Each planner has been through every kind of tick.
    let planners = [
      "ilqr", "ilqr-members", "ilqr-real-time", "lqr", "cem", "icem", "plain-cem", "mppi",
      "shooting", "polished", "icem-shared", "mppi-shared", "shooting-shared", "polished-shared",
    ]
    for planner in planners {
      let kinds =
        "bridged,explored,noModel,noPlan,notFinite,outOfRange,"
        + "outsideEnvelope,planned,shifted,stale"
      #expect(
        child.output.contains("\(planner): ticks 2000 recorded 2000 verdicts \(kinds)"),
        "\(child.output)")
    }
    #expect(child.errors.isEmpty)
  }

  @Test func aPlantedAllocationIsCaught() throws {
    let child = try ChildProcess.run(TickProbeProgram().path, ["--plant-allocation"])
    #expect(child.status != 0)
    #expect(child.errors.contains("RealtimeSanitizer: unsafe-library-call"))
    #expect(child.errors.contains("`malloc`") || child.errors.contains("`posix_memalign`"))
    #expect(!child.output.contains("ticks"))
  }
}
