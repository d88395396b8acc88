import Testing

@testable import ReplanHIL

@Suite struct ClockOffsetTests {
  @Test func nothingIsKnownBeforeTheFirstRoundTrip() {
    let offset = ClockOffset()
    #expect(offset.nanoseconds == nil && offset.roundTripNanoseconds == nil)
  }

  @Test func theShortestRoundTripCounts() {
    var offset = ClockOffset()
    // The plant is 1,000,000 ahead; the way back is delayed by different times.
    for delay: Int64 in [900, 20, 5000, 300] {
      offset.add(sent: 100, plant: 1_000_000 + 100 + 10, received: 100 + 20 + delay)
    }
    #expect(offset.roundTripNanoseconds == 40)
    #expect(offset.nanoseconds == 999_990)
  }

  @Test func theLastRoundTripIsGivenAsItWas() throws {
    var offset = ClockOffset()
    #expect(offset.last == nil)
    for sent: Int64 in [100, 500] { offset.add(sent: sent, plant: 9010, received: sent + sent / 5) }
    let last = try #require(offset.last)
    #expect(last.sentNanoseconds == 500 && last.nanoseconds == 100)
    #expect(last.offsetNanoseconds == 8460)
    #expect(offset.nanoseconds == 8900)
  }

  @Test func oldRoundTripsAreForgotten() {
    var offset = ClockOffset()
    offset.add(sent: 0, plant: 7, received: 2)
    for _ in 0..<8 { offset.add(sent: 0, plant: 60, received: 20) }
    #expect(offset.nanoseconds == 50)
  }

  @Test func anAnswerBeforeTheQuestionIsIgnored() {
    var offset = ClockOffset()
    offset.add(sent: 10, plant: 7, received: 2)
    #expect(offset.nanoseconds == nil)
  }
}
