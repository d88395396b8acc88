import Glibc
import ReplanRealtime
import Testing

/// Handlers belong to the whole process: these tests take turns.
@Suite(.serialized) struct StopSignalTests {
  /// Sends a signal to this process and waits until it has been counted, for up to 10 s.
  func send(_ number: Int32, expecting count: Int) {
    kill(getpid(), number)
    let deadline = MonotonicClock.nanoseconds + 10_000_000_000
    while StopSignal.requests < count, MonotonicClock.nanoseconds < deadline { sched_yield() }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func requestsAreCounted(number: Int32) throws {
    signal(number, SIG_DFL)
    try StopSignal.install()
    defer { StopSignal.restore() }
    #expect(StopSignal.requests == 0)
    #expect(StopSignal.lastSignal == nil)
    send(number, expecting: 1)
    send(number, expecting: 2)
    #expect(StopSignal.requests == 2)
    #expect(StopSignal.lastSignal == number)
  }

  @Test func restoringBringsTheFormerHandlersBack() throws {
    let former: @convention(c) (Int32) -> Void = { _ in }
    signal(SIGTERM, former)
    defer { signal(SIGTERM, SIG_DFL) }
    try StopSignal.install()
    send(SIGTERM, expecting: 1)
    StopSignal.restore()
    var action = sigaction()
    sigaction(SIGTERM, nil, &action)
    let restored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    #expect(restored == unsafeBitCast(former, to: Int.self))
    kill(getpid(), SIGTERM)
    #expect(StopSignal.requests == 1)
  }

  @Test func anIgnoredHangUpStaysIgnored() throws {
    signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, SIG_DFL) }
    try StopSignal.install()
    defer { StopSignal.restore() }
    kill(getpid(), SIGHUP)
    send(SIGTERM, expecting: 1)
    #expect(StopSignal.lastSignal == SIGTERM)
    #expect(StopSignal.requests == 1)
  }

  @Test func installingAgainKeepsTheCount() throws {
    signal(SIGINT, SIG_DFL)
    try StopSignal.install()
    defer { StopSignal.restore() }
    send(SIGINT, expecting: 1)
    try StopSignal.install()
    #expect(StopSignal.requests == 1)
  }
}
