import Glibc
import Testing

@testable import ReplanRealtime

@Suite struct MonotonicClockTests {
  @Test func timeIsThatOfTheMonotonicClockAndNeverGoesBack() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    var last = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    for _ in 0..<10_000 {
      let now = MonotonicClock.nanoseconds
      #expect(now >= last)
      last = now
    }
  }

  @Test func sleepEndsNoEarlierThanAsked() {
    for _ in 0..<20 {
      let until = MonotonicClock.nanoseconds + 1_000_000
      MonotonicClock.sleepUntil(nanoseconds: until)
      #expect(MonotonicClock.nanoseconds >= until)
    }
  }

  @Test(arguments: [Int64.min, -1, 0, 1]) func aTimeThatHasPassedReturnsAtOnce(time: Int64) {
    let before = MonotonicClock.nanoseconds
    MonotonicClock.sleepUntil(nanoseconds: time)
    #expect(MonotonicClock.nanoseconds - before < 60_000_000_000)
  }

  @Test func signalsDoNotEndASleep() throws {
    signal(SIGUSR2) { _ in }
    // On a busy host few signals may meet the sleep, so a longer one follows.
    var milliseconds: Int64 = 30
    var slept = try sleep(milliseconds)
    while slept.usage.voluntarySwitches <= 5, milliseconds < 4000 {
      milliseconds *= 2
      slept = try sleep(milliseconds)
    }
    #expect(slept.punctual)
    #expect(slept.usage.voluntarySwitches > 5, "no signal interrupted the sleep")
  }

  /// A sleep on a thread of its own, under signals.
  private func sleep(_ milliseconds: Int64) throws -> (punctual: Bool, usage: ThreadUsage) {
    let thread = try RealtimeThread.start(ThreadOptions(name: "sleeper", priority: nil)) { _ in
      // A real-time thread takes no signals by itself.
      var signals = sigset_t()
      sigemptyset(&signals)
      sigaddset(&signals, SIGUSR2)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      let until = MonotonicClock.nanoseconds + milliseconds * 1_000_000
      MonotonicClock.sleepUntil(nanoseconds: until)
      return (punctual: MonotonicClock.nanoseconds >= until, usage: ThreadUsage.current)
    }
    for _ in 0..<50 {
      pthread_kill(thread.handle, SIGUSR2)
      MonotonicClock.sleepUntil(
        nanoseconds: MonotonicClock.nanoseconds + milliseconds * 1_000_000 / 150)
    }
    return thread.join()
  }

  @Test func waitingIsAVoluntarySwitchAndComputingIsNone() {
    let start = ThreadUsage.current
    // A time that has passed before the thread comes to wait for it is no wait.
    for _ in 0..<20 {
      MonotonicClock.sleepUntil(nanoseconds: MonotonicClock.nanoseconds + 10_000_000)
      if (ThreadUsage.current - start).voluntarySwitches >= 1 { break }
    }
    #expect((ThreadUsage.current - start).voluntarySwitches >= 1)
    #expect(ThreadUsage.current.minorFaults > 0)
  }
}
