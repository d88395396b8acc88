import Foundation
import Glibc

/// Runs a program and collects everything it says.
struct ChildProcess {
  var status: Int32
  var wasKilled: Bool
  var output: String
  var errors: String

  static func run(_ path: String, _ arguments: [String] = []) throws -> ChildProcess {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    // Files rather than pipes: nothing has to be read while the child runs.
    let folder = FileManager.default.temporaryDirectory
    let files = ["out", "err"].map {
      folder.appendingPathComponent("replan-\(UUID().uuidString).\($0)")
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return ChildProcess(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: texts[0], errors: texts[1])
  }
}

/// The text of a file, empty if it cannot be read.
func contents(ofFile path: String) -> String {
  (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}

/// The program that `make rtsan` builds with RealtimeSanitizer linked in.
struct TickProbeProgram {
  struct Missing: Error, CustomStringConvertible {
    var path: String
    var description: String { "no tick-probe at \(path): run `make rtsan`" }
  }

  var path: String

  /// The path in REPLAN_TICK_PROBE, or where `make rtsan` puts it.
  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    path =
      ProcessInfo.processInfo.environment["REPLAN_TICK_PROBE"]
      ?? root.appendingPathComponent(".build-rtsan/release/tick-probe").path
    guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
  }
}
