import Foundation
import ReplanCore
import ReplanRecord
import Testing

@testable import ReplanReport

struct ReportTests {
  @Test func everySampleIsInThePage() throws {
    let workspace = try ReportWorkspace()
    let drawn = DrawnEpisode(robotText: workspace.robotText, spike: 77).episode
    try workspace.add(drawn)
    let page = try PageContent(workspace.report())
    #expect(
      try page.column(1, "observation", "cart_position")
        == drawn.observations.map { Double($0.values[0]) })
    #expect(try page.column(1, "action", "force") == drawn.actions.map { Double($0.values[0]) })
    #expect(
      try page.column(1, "tick", "plan_cost") == drawn.ticks.map { Double($0.planCost) })
    let times = try page.column(1, "tick", "time")
    #expect(zip(times, drawn.ticks).allSatisfy { abs($0 - Double($1.tick) / 50) < 1e-9 })
    let episode = page.episodes[0]
    #expect(episode["seconds"] as? Double == 4 && episode["return"] as? Double == -100)
    #expect(episode["overruns"] as? Int == 1 && episode["end"] as? String == "time up")
    let refits = try #require(episode["refits"] as? [Double])
    #expect(refits.count == 1 && abs(refits[0] - 2.02) < 1e-9)
    #expect(page.notes.isEmpty)
  }

  @Test func interactionAddsUpOverTheEpisodes() throws {
    let workspace = try ReportWorkspace()
    for index in 1...3 {
      try workspace.add(
        DrawnEpisode(
          index: index, ticks: 50 * index, isSuccess: index == 3, robotText: workspace.robotText
        ).episode)
    }
    try workspace.add(
      DrawnEpisode(
        index: 4, kind: EpisodeHeader.imported, robotText: workspace.robotText
      ).episode)
    let page = try PageContent(workspace.report())
    #expect(page.episodes.map { $0["experience"] as? Double } == [1, 3, 6, 6])
    #expect(page.episodes.map { $0["success"] as? Bool } == [false, false, true, false])
  }

  @Test func aPageLoadsNothing() throws {
    let workspace = try ReportWorkspace()
    try workspace.add(DrawnEpisode(robotText: workspace.robotText).episode)
    let page = try PageContent(workspace.report()).text
    for reference in [
      "<script src", "<link rel=\"stylesheet", "<img", "<iframe", "@import", "sourceMappingURL",
    ] {
      let isThere = page.contains(reference)
      #expect(!isThere, "\(reference)")
    }
    let isClosed = page.contains("default-src 'none'")
    #expect(isClosed)
    // The library's licence goes with it.
    let isLicensed = page.contains("Permission is hereby granted")
    #expect(isLicensed)
  }

  @Test func textsAreNoMarkup() throws {
    let workspace = try ReportWorkspace()
    let text = workspace.robotText.replacingOccurrences(
      of: "Cart-pole swing-up", with: "</script><script>alert(1)</script><!-- Cart")
    try workspace.write(text, "robot.yaml")
    try workspace.add(DrawnEpisode(robotText: text).episode)
    let page = try PageContent(workspace.report())
    let isMarkup = page.text.contains("<script>alert")
    #expect(!isMarkup)
    let robots = try #require(page.values["robots"] as? [[String: Any]])
    #expect((robots[0]["description"] as? String)?.hasPrefix("</script>") == true)
  }

  @Test func theGateIsThatOfRobotFileAndModel() throws {
    let workspace = try ReportWorkspace()
    let hash = try workspace.addModel()
    for index in 1...2 {
      try workspace.add(
        DrawnEpisode(index: index, model: hash, robotText: workspace.robotText).episode)
    }
    try workspace.journal(
      #"{"event":"start","command":"learn","seed":1,"lockstep":true,"plant":"p"}"#,
      #"{"event":"episode","file":"episodes/0001.mcap"}"#,
      #"{"event":"start","command":"run","seed":1,"lockstep":true,"plant":"p"}"#,
      #"{"event":"episode","file":"episodes/0002.mcap"}"#)
    let page = try PageContent(workspace.report())
    let usual = try #require(
      try ModelFile.read(workspace.file("models/0001.safetensors")).model.ensemble?.training
        .disagreement)
    for episode in page.episodes {
      let gate = try #require(episode["gate"] as? Double)
      #expect(abs(gate - 10 * Double(usual.value)) < 1e-5 * gate)
    }
    #expect(page.episodes.map { $0["isGated"] as? Bool } == [false, true])
  }

  @Test func aLongEpisodeIsThinnedAndKeepsItsExtremes() throws {
    let workspace = try ReportWorkspace()
    let drawn = DrawnEpisode(ticks: 30_000, robotText: workspace.robotText, spike: 12_345).episode
    try workspace.add(drawn)
    let report = try workspace.report(size: 1_000_000)
    #expect(report.page.count < 1_100_000 && report.thinned == 1)
    #expect(report.notes.contains { $0.contains("replan report workspace --episode 1") })
    let positions = try PageContent(report).column(1, "observation", "cart_position")
    #expect(positions.count < 15_000 && positions.max() == 2)
    let whole = try workspace.report(episode: 1)
    #expect(whole.thinned == 0)
    #expect(try PageContent(whole).column(1, "observation", "cart_position").count == 30_000)
  }

  @Test func theSamplesOfTheDatasetAreEvenlyTaken() throws {
    let workspace = try ReportWorkspace()
    try workspace.add(DrawnEpisode(ticks: 25_000, robotText: workspace.robotText).episode)
    let samples = try #require(
      try PageContent(workspace.report()).values["samples"] as? [String: Any])
    #expect(samples["rows"] as? Int == 20_000 && samples["of"] as? Int == 24_999)
    #expect(samples["pair"] as? [Int] == [2, 3])
  }
}
