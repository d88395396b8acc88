import Foundation
import ReplanWire
import Testing

/// Faults that take real time: stalls, power, cable and clock.
@Suite(.serialized) struct RealTimeFaultTests {
  @Test func silenceTowardsThePlantStarvesItWithinItsTimeout() throws {
    let run = try FaultRun("{fault: loss, direction: to-plant, at: 0.5, for: 0.5}")
    try run.begin(lockstep: false)
    var observation = try run.line.observation()
    // Each sample is answered, as a controller does.
    while observation.sequence < 150 {
      run.line.send(SessionRig.action(1, observation.sequence + 1))
      observation = try run.line.observation()
    }
    let (log, said) = try run.end()
    let armed = Array(log.drop { $0["sequence"] != "20" || $0["armed"] != "1" })
    let starts = armed.indices.dropFirst().filter {
      armed[$0]["watchdog"] == "1" && armed[$0 - 1]["watchdog"] == "0"
    }
    // One of them is the fault's; a busy machine may have brought about others.
    #expect(starts.contains { (51...100).contains(Int(armed[$0]["sequence"]!)!) })
    for start in starts {
      let inForce = armed[start - 1]["action_sequence"]
      let since = armed[..<start].reversed().prefix { $0["action_sequence"] == inForce }
      #expect(since.count <= 11, "100 ms are 10 samples")
      #expect(armed[start]["commanded_0"] == "0.0")
    }
    #expect(armed.last?["watchdog"] == "0", "it recovers")
    #expect(said.contains("lost"))
  }

  @Test func aStallIsFollowedByItsBacklogAtOnce() throws {
    let run = try FaultRun("{fault: stall, at: 0.3, for: 0.4, direction: to-controller}")
    try run.begin(lockstep: false)
    var arrivals: [(UInt32, Date)] = []
    while (arrivals.last?.0 ?? 0) < 100 {
      arrivals.append((try run.line.observation().sequence, Date()))
    }
    let numbers = arrivals.map(\.0)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }, "none is lost")
    let waits = zip(arrivals, arrivals.dropFirst()).map { $1.1.timeIntervalSince($0.1) }
    let longest = try #require(waits.indices.max { waits[$0] < waits[$1] })
    #expect(waits[longest] > 0.3)
    #expect((25...40).contains(numbers[longest]))
    #expect(try run.end().said.contains("1 stalls"))
  }

  /// The plant's samples after its processor started again.
  private func afterRestart(_ run: FaultRun) throws -> ObservationMessage {
    var observation = try run.line.observation()
    while observation.flags.contains(.armed) { observation = try run.line.observation() }
    return observation
  }

  @Test func aRestartDisarmsAndCountsFromZeroWhileThePhysicsGoOn() throws {
    let run = try FaultRun("{fault: plant-reset, at: 0.5}")
    try run.begin(lockstep: false)
    let first = try afterRestart(run)
    #expect(first.sequence < 10 && first.timeMicroseconds < 1_000_000 && first.actionSequence == 0)
    // A new session works; its episode has the same fault again.
    try run.line.command(.reset, 0)
    try run.line.command(.armDisarm, 1)
    #expect(try afterRestart(run).sequence < 10)
    let (log, said) = try run.end()
    #expect(said.contains("the plant: 2 restarts"))
    let index = try #require(
      log.indices.dropFirst().first {
        log[$0]["sequence"] == "0" && log[$0 - 1]["armed"] == "1"
      })
    let before = log.column("true_pole_angle")[index - 1]
    let after = log.column("true_pole_angle")[index]
    #expect(abs(before - after) < 0.3, "no reset of the physics")
  }

  @Test func aBrownOutIsSilentAndEndsInARestart() throws {
    let run = try FaultRun("{fault: brown-out, at: 0.3, for: 0.5}")
    try run.begin(lockstep: false)
    var last = Date()
    var longest = 0.0
    var observation = try run.line.observation()
    while observation.flags.contains(.armed) || observation.sequence > 10 {
      observation = try run.line.observation()
      longest = max(longest, Date().timeIntervalSince(last))
      last = Date()
    }
    // A reader that comes late sees less of it.
    #expect(longest > 0.3)
    #expect(observation.timeMicroseconds < 200_000)
    #expect(try run.end().said.contains("1 brown-outs"))
  }

  @Test func aCableThatIsPulledComesBackAndANewSessionWorks() throws {
    let run = try FaultRun("{fault: cable-out, at: 0.3, for: 0.4}")
    try run.begin(lockstep: false)
    #expect(throws: FirmwareProcess.Failure.self) {
      while true { _ = try run.line.observation() }
    }
    try run.awaitLink(true)
    try run.reopen()
    _ = try run.line.next { if case .heartbeat = $0 { true } else { nil } }
    // The plant kept its power: still armed, and starved by now.
    let observation = try run.line.observation()
    #expect(observation.flags == [.armed, .watchdog])
    try run.line.command(.requestMessage, 53000)
    try run.line.command(.reset, 0)
    #expect(try run.line.observation().sequence < 5)
    let (log, said) = try run.end()
    #expect(said.contains("fault: cable-out on") && said.contains("fault: cable-out off"))
    // It samples whether anybody listens or not.
    #expect(log.contains { $0["fault"] == "cable-out" })
  }

  @Test func aDriftingClockSamplesAtItsOwnRate() throws {
    let run = try FaultRun("{fault: clock-drift, factor: 2, at: 0.2}", "--rate", "100")
    try run.begin(lockstep: false)
    var observation = try run.line.observation()
    while observation.sequence < 40 { observation = try run.line.observation() }
    let (start, first) = (Date(), observation)
    while observation.sequence < 240 {
      let next = try run.line.observation()
      #expect(next.timeMicroseconds == observation.timeMicroseconds + 10_000)
      observation = next
    }
    // 200 samples of a clock with twice the speed; the first may have been waiting.
    let elapsed = Date().timeIntervalSince(start)
    #expect(elapsed > 0.7 && elapsed < 1.9, "2 s without the fault")
    #expect(observation.sequence == first.sequence + 200)
  }
}
