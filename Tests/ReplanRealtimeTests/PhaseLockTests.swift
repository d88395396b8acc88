import Glibc
import Testing

@testable import ReplanRealtime

/// One-sided delays: exponential with a mean of 3 % of the period, and a spike now and then.
func jitter(seed: UInt64, count: Int) -> [Double] {
  var random = TestRandom(seed: seed)
  return (0..<count).map { _ in
    let spike = Double.random(in: 0..<1, using: &random) < 0.01
    let usual = -0.03 * log(Double.random(in: 1e-9..<1, using: &random))
    return min(usual + (spike ? 0.15 : 0), 0.25)
  }
}

@Suite struct PhaseLockTests {
  static let settling = 100

  @Test(
    arguments: [0.0, 0.02, -0.02, 0.0002, -0.0002], [2_000_000.0, 20_000_000.0])
  func everySampleIsUsedOnceUnderDriftAndJitter(drift: Double, period: Double) {
    let samples = Int(600e9 / period)
    let delays = jitter(seed: UInt64(period) + UInt64((drift + 1) * 1e4), count: samples)
    let plant = SimulatedPlant(period: period, drift: { _ in drift }, delay: { delays[$0] })
    var lock = PhaseLock(nominalPeriod: period, lead: Int64(0.35 * period))
    let ticks = plant.run(&lock, samples: samples).dropFirst(Self.settling)
    let used = ticks.map { $0.newest! }
    #expect(ticks.allSatisfy { $0.state == .locked })
    #expect(zip(used, used.dropFirst()).allSatisfy { $1 == $0 + 1 })
    #expect(lock.missedTicks == 0)
    #expect(lock.lostSamples == 0)
    #expect(abs(lock.period / (period * (1 + drift)) - 1) < 0.004)
  }

  @Test func aClockThatWandersIsFollowed() {
    let samples = 30_000
    let delays = jitter(seed: 5, count: samples)
    let plant = SimulatedPlant(
      period: 20e6, drift: { 0.02 * sin(Double($0) / 3000) }, delay: { delays[$0] })
    var lock = PhaseLock(nominalPeriod: 20e6, lead: 8_000_000)
    let used = plant.run(&lock, samples: samples).dropFirst(Self.settling).map { $0.newest! }
    #expect(zip(used, used.dropFirst()).allSatisfy { $1 == $0 + 1 })
  }

  @Test func theWakeFollowsTheEarlyArrivalsAndSlewsSlowly() {
    let samples = 30_000
    let delays = jitter(seed: 9, count: samples)
    let plant = SimulatedPlant(period: 20e6, drift: { _ in 0.01 }, delay: { delays[$0] })
    var lock = PhaseLock(nominalPeriod: 20e6, lead: 7_000_000)
    let wakes = plant.run(&lock, samples: samples).dropFirst(400).map(\.wake.nanoseconds)
    let actual = 20e6 * 1.01
    for (first, second) in zip(wakes, wakes.dropFirst()) {
      #expect(abs(Double(second - first) - actual) < actual / 80)
    }
    // Sample n was taken at 1 s + (n + 1) periods; the mean delay is 3.15 % of a period.
    for (number, wake) in zip(400..., wakes) {
      let phase = (Double(wake) - 7e6 - 1e9) / actual
      let late = phase - phase.rounded()
      #expect(late > -0.02 && late < 0.04, "wake \(number) is \(late) periods late")
    }
  }

  @Test func lostSamplesAreCountedAndTheTicksGoOn() {
    let plant = SimulatedPlant(period: 20e6, drift: { _ in -0.02 }, isLost: { $0 % 50 >= 47 })
    var lock = PhaseLock(nominalPeriod: 20e6, lead: 4_000_000)
    let ticks = plant.run(&lock, samples: 5047)
    #expect(lock.lostSamples == 300)
    #expect(lock.missedTicks == 0)
    let afterGap = ticks.dropFirst(Self.settling).filter { $0.newest! % 50 < 47 }
    let used = Set(afterGap.map { $0.newest! })
    #expect(used.isSuperset(of: (200..<5046).filter { $0 % 50 < 47 }))
  }

