import Foundation
import ReplanWire

@testable import ReplanSigning

/// pymavlink's signing, in a folder of its own.
final class Referee {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "signing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func run(_ arguments: String...) throws -> String {
    let python =
      ProcessInfo.processInfo.environment["REPLAN_PYTHON"]
      ?? Referee.root.appending(path: ".venv/bin/python3").path
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw Failure(description: "no Python interpreter at \(python): run `make venv`")
    }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments =
      [
        Referee.tests.appending(path: "referee_signing.py").path,
        Referee.root.appending(path: "hil/replan.xml").path, folder.path,
      ] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(arguments) failed: see its message above")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// The bytes of random frames that pymavlink signed.
  func signed(_ key: SigningKey, timestamp: UInt64, count: Int) throws -> [UInt8] {
    let file = folder.appending(path: "signed")
    _ = try run("sign", hex(key.bytes), "\(timestamp)", "5", "\(count)", file.path)
    return [UInt8](try Data(contentsOf: file))
  }

  /// Which of the frames pymavlink accepts, one after the other.
  func verdicts(_ frames: [[UInt8]], _ key: SigningKey, now: UInt64) throws -> [Bool] {
    let file = folder.appending(path: "frames")
    try Data(frames.map(hex).joined(separator: "\n").utf8).write(to: file)
    return try run("verify", hex(key.bytes), "\(now)", file.path).split(separator: "\n")
      .map { $0 == "1" }
  }
}

func hex(_ bytes: [UInt8]) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

extension SigningKey {
  /// A key that is not to be taken elsewhere.
  static func test(_ number: UInt8) -> SigningKey {
    SigningKey(bytes: (0..<32).map { number &+ $0 &* 7 })
  }
}

/// A frame of some message with room for a signature, or without.
func plainFrame(_ number: Int, roomToSign: Bool = true, source: Address = .plant) -> [UInt8] {
  var values = InlineArray<32, Float>(repeating: 0)
  for i in 0..<number % 33 { values[i] = Float(i + number) }
  let message = Message.observation(
    ObservationMessage(
      timeMicroseconds: UInt64(number), sequence: UInt32(number), actionSequence: 0, flags: .armed,
      count: UInt8(number % 33), values: values))
  var bytes = [UInt8](repeating: 0, count: Frame.maximumLength)
  let count = bytes.withUnsafeMutableBytes {
    message.encode(
      sequence: UInt8(truncatingIfNeeded: number), source: source, into: $0,
      leavingRoomToSign: roomToSign)
  }
  return Array(bytes[..<count])
}

extension FrameSigner {
  func signed(_ frame: [UInt8]) -> [UInt8] {
    var frame = frame
    frame.withUnsafeMutableBytes { sign($0) }
    return frame
  }
}

extension FrameFilter {
  /// How many verified frames the bytes complete.
  mutating func take(_ bytes: [UInt8]) -> Int {
    var count = 0
    bytes.withUnsafeBytes { take($0) { _ in count += 1 } }
    return count
  }
}
