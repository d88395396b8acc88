import Foundation
import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanReport

/// The page in a real Chromium, at desktop and phone width, light and dark; `referee_page.py` looks.
@Suite(.serialized)
struct BrowserTests {
  @Test func plotsDrawWhatTheEpisodesHold() throws {
    let workspace = try ReportWorkspace()
    let hash = try workspace.addModel()
    try workspace.add(
      DrawnEpisode(index: 1, ticks: 60, kind: "base", robotText: workspace.robotText).episode)
    try workspace.add(
      DrawnEpisode(
        index: 2, model: hash, isSuccess: true, robotText: workspace.robotText,
        verdicts: [20..<23: .bridged, 60..<80: .outsideEnvelope, 150..<151: .restrained],
        spike: 120, missing: 100..<104, unseen: 20..<23
      ).episode)
    try workspace.journal(
      #"{"event":"start","command":"run","seed":1,"lockstep":true,"plant":"drawn"}"#,
      #"{"event":"episode","file":"episodes/0002.mcap"}"#)
    let found = try look(at: workspace, episode: 2)
    #expect(found["verdicts"] as? [String] == ["bridged", "outsideEnvelope", "restrained"])
    // One for each channel.
    #expect(found["fans"] as? Int == 4)
  }

  /// A referee that never refuses would say nothing.
  @Test func aPlotThatDrawsAnotherValueIsFound() throws {
    let workspace = try ReportWorkspace()
    var drawn = DrawnEpisode(ticks: 100, robotText: workspace.robotText, spike: 50)
    try workspace.add(drawn.episode)
    let page = workspace.file("report.html")
    try workspace.report().write(to: page)
    drawn.spike = 51
    try FileManager.default.removeItem(atPath: workspace.file("episodes/0001.mcap"))
    try workspace.add(drawn.episode)
    #expect(throws: Refusal.self) {
      try Referee.run("referee_page.py", [workspace.path, page, "1"])
    }
  }

  @Test func pagesOfBrokenWorkspacesAreDrawn() throws {
    let empty = try ReportWorkspace(name: "empty")
    let cut = try ReportWorkspace(name: "cut")
    try cut.add(DrawnEpisode(robotText: cut.robotText).episode, isClosed: false)
    let other = try ReportWorkspace(name: "other")
    try other.write("name: [", "robot.yaml")
    try other.write("no tensors", "models/0001.safetensors")
    try other.write("no mcap", "episodes/0007.mcap")
    try other.add(DrawnEpisode(robotText: "name: [").episode)
    let silent = try ReportWorkspace(name: "silent")
    var nothing = DrawnEpisode(ticks: 1, robotText: silent.robotText).episode
    (nothing.observations, nothing.actions, nothing.ticks, nothing.states) = ([], [], [], [])
    try silent.add(nothing)
    let pages = try [empty, cut, other, silent].map { workspace in
      try workspace.report().write(to: workspace.file("report.html"))
      return workspace.file("report.html")
    }
    let output = try Referee.run("referee_console.py", pages)
    let told = try #require(
      JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String])
    try #require(told.count == 4)
    #expect(told[0].contains("holds no episodes yet"))
    #expect(told[1].contains("cut off") && told[1].contains("without a model"))
    #expect(told[2].contains("robot.yaml cannot be used") && told[2].contains("0007.mcap"))
    #expect(told[3].contains("No samples were recorded"))
  }

  /// The full size is `make report-size`'s.
  @Test func aLongEpisodeIsDrawnWithItsExtremes() throws {
    let workspace = try ReportWorkspace(rate: 1000)
    try workspace.add(
      DrawnEpisode(
        ticks: 20_000, rate: 1000, robotText: workspace.robotText,
        verdicts: [5000..<5200: .stale], spike: 7777
      ).episode)
    _ = try look(at: workspace, episode: 1, size: 1_000_000)
  }

  private func look(
    at workspace: ReportWorkspace, episode: Int, size: Int = 40_000_000
  ) throws -> [String: Any] {
    let page = workspace.file("report.html")
    try workspace.report(size: size).write(to: page)
    let output = try Referee.run("referee_page.py", [workspace.path, page, "\(episode)"])
    return try #require(
      JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
}

/// A script ended with an error; its words are above.
struct Refusal: Error {
  let script: String
}

/// Runs the Python scripts beside the tests.
enum Referee {
  /// - Returns: what it wrote on standard output, if it ended without an error.
  static func run(_ script: String, _ arguments: [String]) throws -> String {
    let python =
      ProcessInfo.processInfo.environment["REPLAN_PYTHON"]
      ?? ReportWorkspace.root + "/.venv/bin/python3"
    try #require(
      FileManager.default.isExecutableFile(atPath: python),
      "no Python at \(python): run `make venv`")
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments =
      [ReportWorkspace.root + "/Tests/ReplanReportTests/" + script] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refusal(script: script) }
    return text
  }
}