  @Test func aStallIsCountedAndNotMadeUpFor() {
    let delays = jitter(seed: 3, count: 6000)
    let plant = SimulatedPlant(
      period: 20e6, drift: { _ in 0.02 }, delay: { delays[$0] },
      stall: { $0 > 200 && $0 % 100 == 0 ? 3.5 : 0 })
    var lock = PhaseLock(nominalPeriod: 20e6, lead: 6_000_000)
    let ticks = plant.run(&lock, samples: 6000)
    let stalls = ticks.indices.filter { $0 > 200 && $0 % 100 == 0 }.count
    #expect(stalls > 50)
    #expect(lock.missedTicks == 3 * stalls)
    #expect(ticks.map(\.wake.missed).reduce(0, +) == lock.missedTicks)
    let starts = ticks.dropFirst(Self.settling).map(\.start)
    #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 > 9_000_000 })
    let used = ticks.dropFirst(Self.settling).map { $0.newest! }
    #expect(zip(used, used.dropFirst()).allSatisfy { $1 > $0 })
  }

  @Test func silenceIsReportedAsLostAndTheTicksGoOn() {
    var lock = PhaseLock(nominalPeriod: 10e6, lead: 1_000_000)
    for number in 0..<50 {
      lock.observe(sequence: UInt32(number), arrival: Int64(number) * 10_000_000)
    }
    #expect(lock.state(at: 500_000_000) == .locked)
    #expect(lock.state(at: 541_000_001) == .lost)
    var now: Int64 = 541_000_001
    for _ in 0..<20 {
      let wake = lock.nextWake(after: now)
      #expect((0...10_000_001).contains(wake.nanoseconds - now) || wake.missed > 0)
      #expect(wake.nanoseconds % 10_000_000 == 1_000_000)
      now = max(now, wake.nanoseconds)
    }
  }

  @Test func aResetOfThePlantMovesThePhaseAtOnce() {
    var lock = PhaseLock(nominalPeriod: 10e6, lead: 1_000_000)
    for number in 0..<100 {
      lock.observe(sequence: UInt32(number), arrival: Int64(number) * 10_100_000)
    }
    let period = lock.period
    lock.observe(sequence: 0, arrival: 1_016_000_000)
    #expect(lock.restarts == 1)
    #expect(lock.period == period)
    let wake = lock.nextWake(after: 1_016_100_000)
    #expect(abs(wake.nanoseconds - (1_016_000_000 + 10_100_000 + 1_000_000)) < 10_000)
  }

  @Test func aRepeatedSampleChangesNothing() {
    var lock = PhaseLock(nominalPeriod: 10e6, lead: 0)
    lock.observe(sequence: 7, arrival: 1_000_000)
    lock.observe(sequence: 7, arrival: 4_000_000)
    #expect(lock.nextWake(after: 4_000_000).nanoseconds == 11_000_000)
    #expect(lock.lostSamples == 0)
  }

  @Test func sequenceNumbersMayWrapAround() {
    var lock = PhaseLock(nominalPeriod: 10e6, lead: 0)
    for number in 0..<100 {
      lock.observe(sequence: UInt32.max - 50 &+ UInt32(number), arrival: Int64(number) * 10_000_000)
    }
    #expect(lock.restarts == 0)
    #expect(lock.lostSamples == 0)
    #expect(lock.state(at: 1_000_000_000) == .locked)
  }

  @Test func noInputMakesItSleepForLong() {
    for seed in UInt64(0)..<200 {
      var random = TestRandom(seed: seed)
      var lock = PhaseLock(nominalPeriod: 10e6, lead: 2_000_000)
      var (now, sequence) = (Int64(0), UInt32(0))
      for _ in 0..<300 {
        now += Int64.random(in: 0..<30_000_000, using: &random)
        let jump = Int.random(in: 0..<20, using: &random)
        sequence =
          jump == 0 ? UInt32(truncatingIfNeeded: random.next()) : sequence &+ UInt32(jump / 7)
        lock.observe(
          sequence: sequence, arrival: now - Int64.random(in: 0..<9_000_000, using: &random))
        let wake = lock.nextWake(after: now)
        #expect((-6_000_000...26_000_000).contains(wake.nanoseconds - now))
        #expect(wake.missed >= 0)
        now = max(now, wake.nanoseconds)
      }
    }
  }
}
