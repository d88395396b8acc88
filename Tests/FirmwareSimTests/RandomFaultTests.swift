import Foundation
import ReplanFaults
import ReplanWire
import Testing

/// Schedules that were drawn, through the real program in lockstep.
@Suite(.serialized) struct RandomFaultTests {
  /// A controller that gives up when the plant says that it is disarmed, or nothing at all.
  private func episode(_ schedule: FaultSchedule) throws -> Int {
    let entries = schedule.faults.map(\.description).joined(separator: ", ")
    let run = try FaultRun(entries)
    try run.begin(lockstep: true)
    let mayFail = schedule.faults.contains { $0.kind == .plantReset || $0.kind == .reorder }
    do {
      try run.act(1...200)
    } catch {
      // A plant that has restarted streams again; one that took a swapped repetition for a new
      // action is a sample ahead.
      #expect(mayFail, "\(schedule.yaml)")
    }
    let (log, _) = try run.end()
    #expect(log.column("commanded_0").allSatisfy { abs($0) <= 10 })
    let told = Set((0...200).map { FaultRun.force($0) })
    #expect(log.allSatisfy { $0["armed"] == "0" || told.contains(Float($0["commanded_0"]!)!) })
    return log.count
  }

  @Test func thePlantIsOnlyToldWhatWasSent() throws {
    var samples = 0
    for seed: UInt64 in 0..<12 {
      samples += try episode(FaultSchedule.random(seed: seed, seconds: 4))
    }
    #expect(samples > 1000)
  }
}
