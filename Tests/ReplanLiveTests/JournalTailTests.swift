import Foundation
import Testing

@testable import ReplanLive

@Suite struct JournalTailTests {
  private let path = NSTemporaryDirectory() + "replan-tail-" + UUID().uuidString

  private func append(_ text: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
    }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  private func all(_ tail: JournalTail) -> [String] {
    tail.follow()
    return Array(tail.lines(from: 0).lines)
  }

  @Test func linesAreToldOnceTheyAreWhole() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tail = JournalTail(path: path)
    #expect(all(tail).isEmpty)
    try append(#"{"event":"start"}"# + "\n" + #"{"event":"#)
    #expect(all(tail) == [#"{"event":"start"}"#])
    try append(#""fit"}"# + "\n")
    let (lines, next) = tail.lines(from: 1)
    #expect(lines.isEmpty && next == 1)
    #expect(all(tail).count == 2)
    #expect(tail.lines(from: 1) == ([#"{"event":"fit"}"#], 2))
  }

  @Test func tornLinesAreLeftOut() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try append("{\"event\":\n{\"event\":\"end\"}\n\u{0}\u{0}\n")
    #expect(all(JournalTail(path: path)) == [#"{"event":"end"}"#])
  }

  @Test func anotherJournalIsAnotherGeneration() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let tail = JournalTail(path: path)
    try append("{\"event\":\"start\"}\n{\"event\":\"end\"}\n")
    #expect(all(tail).count == 2)
    let generation = tail.generation
    let other = path + ".new"
    try Data("{\"event\":\"fit\"}\n".utf8).write(to: URL(filePath: other))
    #expect(rename(other, path) == 0)
    #expect(all(tail) == [#"{"event":"fit"}"#])
    #expect(tail.generation > generation)
  }

  @Test func theNewestLinesAreKept() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let count = JournalTail.capacity + 10
    try append((0..<count).map { "{\"n\":\($0)}\n" }.joined())
    let tail = JournalTail(path: path)
    #expect(all(tail).first == "{\"n\":10}")
    let (lines, next) = tail.lines(from: count - 1)
    #expect(Array(lines) == ["{\"n\":\(count - 1)}"] && next == count)
  }
}
