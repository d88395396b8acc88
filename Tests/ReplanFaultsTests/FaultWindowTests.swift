import ReplanFaults
import ReplanPlants
import Testing

/// When faults act, and the clock that tells them.
struct FaultWindowTests {
  private func time(_ seconds: Double?, reset: UInt32 = 1) -> FaultTime {
    FaultTime(seconds: seconds, microseconds: UInt64((seconds ?? 0) * 1e6), reset: reset)
  }

  private func schedule(_ faults: String) throws -> FaultSchedule {
    try FaultSchedule.parse(yaml: "faults: [\(faults)]")
  }

  @Test func boundsFallOnSamplesWhateverTheRounding() throws {
    for rate in [50.0, 60, 100, 300, 1000] {
      for at in [0.1, 0.3, 0.7, 1.1, 2.3] {
        let schedule = try schedule("{fault: loss, at: \(at), for: 0.3}")
        let active = (0..<Int(4 * rate)).filter {
          schedule.isActive(0, at: time(Double($0) / rate))
        }
        #expect(active.first == Int((at * rate).rounded()), "\(rate) Hz, \(at) s")
        #expect(active.last == Int(((at + 0.3) * rate).rounded()) - 1, "\(rate) Hz, \(at) s")
      }
    }
  }

  @Test func disarmedNothingIsActiveUnlessFromBoot() throws {
    #expect(!(try schedule("{fault: loss}").isActive(0, at: time(nil))))
    let boot = try schedule("{fault: loss, from: boot, until: 2}")
    #expect(boot.isActive(0, at: time(nil)) && boot.isActive(0, at: time(1.99)))
    #expect(!boot.isActive(0, at: time(2)))
  }

  @Test func secondsAreDrawnFromTheBeginOn() throws {
    let schedule = try schedule(
      "{fault: sensor-nan, channel: all, probability: 0.3, from: 0.5, until: 2000}")
    var active = 0
    for second in 0..<1999 {
      let begin = schedule.isActive(0, at: time(Double(second) + 0.5))
      for part in [0.52, 0.9, 1.48] {
        #expect(schedule.isActive(0, at: time(Double(second) + part)) == begin)
      }
      if begin { active += 1 }
    }
    // Four standard deviations of a binomial of 1999 at 0.3: 82.
    #expect((518...682).contains(active))
    #expect(!schedule.isActive(0, at: time(0.4)))
  }

  @Test func theClockCountsSamplesAndInStreamingWhatPassesBetween() {
    var clock = FaultClock(isLockstep: false)
    #expect(clock.time(at: 5).seconds == nil)
    clock.sampled(10, rate: 50, isArmed: true, reset: 1, at: 1_000_000)
    #expect(clock.time(at: 1_000_000).seconds == 0.2)
    #expect(abs(clock.time(at: 1_010_000).seconds! - 0.21) < 1e-12)
    #expect(clock.time(ofSample: 11, rate: 50, at: 0).seconds == 0.22)
    clock.isLockstep = true
    #expect(clock.time(at: 9_000_000).seconds == 0.2)
    clock.restarted(at: 1_100_000)
    #expect(clock.time(at: 1_100_000).seconds == nil)
    clock.sampled(1, rate: 50, isArmed: true, reset: 1, at: 1_200_000)
    #expect(abs(clock.time(at: 1_200_000).seconds! - 0.22) < 1e-12, "a restart is no reset")
    clock.sampled(0, rate: 50, isArmed: true, reset: 2, at: 1_300_000)
    #expect(clock.time(at: 1_300_000) == FaultTime(seconds: 0, microseconds: 1_300_000, reset: 2))
  }

  @Test func anOutageBeginsBySamplesAndEndsByTheClock() throws {
    var outage = try #require(
      try schedule("{fault: brown-out, at: 1, for: 0.5}").outages(.brownOut).first)
    #expect(outage.change(at: time(0.98)) == nil)
    #expect(outage.change(at: time(1)) == .begins(seconds: 0.5))
    #expect(outage.isUnderWay && outage.end == 1_500_000)
    // No sample comes; real time passes.
    let late = FaultTime(seconds: 1, microseconds: 1_499_999, reset: 1)
    #expect(outage.change(at: late) == nil)
    let over = FaultTime(seconds: 1, microseconds: 1_500_000, reset: 1)
    #expect(outage.change(at: over) == .ends)
    #expect(outage.change(at: over) == nil, "once an episode")
    #expect(outage.change(at: time(1, reset: 2)) == .begins(seconds: 0.5))
  }

  @Test func aRestartIsAMomentAndLastsOnlyAsADraw() throws {
    var once = try #require(try schedule("{fault: plant-reset, at: 1}").outages(.plantReset).first)
    #expect(once.change(at: time(1)) == .begins(seconds: 0))
    #expect(once.change(at: time(1.5)) == nil && !once.isUnderWay)
    #expect(once.change(at: time(1, reset: 2)) == .begins(seconds: 0))
    var drawn = try #require(
      try schedule("{fault: plant-reset, probability: 0.5}").outages(.plantReset).first)
    let restarts = (0..<1000).count { drawn.change(at: time(Double($0) / 10)) != nil }
    // Four standard deviations of a binomial of 100 at 0.5: 20.
    #expect((30...70).contains(restarts))
  }
}
