import Synchronization
import Testing

@testable import ReplanSigning

@Suite struct SigningTimeTests {
  @Test func itFollowsTheWallClock() {
    // 2026-01-01 is 4018 days after 2015-01-01.
    #expect(SigningTime.wallClock() > 4018 * 86400 * 100_000)
    let time = SigningTime()
    #expect(time.next() >= SigningTime.wallClock() - 100_000)
  }

  @Test func aClockThatIsSetBackRepeatsNothing() {
    let clock = Atomic<UInt64>(1_000_000)
    let time = SigningTime { clock.load(ordering: .relaxed) }
    var last: UInt64 = 0
    for step in 0..<1000 {
      clock.store(UInt64(1_000_000 - 900 * step), ordering: .relaxed)
      let next = time.next()
      #expect(next > last)
      last = next
    }
  }

  @Test func itIsNeverBehindTheOtherSide() {
    let time = SigningTime { 10 }
    time.raise(to: 5000)
    #expect(time.now == 5000)
    #expect(time.next() == 5001)
    time.raise(to: 20)
    #expect(time.next() == 5002)
  }
}
