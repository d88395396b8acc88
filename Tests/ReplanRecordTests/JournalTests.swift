import Testing

@testable import ReplanRecord

@Suite struct JournalTests {
  struct Fit: Encodable {
    var event = "fit"
    var seconds: Double
    var rmse: [Float]
    var members = 3
    var file = "models/0001.safetensors"
  }

  private func journal(_ folder: TemporaryFolder) throws -> Journal {
    try Journal(path: folder.file("journal.jsonl"))
  }

  @Test func eventsAreLinesWithSortedKeysAndShortNumbers() throws {
    let folder = try TemporaryFolder()
    let journal = try journal(folder)
    try journal.append(Fit(seconds: 0.1, rmse: [0.1, 1e-7, 3, .nan]))
    try journal.append(["event": "line\nbreak"], isSynchronized: true)
    #expect(
      try journal.lines() == [
        #"{"event":"fit","file":"models/0001.safetensors","members":3,"#
          + #""rmse":[0.1,1e-07,3,"NaN"],"seconds":0.1}"#,
        #"{"event":"line\nbreak"}"#,
      ])
  }

  @Test func onlyObjectsAreEvents() throws {
    let folder = try TemporaryFolder()
    let journal = try journal(folder)
    #expect(throws: RecordError.self) { try journal.append([1, 2]) }
    #expect(throws: RecordError.self) { try journal.append("text") }
    #expect(try journal.lines().isEmpty)
  }

  @Test func aLineTornAnywhereIsRepaired() throws {
    let first = Array("{\"event\":\"start\"}\n".utf8)
    let second = Array("{\"event\":\"end\",\"n\":1}\n".utf8)
    for size in 0...second.count {
      let folder = try TemporaryFolder()
      try folder.write(first + second[..<size], "journal.jsonl")
      let journal = try journal(folder)
      // Without its line end only the event is whole already.
      let isWhole = size >= second.count - 1
      #expect(journal.repairedBytes == (isWhole ? 0 : size))
      try journal.append(["event": "next"])
      let expected = first + (isWhole ? second : []) + Array("{\"event\":\"next\"}\n".utf8)
      #expect(try folder.read("journal.jsonl") == expected)
    }
  }

  @Test func linesOfSeveralThreadsStayWhole() async throws {
    let folder = try TemporaryFolder()
    let journal = try journal(folder)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<50 { try journal.append(["event": "\(writer)-\(number)"]) }
        }
      }
      try await group.waitForAll()
    }
    let lines = try journal.lines()
    #expect(Set(lines).count == 200)
    #expect(lines.allSatisfy { $0.hasPrefix(#"{"event":""#) && $0.hasSuffix(#""}"#) })
  }
}
