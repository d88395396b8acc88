import Foundation
import ReplanWire
import Testing

/// Random streams through the parser, and the same ones through pymavlink: nothing traps, and no
/// frame is accepted that pymavlink rejects (referee_streams.py says how they are compared).
///
/// REPLAN_PARSER_STREAMS sets how many; `make parser-million` runs a million.
@Suite struct ParserStreamTests {
  private struct Counts: Decodable {
    var streams: Int
    var bytes: Int
    var ours: Int
    var theirs: Int
    var both: Int
    var insideFailed: Int
  }

  private static let count =
    ProcessInfo.processInfo.environment["REPLAN_PARSER_STREAMS"].flatMap { Int($0) } ?? 30_000

  @Test func noFrameIsAcceptedThatPymavlinkRejects() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "streams-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (frames, bytes) = try write(folder)
    let answer = try Referee(script: "referee_streams.py").run([
      Referee.root.appending(path: "hil/replan.xml").path, folder.path,
      folder.appending(path: "in").path, folder.appending(path: "found").path,
    ])
    let counts = try JSONDecoder().decode(Counts.self, from: Data(answer.utf8))
    #expect(counts.streams == Self.count && counts.bytes == bytes && counts.ours == frames)
    // Most streams have frames, and the comparison is not an empty one.
    #expect(counts.both > Self.count / 2 && counts.insideFailed > 0)
    if Self.count > 100_000 { print(answer) }
  }

  /// Writes streams and what the parser found in them; gives the number of frames and of bytes.
  private func write(_ folder: URL) throws -> (frames: Int, bytes: Int) {
    var streams = ParserStreams(seed: 2026)
    var sizes = RandomMessages(seed: 7)
    var (input, found): ([UInt8], [UInt8]) = ([], [])
    var (frames, bytes) = (0, 0)
    for _ in 0..<Self.count {
      // Zeros at the end: a false start that still waits for its rest hides what comes after it.
      let stream = streams.next() + [UInt8](repeating: 0, count: Frame.maximumLength)
      let limit = 1 + sizes.below(300)
      let ours = FrameParser.find(in: stream) { 1 + sizes.below(limit) }
      for frame in ours {
        let end = frame.start + frame.bytes.count
        #expect(end <= stream.count && frame.bytes == Array(stream[frame.start..<end]))
      }
      put(stream.count, &input)
      input += stream
      put(ours.count, &found)
      for frame in ours {
        put(frame.start, &found)
        put(frame.bytes.count, &found)
      }
      frames += ours.count
      bytes += stream.count
    }
    try Data(input).write(to: folder.appending(path: "in"))
    try Data(found).write(to: folder.appending(path: "found"))
    return (frames, bytes)
  }

  private func put(_ number: Int, _ bytes: inout [UInt8]) {
    bytes += [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
  }
}
