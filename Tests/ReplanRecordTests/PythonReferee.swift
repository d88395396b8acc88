import Foundation
import Testing

/// Runs the Python scripts beside the tests.
struct PythonReferee {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Starts a script of this folder.
  init(_ script: String, _ arguments: String...) throws {
    try self.init(script, arguments)
  }

  init(_ script: String, _ arguments: [String]) throws {
    let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
    let python =
      ProcessInfo.processInfo.environment["REPLAN_PYTHON"]
      ?? root.appending(path: ".venv/bin/python3").path
    try #require(
      FileManager.default.isExecutableFile(atPath: python),
      "no Python at \(python): run `make venv`"
    )
    process.executableURL = URL(filePath: python)
    process.arguments = [Self.folder.appending(path: script).path] + arguments
    process.standardInput = input
    process.standardOutput = output
    try process.run()
  }

  /// The first line that the script writes.
  func firstLine() throws -> String {
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self)
  }

  /// All that the script writes, once it has ended without an error.
  func result() throws -> Data {
    try input.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the referee refused; see its message above")
    return data
  }
}

/// A folder that is deleted with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "record-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func read(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: file(name))))
  }

  func write(_ bytes: some Sequence<UInt8>, _ name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
  }
}

/// Numbers that are the same in every run (xorshift64*).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
