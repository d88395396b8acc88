import Foundation
import ReplanWire
import Testing

/// The program as a process, over its pseudo-terminal.
@Suite(.serialized) struct FirmwareSimTests {
  @Test func streamsAtItsRateWithoutGaps() throws {
    let firmware = try FirmwareProcess.started("--plant", "cart-pole", "--rate", "200")
    let line = try Line(firmware)
    let first = try line.observation()
    let start = Date()
    var last = first
    for _ in 0..<200 {
      let next = try line.observation()
      #expect(next.sequence == last.sequence + 1)
      #expect(next.timeMicroseconds == last.timeMicroseconds + 5000)
      last = next
    }
    let elapsed = Date().timeIntervalSince(start)
    // Loose on both sides: the machine may be busy, and the first sample may have come late.
    #expect(elapsed > 0.8 && elapsed < 3)
    #expect(first.count == 4 && first.flags == [])
  }

  @Test func itsTimeoutIsKeptInRealTime() throws {
    let firmware = try FirmwareProcess.started("--plant", "pendulum", "--rate", "100")
    let line = try Line(firmware)
    try line.command(.reset, 0)
    try line.command(.armDisarm, 1)
    line.send(SessionRig.action(1, 1))
    var inForce: [UInt64] = []
    var observation = try line.observation()
    while !observation.flags.contains(.watchdog) {
      if observation.actionSequence == 1 { inForce.append(observation.timeMicroseconds) }
      observation = try line.observation()
    }
    #expect(inForce.count == 10)
    #expect(observation.actionSequence == 0)
    line.send(SessionRig.action(1, 2))
    while observation.actionSequence != 2 { observation = try line.observation() }
    #expect(observation.flags == .armed)
  }

  private func lockstepEpisode(_ seed: String) throws -> [[Float]] {
    let firmware = try FirmwareProcess.started("--plant", "cart-pole", "--seed", seed)
    let line = try Line(firmware)
    _ = try line.observation()
    try line.command(.clock, 1, 50)
    try line.command(.reset, 1, 3)
    var observations = [try line.observation()]
    try line.command(.armDisarm, 1)
    for k in 1...300 as ClosedRange<UInt32> {
      line.send(SessionRig.action(8 * sin(Float(k) * 0.1), k))
      observations.append(try line.observation())
    }
    #expect(observations.map(\.sequence) == Array(0...300))
    #expect(observations.map(\.actionSequence) == Array(0...300))
    #expect(observations.map(\.timeMicroseconds) == (0...300).map { $0 * 20_000 })
    return observations.map(\.channels)
  }

  @Test func lockstepIsRepeatable() throws {
    let first = try lockstepEpisode("5")
    #expect(try lockstepEpisode("5") == first)
    #expect(try lockstepEpisode("6") != first)
  }

