import Foundation
import Testing

@testable import ReplanScenarios

/// Another reader of XML finds in the report what was put in.
@Suite struct JUnitReportTests {
  private struct Found: Decodable {
    struct Element: Decodable {
      var message: String?
      var type: String?
      var text: String
    }
    var name: String
    var failures: [Element]
    var errors: [Element]
    var skipped: [Element]
    var output: String?
  }

  private func read(_ results: [ScenarioResult]) throws -> [Found] {
    let folder = try TestFolder()
    let report = JUnitReport(results, timestamp: "2026-01-02T03:04:05")
    try folder.write(report.text, "report.xml")
    let process = Process()
    process.executableURL = URL(
      filePath: ProcessInfo.processInfo.environment["REPLAN_PYTHON"]
        ?? Examples.root + "/.venv/bin/python3")
    process.arguments = [
      Examples.root + "/Tests/ReplanScenariosTests/referee_junit.py", folder.file("report.xml"),
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the referee refused; see its message above")
    return try JSONDecoder().decode([Found].self, from: data)
  }

  private let hostile = "a < b & \"c\" > 'd' ]]> \u{1}\u{7F} ü 😀 end"

  @Test func everyOutcomeIsFound() throws {
    var failed = ScenarioResult(name: "failed", file: "f.yaml", outcome: .failed)
    failed.judgements = [
      Judgement(what: "kept", ok: true, measured: "yes"),
      Judgement(what: "first", ok: false, measured: "1"),
      Judgement(what: "second", ok: false, measured: "2"),
    ]
    failed.kept = "kept/failed"
    let found = try read([
      ScenarioResult(name: "passed", file: "p.yaml", outcome: .passed),
      // One failure in it, as a case counts once.
      failed,
      ScenarioResult(name: "skipped", file: "s.yaml", outcome: .skipped("a reason")),
      ScenarioResult(
        name: "error", file: "e.yaml",
        outcome: .error(ScenarioObstacle(.badFile, "line one\nline two"))),
    ])
    #expect(found.map(\.name) == ["passed", "failed", "skipped", "error"])
    #expect(found[1].failures.map(\.message) == ["expected: first", "expected: second"])
    #expect(found[1].failures[1].text.contains("measured: 2"))
    #expect(found[1].output?.contains("kept/failed") == true)
    #expect(found[2].skipped.map(\.message) == ["a reason"])
    #expect(found[3].errors.map(\.message) == ["line one"])
    #expect(found[3].errors.first?.text == "line one\nline two")
  }

  @Test func textIsEscaped() throws {
    var failed = ScenarioResult(name: hostile, file: "f", outcome: .failed)
    failed.judgements = [Judgement(what: hostile, ok: false, measured: hostile + "\nnext\tline")]
    let found = try read([failed])
    // What XML cannot hold is replaced, everything else comes back as it was.
    let readable = hostile.replacing("\u{1}", with: "\u{FFFD}")
    #expect(found.first?.name == readable)
    #expect(found.first?.failures.first?.message == "expected: " + readable)
    #expect(found.first?.failures.first?.text.hasSuffix("\nnext\tline") == true)
  }

  @Test func nothingIsAReportToo() throws {
    #expect(try read([]).isEmpty)
  }
}
