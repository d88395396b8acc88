import Foundation
import ReplanWire
import Testing

/// An episode of firmware-sim under faults, with a controller that does not give up.
final class FaultRun {
  let firmware: FirmwareProcess
  private(set) var line: Line
  private(set) var observations: [ObservationMessage] = []

  init(_ faults: String, _ arguments: String...) throws {
    firmware = try FirmwareProcess.started(
      faults: faults,
      ["--plant", "cart-pole", "--no-quantise", "--noise", "0"] + arguments)
    line = try Line(firmware)
  }

  /// Resets and arms.
  func begin(lockstep: Bool) throws {
    try line.command(.clock, lockstep ? 1 : 0, lockstep ? 50 : 100)
    try line.command(.reset, 1, 3)
    let first = try line.next { message in
      if case .observation(let observation) = message, observation.sequence == 0 {
        observation
      } else {
        nil as ObservationMessage?
      }
    }
    observations = [first]
    try line.command(.armDisarm, 1)
  }

  static func force(_ k: UInt32) -> Float { 4 * sin(Float(k) * 0.3) }

  /// Lockstep: actions `range`, each repeated after `seconds` until its observation has come.
  func act(_ range: ClosedRange<UInt32>, repeatingAfter seconds: Double = 0.03) throws {
    for k in range {
      var answer: ObservationMessage?
      for _ in 0..<200 where answer == nil {
        line.send(SessionRig.action(FaultRun.force(k), k))
        answer = try? line.next(within: seconds) { message in
          if case .observation(let found) = message, found.sequence == k { found } else { nil }
        }
      }
      observations.append(
        try #require(answer, "no answer to action \(k)"))
    }
  }

  /// Opens the line again.
  func reopen() throws { line = try Line(firmware) }

  /// Whether the link leads to a terminal comes to be `wanted`.
  func awaitLink(_ wanted: Bool) throws {
    let deadline = Date(timeIntervalSinceNow: 10)
    while firmware.linkExists != wanted {
      guard deadline.timeIntervalSinceNow > 0 else {
        throw FirmwareProcess.Failure(description: "the link stayed as it was")
      }
      sched_yield()
    }
  }

  /// Ends the program; its log, one dictionary a sample, and what it said.
  func end() throws -> (log: [[String: String]], said: String) {
    let said = try firmware.end()
    let text = try String(contentsOfFile: firmware.folder + "/log.csv", encoding: .utf8)
    var rows = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let names = rows.removeFirst()
    return (rows.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }, said)
  }

  /// A whole episode in lockstep of `count` actions: the log of its samples from 0 on.
  static func lockstep(
    _ faults: String, _ count: UInt32 = 100, repeatingAfter seconds: Double = 0.03
  ) throws -> (seen: [ObservationMessage], log: [[String: String]], said: String) {
    let run = try FaultRun(faults)
    try run.begin(lockstep: true)
    try run.act(1...count, repeatingAfter: seconds)
    let seen = run.observations
    let (log, said) = try run.end()
    return (seen, Array(log.suffix(Int(count) + 1)), said)
  }
}

extension [[String: String]] {
  func column(_ name: String) -> [Float] { map { Float($0[name] ?? "") ?? .nan } }
}
