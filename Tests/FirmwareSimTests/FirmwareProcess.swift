import Foundation
import ReplanWire
import Testing

/// A running firmware-sim, and a controller's end of its line.
final class FirmwareProcess {
  let process = Process()
  let link: String
  let input = Pipe()
  private let output = Pipe()
  private let errors = Pipe()
  let folder: String

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// The program lies beside the test bundle.
  static func executable() throws -> URL {
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    let program = folder.appendingPathComponent("firmware-sim")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw Failure(description: "\(program.path) is missing: build the product firmware-sim")
    }
    return program
  }

  /// Starts the program without waiting for it.
  init(arguments: [String], link name: String = "plant") throws {
    folder = NSTemporaryDirectory() + "firmware-sim-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    link = folder + "/" + name
    process.executableURL = try FirmwareProcess.executable()
    process.arguments = arguments + ["--link", link]
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
  }

  /// Starts the program and waits until it says that it is ready.
  static func started(_ arguments: String...) throws -> FirmwareProcess {
    try started(FirmwareProcess(arguments: arguments + ["--until-eof"]))
  }

  /// The same with a fault file of these entries; it logs, and tells the faults.
  static func started(faults: String, _ arguments: [String]) throws -> FirmwareProcess {
    let firmware = try FirmwareProcess(arguments: arguments + ["--until-eof", "--verbose"])
    let file = firmware.folder + "/faults.yaml"
    try "faults: [\(faults)]\n".write(toFile: file, atomically: true, encoding: .utf8)
    firmware.process.arguments! += [
      "--faults", file, "--log", firmware.folder + "/log.csv", "--fault-counts",
      firmware.folder + "/counts.jsonl",
    ]
    return try started(firmware)
  }

  private static func started(_ firmware: FirmwareProcess) throws -> FirmwareProcess {
    try firmware.process.run()
    let line = String(decoding: firmware.output.fileHandleForReading.availableData, as: UTF8.self)
    guard line.hasPrefix("ready \(firmware.link) ") else {
      let complaint = firmware.errors.fileHandleForReading.readDataToEndOfFile()
      throw Failure(
        description: "not ready: '\(line)' \(String(decoding: complaint, as: UTF8.self))")
    }
    firmware.readyLine = line
    return firmware
  }

  private(set) var readyLine = ""

  /// Ends it, and gives what it said on standard error.
  func end() throws -> String {
    try input.fileHandleForWriting.close()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  /// Runs it to its end.
  func finish() throws -> (code: Int32, errors: String) {
    try process.run()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  var linkExists: Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) != nil
  }

  deinit {
    // The end of its standard input ends it, whatever became of the test.
    try? input.fileHandleForWriting.close()
    if process.isRunning { process.waitUntilExit() }
    try? FileManager.default.removeItem(atPath: folder)
  }
}

/// The controller's end: sends messages and waits for messages.
final class Line {
  private let descriptor: Int32
  private var parser = FrameParser()
  private var waiting: [Message] = []
  private var sequence: UInt8 = 0

  init(_ firmware: FirmwareProcess) throws {
    descriptor = open(firmware.link, O_RDWR | O_NOCTTY)
    guard descriptor >= 0 else {
      throw FirmwareProcess.Failure(description: "cannot open \(firmware.link): errno \(errno)")
    }
  }

  deinit { close(descriptor) }

  var badChecksums: UInt32 { parser.counters.badChecksums }

  /// Every observation that has arrived, without waiting for more.
  func unread() throws -> [ObservationMessage] {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while poll(&entry, 1, 0) > 0 { try receive() }
    defer { waiting = [] }
    return waiting.observations
  }

  func send(_ message: Message) {
    sequence &+= 1
    let bytes = SessionRig.frame(message, sequence: sequence)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
  }

  func command(_ command: Command, _ first: Float = 0, _ second: Float = 0) throws {
    send(.commandLong(CommandLong(command, first, second, target: .plant)))
    let result = try next { if case .commandAck(let ack) = $0 { ack } else { nil } }
    #expect(result.command == command && result.result == .accepted)
  }

  func observation() throws -> ObservationMessage {
    try next { if case .observation(let message) = $0 { message } else { nil } }
  }

  /// The first message that `choose` takes; those before it are dropped.
  func next<T>(within seconds: Double = 5, _ choose: (Message) -> T?) throws -> T {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      while !waiting.isEmpty { if let found = choose(waiting.removeFirst()) { return found } }
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline.timeIntervalSinceNow
      guard left > 0, poll(&entry, 1, Int32(left * 1000) + 1) > 0 else {
        throw FirmwareProcess.Failure(description: "nothing of the kind came within \(seconds) s")
      }
      try receive()
    }
  }

  private func receive() throws {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { throw FirmwareProcess.Failure(description: "the line is closed") }
    bytes[0..<count].withUnsafeBytes { waiting += SessionRig.decode($0, with: &parser) }
  }
}
