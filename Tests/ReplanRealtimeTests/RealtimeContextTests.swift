import ReplanRealtime
import Testing

@Suite struct RealtimeContextTests {
  /// With the sanitizer linked the allocation below would end the process.
  @Test func withoutTheSanitizerTheContextForbidsNothing() {
    #expect(!RealtimeContext.isChecked)
    RealtimeContext.enter()
    let values = Array(0..<1000)
    RealtimeContext.exit()
    #expect(values.reduce(0, +) == 499_500)
  }
}
