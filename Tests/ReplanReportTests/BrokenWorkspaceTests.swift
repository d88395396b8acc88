import Foundation
import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanReport

/// What is missing or damaged is told in the page, and what is whole is shown.
struct BrokenWorkspaceTests {
  let workspace: ReportWorkspace

  init() throws { workspace = try ReportWorkspace() }

  private func expectRefused(_ expected: String, _ body: () throws -> Report) {
    let error = #expect(throws: ReportError.self) { try body() }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func withoutEpisodesThereIsAPage() throws {
    let page = try PageContent(workspace.report())
    #expect(page.episodes.isEmpty && page.notes.isEmpty)
  }

  @Test func anEmptyFolderGivesAPage() throws {
    for name in ["episodes", "models", "robot.yaml"] {
      try FileManager.default.removeItem(atPath: workspace.file(name))
    }
    let page = try PageContent(workspace.report())
    #expect(page.notes.contains { $0.contains("no robot.yaml") })
  }

  @Test func whatIsNoWorkspaceIsRefused() throws {
    let options = Report.Options(build: "test")
    expectRefused("No such file") { try Report(workspace: "/no/such/folder", options: options) }
    let other = FileManager.default.temporaryDirectory.appending(path: "other-\(UUID())").path
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: other) }
    try Data("x".utf8).write(to: URL(filePath: other + "/letter.txt"))
    expectRefused("letter.txt") { try Report(workspace: other, options: options) }
  }

  @Test func aMissingEpisodeIsNamedWithThoseThatAreThere() throws {
    try workspace.add(DrawnEpisode(index: 4, robotText: workspace.robotText).episode)
    expectRefused("holds 1, numbered 4 to 4") { try workspace.report(episode: 9) }
  }

  @Test func withoutDygraphsTheCommandToInstallItIsNamed() throws {
    var options = Report.Options(build: "test")
    options.dygraphs = "/no/such/folder"
    expectRefused("apt install libjs-dygraphs") {
      try Report(workspace: workspace.path, options: options)
    }
  }

  @Test func anUnreadableEpisodeIsLeftOutAndTold() throws {
    try workspace.add(DrawnEpisode(index: 1, robotText: workspace.robotText).episode)
    try workspace.write("no mcap", "episodes/0002.mcap")
    let page = try PageContent(workspace.report())
    #expect(page.episodes.count == 1)
    #expect(page.notes.contains { $0.contains("0002.mcap") })
    expectRefused("0002.mcap") { try workspace.report(episode: 2) }
  }

  @Test func aCutOffEpisodeIsShownUpToItsCut() throws {
    let drawn = DrawnEpisode(robotText: workspace.robotText).episode
    try workspace.add(drawn, isClosed: false)
    let page = try PageContent(workspace.report())
    #expect(try page.column(1, "observation", "cart_position").count == drawn.observations.count)
    let episode = page.episodes[0]
    #expect(episode["end"] as? String == "cut off" && episode["return"] == nil)
    #expect((episode["notes"] as? [String])?.first?.contains("cut off") == true)
  }

  @Test func anUnusableRobotFileIsTold() throws {
    try workspace.write("name: [", "robot.yaml")
    try workspace.add(DrawnEpisode(robotText: workspace.robotText).episode)
    let page = try PageContent(workspace.report())
    #expect(page.notes.contains { $0.contains("robot.yaml cannot be used") })
    // The episode has its own.
    #expect(page.episodes[0]["robot"] as? Int == 0)
  }

  @Test func anEpisodeWithoutAUsableRobotFileIsShown() throws {
    try workspace.add(DrawnEpisode(robotText: "name: [").episode)
    let page = try PageContent(workspace.report())
    #expect(page.episodes[0]["robot"] == nil)
    #expect(try page.column(1, "action", "force").count == 200)
  }

  @Test func withoutAModelTheReasonIsTold() throws {
    try workspace.add(DrawnEpisode(index: 1, robotText: workspace.robotText).episode)
    try workspace.add(
      DrawnEpisode(index: 2, model: "0123456789abcdef", robotText: workspace.robotText).episode)
    try workspace.write("no tensors", "models/0007.safetensors")
    let page = try PageContent(workspace.report())
    let reasons = page.episodes.compactMap { $0["predictionNote"] as? String }
    try #require(reasons.count == 2)
    #expect(reasons[0].contains("without a model"))
    #expect(reasons[1].contains("0123456789ab") && reasons[1].contains("neither"))
    #expect(page.notes.contains { $0.contains("0007.safetensors") })
  }

  @Test func anotherRobotsEpisodeIsNoPartOfTheDataset() throws {
    var other = DrawnEpisode(robotText: workspace.robotText).episode
    other.header.observationChannels = ["a", "b", "c", "d"]
    try workspace.add(other)
    let page = try PageContent(workspace.report())
    #expect((page.episodes[0]["notes"] as? [String])?.contains { $0.contains("channels") } == true)
    let samples = try #require(page.values["samples"] as? [String: Any])
    #expect(samples["rows"] as? Int == 0)
    #expect(try page.column(1, "observation", "a").count == 200)
  }

  @Test func aTornJournalIsNoObstacle() throws {
    try workspace.write(
      #"{"event":"start","command":"learn"}"# + "\nnonsense\n" + #"{"event":"ep"#, "journal.jsonl")
    let page = try PageContent(workspace.report())
    #expect(page.notes.contains { $0.hasPrefix("1 line of the journal") })
  }
}
