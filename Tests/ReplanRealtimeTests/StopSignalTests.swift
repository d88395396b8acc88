import Glibc
import Synchronization
import Testing

@testable import ReplanRealtime

/// What the handler that was there before has counted.
let formerHandlerCalls = Atomic<Int>(0)

/// Handlers belong to the whole process: these tests take turns.
@Suite(.serialized) struct StopSignalTests {
  /// Sends a signal to this process and waits until it has been counted.
  func send(_ number: Int32, expecting count: Int) {
    kill(getpid(), number)
    wait { StopSignal.requests >= count }
  }

  /// Waits for what a handler on another thread brings about, for up to 10 s.
  func wait(until condition: () -> Bool) {
    let deadline = MonotonicClock.nanoseconds + 10_000_000_000
    while !condition(), MonotonicClock.nanoseconds < deadline { sched_yield() }
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
    signal(SIGTERM) { _ in formerHandlerCalls.wrappingAdd(1, ordering: .relaxed) }
    defer { signal(SIGTERM, SIG_DFL) }
    try StopSignal.install()
    send(SIGTERM, expecting: 1)
    #expect(formerHandlerCalls.load(ordering: .relaxed) == 0)
    StopSignal.restore()
    kill(getpid(), SIGTERM)
    wait { formerHandlerCalls.load(ordering: .relaxed) == 1 }
    #expect(formerHandlerCalls.load(ordering: .relaxed) == 1)
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

  @Test func aSecondSignalIsAnEmergencyStop() throws {
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
    try StopSignal.install()
    defer {
      StopSignal.restore()
      StopSignal.forget()
    }
    send(SIGINT, expecting: 1)
    #expect(!StopSignal.isEmergency)
    send(SIGTERM, expecting: 2)
    #expect(StopSignal.isEmergency)
  }

  @Test func theQuitSignalIsAnEmergencyStop() throws {
    signal(SIGQUIT, SIG_DFL)
    try StopSignal.install()
    defer {
      StopSignal.restore()
      StopSignal.forget()
    }
    send(SIGQUIT, expecting: 1)
    #expect(StopSignal.isEmergency && StopSignal.lastSignal == SIGQUIT)
    kill(getpid(), SIGQUIT)
    send(SIGTERM, expecting: 2)
    // Pulled again it is no second request.
    #expect(StopSignal.requests == 2)
  }

  @Test func anEmergencyStopIsOneRequestHoweverOftenItIsPulled() throws {
    signal(SIGINT, SIG_DFL)
    StopSignal.forget()
    defer { StopSignal.forget() }
    for _ in 0..<3 { StopSignal.requestEmergencyStop() }
    #expect(StopSignal.requests == 1 && StopSignal.isEmergency)
    // Nor is it forgotten when the handlers come after it.
    try StopSignal.install()
    defer { StopSignal.restore() }
    #expect(StopSignal.requests == 1 && StopSignal.isEmergency)
    send(SIGINT, expecting: 2)
    #expect(StopSignal.requests == 2)
  }
}
