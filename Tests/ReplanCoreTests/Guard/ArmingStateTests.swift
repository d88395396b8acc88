import Testing

@testable import ReplanCore

@Suite struct ArmingStateTests {
  private static let states = (0...UInt8.max).compactMap { ArmingState(rawValue: $0) }
  private static let events = (0...UInt8.max).compactMap { ArmingEvent(rawValue: $0) }

  /// All transitions that lead somewhere else.
  private static let table: [(ArmingState, ArmingEvent, ArmingState)] = [
    (.disarmed, .arm, .arming),
    (.disarmed, .emergencyStop, .stopped),
    (.arming, .armed, .running),
    (.arming, .disarm, .disarmed),
    (.arming, .plantFault, .stopped),
    (.arming, .emergencyStop, .stopped),
    (.running, .fellBack, .fallback),
    (.running, .disarm, .disarmed),
    (.running, .gaveUp, .stopped),
    (.running, .plantFault, .stopped),
    (.running, .emergencyStop, .stopped),
    (.fallback, .planned, .running),
    (.fallback, .disarm, .disarmed),
    (.fallback, .gaveUp, .stopped),
    (.fallback, .plantFault, .stopped),
    (.fallback, .emergencyStop, .stopped),
    (.stopped, .acknowledge, .disarmed),
  ]

  @Test(arguments: states, events)
  func everyPairLeadsWhereTheTableSays(state: ArmingState, event: ArmingEvent) {
    let expected = Self.table.first { $0.0 == state && $0.1 == event }?.2 ?? state
    #expect(state.next(event) == expected)
  }

  /// Whatever happens, a stop is left by an acknowledgement only, and then nothing runs.
  @Test func aStopIsLatched() {
    var state = ArmingState.running.next(.emergencyStop)
    for event in Self.events where event != .acknowledge { state = state.next(event) }
    #expect(state == .stopped && !state.isActive)
    #expect(!state.next(.acknowledge).isActive)
  }
}