  @Test func controllersComeAndGo() throws {
    let firmware = try FirmwareProcess.started("--plant", "cart-pole", "--rate", "100")
    var last: ObservationMessage?
    for _ in 0..<3 {
      let line = try Line(firmware)
      _ = try line.next { if case .heartbeat = $0 { true } else { nil } }
      let observation = try line.observation()
      if let last { #expect(observation.sequence > last.sequence) }
      // What came while nobody listened is lost: the first sample is a fresh one.
      try line.command(.requestMessage, 53000)
      last = try line.observation()
      #expect(last!.sequence - observation.sequence < 200)
    }
    #expect(firmware.process.isRunning)
  }

  @Test func aSlowReaderLosesWholeFramesAndHoldsUpNothing() throws {
    let firmware = try FirmwareProcess.started("--plant", "cart-pole")
    let line = try Line(firmware)
    try line.command(.clock, 1)
    try line.command(.reset, 0)
    _ = try line.observation()
    // Far more answers than the kernel stores for a reader who does not read.
    for k in 1...2000 as ClosedRange<UInt32> { line.send(SessionRig.action(0, k)) }
    let sequences = try line.unread().map(\.sequence)
    #expect(sequences.count > 10)
    #expect(sequences.count < 2000)
    #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 })
    #expect(line.badChecksums == 0)
    line.send(SessionRig.action(0, 2001))
    #expect(try line.next { $0.observation(2001) } == 2001)
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalRemovesTheLink(signal: Int32) throws {
    let firmware = try FirmwareProcess.started("--plant", "cart-pole")
    #expect(firmware.linkExists)
    kill(firmware.process.processIdentifier, signal)
    firmware.process.waitUntilExit()
    #expect(!firmware.linkExists)
    #expect(firmware.process.terminationReason == .exit)
    #expect(firmware.process.terminationStatus == 0)
  }

  @Test func theEndOfInputEndsItAndRemovesTheLink() throws {
    let firmware = try FirmwareProcess.started("--plant", "pendulum")
    try firmware.input.fileHandleForWriting.close()
    firmware.process.waitUntilExit()
    #expect(!firmware.linkExists)
  }

  @Test func aLinkIsReplacedAndAFileIsNot() throws {
    let killed = try FirmwareProcess.started("--plant", "cart-pole")
    try FileManager.default.removeItem(atPath: killed.link)
    try FileManager.default.createSymbolicLink(
      atPath: killed.link, withDestinationPath: "/nowhere")
    let occupied = try FirmwareProcess(arguments: ["--plant", "cart-pole"])
    try Data("mine".utf8).write(to: URL(fileURLWithPath: occupied.link))
    let end = try occupied.finish()
    #expect(end.code == 74)
    #expect(end.errors.contains("is no symbolic link"))
    #expect(try String(contentsOfFile: occupied.link, encoding: .utf8) == "mine")
    // Somebody else's link stays.
    try killed.input.fileHandleForWriting.close()
    killed.process.waitUntilExit()
    #expect(killed.linkExists)
  }

  @Test(arguments: [
    (["--plant", "unicycle"], "cart-pole, pendulum"),
    (["--plant", "pendulum", "--rate", "0.1"], "1 to 1000"),
    (["--plant", "pendulum", "--noise=-1"], "from 0"),
    (["--plant", "pendulum", "--actuation-delay", "32"], "0 to 31"),
  ]) func wrongUsageSaysWhatIsAllowed(arguments: [String], text: String) throws {
    let end = try FirmwareProcess(arguments: arguments).finish()
    #expect(end.code == 64)
    #expect(end.errors.contains(text), "\(end.errors)")
  }

  @Test func theLogHoldsTruthReadingAndAction() throws {
    let log = NSTemporaryDirectory() + "firmware-sim-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: log) }
    let firmware = try FirmwareProcess.started(
      "--plant", "pendulum", "--actuation-delay", "1", "--log", log)
    let line = try Line(firmware)
    try line.command(.clock, 1)
    try line.command(.reset, 0)
    let first = try line.observation()
    try line.command(.armDisarm, 1)
    line.send(SessionRig.action(1.5, 1))
    line.send(SessionRig.action(0.5, 2))
    while try line.observation().actionSequence != 2 {}
    try firmware.input.fileHandleForWriting.close()
    firmware.process.waitUntilExit()
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    let header =
      "time_s,sequence,true_pendulum_angle,true_pendulum_velocity,pendulum_angle,"
      + "pendulum_velocity,commanded_0,applied_0,action_sequence,armed,watchdog"
    #expect(String(lines[0]) == header)
    let rows: [[Float]] = lines.dropFirst().map { line in
      line.split(separator: ",").compactMap { Float(String($0)) }
    }
    for row in rows { #expect(row.count == 11) }
    #expect(rows.suffix(3).map { $0[6] } == [0, 1.5, 0.5])
    #expect(rows.suffix(3).map { $0[7] } == [0, 0, 1.5])
    #expect(rows[rows.count - 3][4] == first.values[0])
    #expect(rows[rows.count - 3][2] == Float.pi)
  }
}

extension Message {
  /// `sequence` if this is its observation.
  fileprivate func observation(_ sequence: UInt32) -> UInt32? {
    if case .observation(let message) = self, message.sequence == sequence { sequence } else { nil }
  }
}
