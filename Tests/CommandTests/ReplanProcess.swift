import Foundation
import Testing

/// What stands in the way of a test, in words.
struct Failure: Error, CustomStringConvertible {
  var description: String
}

/// Where the programs, the robot files and the Python interpreter are.
enum Places {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let cartPole = root + "/robots/cart-pole.yaml"
  static let pendulum = root + "/robots/pendulum.yaml"
  static let furuta = root + "/robots/furuta.yaml"
  static let reacher = root + "/robots/reacher.yaml"
  static let motor = root + "/robots/motor.yaml"

  /// A program in REPLAN_BIN_DIR, or beside the test bundle.
  static func program(_ name: String) throws -> URL {
    let environment = ProcessInfo.processInfo.environment["REPLAN_BIN_DIR"]
    let folder =
      environment.map { URL(filePath: $0) }
      ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let program = folder.appending(path: name)
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw Failure(description: "\(program.path) is missing: build the product \(name)")
    }
    return program
  }

  static func python() throws -> URL {
    let path =
      ProcessInfo.processInfo.environment["REPLAN_PYTHON"] ?? root + "/.venv/bin/python3"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Failure(description: "no Python at \(path): run `make venv`")
    }
    return URL(filePath: path)
  }

  static func script(_ name: String) -> String { root + "/Tests/CommandTests/" + name }
}

/// A folder that is deleted with the value; child processes run in it.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: file(name))) }

  func names(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: file(name)).sorted()
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: file(name)))
    return file(name)
  }
}

/// What a program said and how it ended.
struct Outcome {
  var code: Int32
  var output: String
  var errors: String
  var seconds: Double

  /// The objects on standard output, one a line.
  func events() throws -> [Event] { try Event.parse(output) }
}

/// A running `replan`.
///
/// Its standard output is read line by line, so that a test can wait for an event and act upon it.
final class ReplanProcess {
  private let process = Process()
  private let output = Pipe()
  private let errorPath: String
  private var received = Data()
  private let start = Date()

  /// - Parameter wrapper: a command that takes another as its last arguments, and runs it.
  init(_ arguments: [String], in folder: Folder, under wrapper: [String] = []) throws {
    let command = wrapper + [try Places.program("replan").path] + arguments
    process.executableURL = URL(filePath: command[0])
    process.arguments = Array(command.dropFirst())
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    // A file rather than a pipe: nobody has to read while the child runs.
    errorPath = folder.file("stderr-\(UUID())")
    try Data().write(to: URL(filePath: errorPath))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errorPath))
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var errors: String { (try? String(contentsOfFile: errorPath, encoding: .utf8)) ?? "" }

  var identifier: Int32 { process.processIdentifier }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for an event, as the n-th of its kind.
  func await(_ name: String, count: Int = 1, within seconds: Double = 60) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    let handle = output.fileHandleForReading
    while try Event.parse(wholeLines).count(where: { $0.name == name }) < count {
      var entry = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
      let left = deadline.timeIntervalSinceNow
      guard left > 0, poll(&entry, 1, Int32(left * 1000) + 1) > 0 else {
        throw Failure(description: "no \(name) within \(seconds) s: \(wholeLines) \(errors)")
      }
      let data = handle.availableData
      if data.isEmpty {
        throw Failure(description: "ended before \(name): \(wholeLines) \(errors)")
      }
      received.append(data)
    }
  }

  /// The first event of its kind, waited for.
  func event(_ name: String) throws -> Event {
    try `await`(name)
    guard let event = try Event.parse(wholeLines).named(name).first else {
      throw Failure(description: "no \(name)")
    }
    return event
  }

  private var wholeLines: String {
    String(decoding: received.prefix((received.lastIndex(of: 0x0A) ?? -1) + 1), as: UTF8.self)
  }

  /// Waits for the end; a program that hangs is killed and shows by its exit code.
  func finish(within seconds: Double = 120) -> Outcome {
    let identifier = process.processIdentifier
    let watchdog = DispatchWorkItem { kill(identifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
    received.append(output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    watchdog.cancel()
    return Outcome(
      code: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: received, as: UTF8.self), errors: errors,
      seconds: Date().timeIntervalSince(start))
  }
}

extension Folder {
  /// Runs `replan` in this folder to its end.
  func replan(_ arguments: String...) throws -> Outcome {
    try ReplanProcess(arguments, in: self).finish()
  }

  func start(_ arguments: String...) throws -> ReplanProcess {
    try ReplanProcess(arguments, in: self)
  }
}
