import ReplanCore
import ReplanLoop
import ReplanRealtime
import ReplanRobot
import Testing

@testable import ReplanBench

struct SliceScheduleTests {
  @Test func theUsualSlicesAreTwelveAtLeast() {
    let usual = SliceSchedule(total: 60)
    #expect(usual.pairs == 24 && usual.seconds == 2.5)
    let short = SliceSchedule(total: 6)
    #expect(short.pairs == 12 && short.seconds == 0.5)
    let long = SliceSchedule(total: 600)
    #expect(long.pairs == 240 && long.seconds == 2.5)
    let own = SliceSchedule(total: 1, pairs: 1)
    #expect(own.pairs == 1 && own.seconds == 1)
  }

  @Test func eachSideBeginsEveryOtherPair() {
    let schedule = SliceSchedule(total: 60)
    let order = (0..<4).flatMap(schedule.order)
    #expect(
      order == [.ours, .theirs, .theirs, .ours, .ours, .theirs, .theirs, .ours])
  }

  @Test func theMedianLiesInTheMiddle() throws {
    #expect(Spread([]) == nil)
    let one = try #require(Spread([2]))
    #expect(one.median == 2 && one.low == 2 && one.high == 2)
    let odd = try #require(Spread([5, 1, 3]))
    #expect(odd.median == 3 && odd.low == 1 && odd.high == 5)
    let even = try #require(Spread([4, 1, 3, 2]))
    #expect(even.median == 2.5 && even.low == 1 && even.high == 4)
  }

  @Test func theRatioIsThatOfTheP99() {
    var (slow, fast, none) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
    for _ in 0..<100 {
      slow.record(microseconds: 30)
      fast.record(microseconds: 20)
      none.record(microseconds: 0)
    }
    #expect(Latencies(slow).ratio(to: Latencies(fast)) == 1.5)
    // Less than the clock tells is no reason to divide by nothing.
    #expect(Latencies(slow).ratio(to: Latencies(none)) == 30)
    #expect(Latencies(none).ratio(to: Latencies(none)) == 1)
  }

  @Test func countsAddUp() {
    var total = LoopCounts()
    var slice = LoopCounts()
    (slice.ticks, slice.minorFaults, slice.lostFrames) = (10, 1, 2)
    slice.allocations = 3
    total.add(slice)
    total.add(slice)
    #expect(total.ticks == 20 && total.minorFaults == 2 && total.lostFrames == 4)
    #expect(total.allocations == 6)
    // What was not counted once is not known in all.
    slice.allocations = nil
    total.add(slice)
    #expect(total.allocations == nil)
  }

  @Test func theRobotOfTheLoopHasALinearModel() throws {
    for output in [OutputTiming.nextTick, .immediate] {
      let robot = try LoopRobot.description(output: output)
      #expect(robot.rate == LoopRobot.rate)
      let host = LoopRobot.host(robot)
      guard case .linear = host.configuration.model else {
        Issue.record("the model is \(host.configuration.model)")
        continue
      }
      #expect(host.configuration.timing == output)
    }
  }
}
