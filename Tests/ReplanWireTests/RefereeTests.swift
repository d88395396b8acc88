import Foundation
import ReplanWire
import Testing

/// pymavlink, which generates its codec from the dialect, and ReplanWire must agree on every byte.
@Suite struct RefereeTests {
  let referee = Referee(script: "referee_wire.py")
  let folder: URL
  var dialect: String { Referee.root.appending(path: "hil/replan.xml").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "replan-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func ask(_ arguments: String...) throws -> String {
    try referee.run([dialect, folder.path] + arguments)
  }

  func lines(_ name: String) throws -> [String] {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  @Test func checksumSeedsAndLengthsAreThoseOfTheDialect() throws {
    let rows = try ask("seeds").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.count == 8)
    for row in rows {
      let number = try #require(UInt32(row[0]))
      let id = try #require(MessageID(rawValue: number))
      #expect(UInt8(row[1]) == id.checksumSeed, "\(id)")
      #expect(Int(row[2]) == id.payloadCapacity, "\(id)")
    }
    try FileManager.default.removeItem(at: folder)
  }

  @Test func refereeReadsAndRepeatsWhatIsEncodedHere() throws {
    var random = RandomMessages(seed: 11)
    let frames = (0..<3000).map { _ in random.frame() }
    let bytes = frames.flatMap(\.encoded)
    let input = folder.appending(path: "in")
    try Data(bytes).write(to: input)
    _ = try ask("read", input.path, folder.appending(path: "out").path)
    #expect(try lines("out.txt") == frames.map(fieldText))
    #expect(try Data(contentsOf: folder.appending(path: "out")) == Data(bytes))
    try FileManager.default.removeItem(at: folder)
  }

  @Test func whatTheRefereeEncodesIsReadAndRepeatedHere() throws {
    _ = try ask("write", "7", "3000", folder.appending(path: "out").path)
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "out")))
    var parser = FrameParser()
    let frames = parser.frames(in: bytes) { 64 }
    #expect(try frames.map(fieldText) == lines("out.txt"))
    #expect(frames.flatMap(\.encoded) == bytes)
    #expect(parser.counters.badChecksums == 0 && parser.counters.skippedBytes == 0)
    try FileManager.default.removeItem(at: folder)
  }

  @Test func signedFramesAreReadAndReported() throws {
    _ = try ask("write", "8", "500", folder.appending(path: "out").path, "sign")
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "out")))
    var parser = FrameParser()
    let frames = parser.frames(in: bytes) { 300 }
    #expect(frames.count { !$0.header.isSigned } == 0)
    #expect(try frames.map(fieldText) == lines("out.txt"))
    try FileManager.default.removeItem(at: folder)
  }
}
