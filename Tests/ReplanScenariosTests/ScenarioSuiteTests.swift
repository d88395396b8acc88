import Foundation
import Testing

@testable import ReplanScenarios

/// Files and folders of a command line, and how results are shown.
@Suite struct ScenarioSuiteTests {
  @Test func foldersAreExpandedInOrder() throws {
    let folder = try TestFolder()
    for name in ["b.yaml", "a.yaml", "notes.txt"] { try folder.write("", name) }
    let files = try ScenarioSuite.files([folder.path + "/", folder.file("notes.txt")])
    #expect(files == ["a.yaml", "b.yaml", "notes.txt"].map { folder.file($0) })
  }

  @Test func whatIsNotThereIsTold() throws {
    let folder = try TestFolder()
    let missing = try #require(throws: ScenarioObstacle.self) {
      try ScenarioSuite.files([folder.file("no.yaml")])
    }
    #expect(missing.kind == .badFile && missing.description.contains("no.yaml"))
    #expect(throws: ScenarioObstacle.self) { try ScenarioSuite.files([folder.path]) }
  }

  @Test func namesTellScenariosApart() throws {
    let file = Examples.root + "/hil/scenarios/cart-pole-swing-up.yaml"
    var names: [String: String] = [:]
    _ = try ScenarioSuite.load(file, names: &names).get()
    let second = try #require(throws: ScenarioObstacle.self) {
      try ScenarioSuite.load(file, names: &names).get()
    }
    #expect(second.description.contains("change one"))
  }

  @Test func rowsSayWhatWasNotMet() {
    var result = ScenarioResult(name: "some", file: "f", outcome: .failed)
    result.seconds = 1.26
    result.judgements = [
      Judgement(what: "kept", ok: true, measured: "yes"),
      Judgement(what: "reached", ok: false, measured: "never"),
    ]
    result.kept = "kept/some"
    let table = ScenarioTable(names: ["some", "a_longer_name"])
    #expect(
      table.lines(result) == """
        some           failed   1.3 s
          expected: reached; measured: never
          episode: kept/some
        """)
    let skipped = ScenarioResult(name: "a_longer_name", file: "f", outcome: .skipped("why"))
    #expect(table.lines(skipped) == "a_longer_name  skipped  0.0 s    why")
    #expect(table.foot([result, skipped]) == "0 passed, 1 failed, 1 skipped, 0 could not be run")
  }

  @Test func eventsHoldTheResult() throws {
    var result = ScenarioResult(name: "some", file: "f", outcome: .failed)
    result.judgements = [Judgement(what: "reached", ok: false, measured: "never")]
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    func text(_ event: ScenarioEvent) throws -> String {
      String(decoding: try encoder.encode(event), as: UTF8.self)
    }
    #expect(
      try text(.scenario(result))
        == #"{"episode":null,"event":"scenario","expectations":[{"measured":"never","ok":false,"#
        + #""what":"reached"}],"file":"f","name":"some","result":"failed","seconds":0}"#)
    #expect(
      try text(.end([result]))
        == #"{"errors":0,"event":"hil","failed":1,"passed":0,"skipped":0}"#)
  }
}
