import Testing

@testable import ReplanReport

struct RunContentTests {
  @Test func runsAreReadFromTheJournal() throws {
    let (runs, unreadable) = RunContent.runs(of: [
      #"{"event":"start","command":"learn","seed":18446744073709551615,"lockstep":true,"plant":"p"}"#,
      #"{"event":"fit","file":"models/0001.safetensors"}"#,
      #"{"event":"episode","file":"episodes/0001.mcap","return":-1.5}"#,
      #"{"event":"episode","file":"episodes/0002.mcap"}"#,
      #"{"event":"end","reason":"success"}"#,
      #"{"event":"start","command":"run","seed":2,"lockstep":false,"plant":"p"}"#,
    ])
    #expect(unreadable == 0)
    try #require(runs.count == 2)
    #expect(runs[0].command == "learn" && runs[0].seed == "18446744073709551615")
    #expect(runs[0].isLockstep && runs[0].end == "success")
    #expect(runs[0].episodes == ["episodes/0001.mcap", "episodes/0002.mcap"])
    #expect(runs[1].command == "run" && runs[1].end == nil && runs[1].episodes.isEmpty)
  }

  @Test func linesThatAreNoEventsAreCounted() {
    let (runs, unreadable) = RunContent.runs(of: ["{", "[1]", #"{"event":"end","reason":"x"}"#])
    #expect(runs.isEmpty && unreadable == 2)
  }
}
