import Testing

@testable import ReplanRealtime

@Suite struct SpinLimitTests {
  @Test func aThrottledKernelIsNamedWithItsRemedy() throws {
    let shortfall = try #require(SpinLimit.shortfall(runtime: "950000"))
    #expect(shortfall.why.contains("950 ms"))
    #expect(shortfall.remedy.contains("sched_rt_runtime_us=-1"))
  }

  @Test(arguments: ["-1", nil]) func withoutALimitNothingIsMissing(runtime: String?) {
    #expect(SpinLimit.shortfall(runtime: runtime) == nil)
  }
}
