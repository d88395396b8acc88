import Foundation
import Testing

/// What other people's readers find in a workspace.
struct WorkspaceReferee {
  let episodes: [Event]
  let models: [Event]

  init(_ path: String) throws {
    let process = Process()
    process.executableURL = try Places.python()
    process.arguments = [Places.script("referee_workspace.py"), path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the referee refused; see its message above")
    let found = try Event.parse(String(decoding: data, as: UTF8.self))[0]
    episodes = found.list("episodes")
    models = found.list("models")
  }

  /// Observations of an episode, by the number of its file.
  func observations(_ index: Int) -> Int {
    // An episode that was lost before its first sample has no such topic.
    max(0, episodes[index - 1].object("counts").integer("/observation"))
  }
}

/// A workspace is complete: other readers open every file, every line of the journal is an object,
/// and what the journal claims of an episode is in its file.
func expectComplete(_ path: String, rate: Double = 50) throws {
  let referee = try WorkspaceReferee(path)
  let journal = try String(contentsOfFile: path + "/journal.jsonl", encoding: .utf8)
  #expect(journal.isEmpty || journal.hasSuffix("\n"))
  for event in try Event.parse(journal).named("episode") {
    #expect(
      Double(referee.observations(event.integer("index"))) + event.number("lost_samples")
        == (event.number("seconds") * rate).rounded(), "episode \(event.integer("index"))")
  }
}
