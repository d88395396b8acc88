import Foundation
import ReplanCore
import Testing

@testable import ReplanReport

/// A page of many long episodes keeps its size and draws; `make report-size` runs it in full.
struct ReportSizeTests {
  @Test func aPageOfManyLongEpisodesStaysSmall() throws {
    let environment = ProcessInfo.processInfo.environment
    let episodes = environment["REPLAN_REPORT_EPISODES"].flatMap(Int.init) ?? 6
    let seconds = environment["REPLAN_REPORT_SECONDS"].flatMap(Int.init) ?? 10
    let size = environment["REPLAN_REPORT_EPISODES"] == nil ? 3_000_000 : 40_000_000
    let workspace = try ReportWorkspace(rate: 1000)
    for index in 1...episodes {
      try workspace.add(
        DrawnEpisode(
          index: index, ticks: 1000 * seconds, rate: 1000, robotText: workspace.robotText,
          verdicts: [1000..<1500: .stale, 4000..<4010: .restrained], spike: 997 * index
        ).episode)
    }
    let start = ContinuousClock.now
    let report = try workspace.report(size: size)
    let took = ContinuousClock.now - start
    #expect(report.episodes == episodes && report.thinned == episodes)
    #expect(report.page.count <= size && report.page.count > size / 2)
    let page = workspace.file("report.html")
    try report.write(to: page)
    print("written in \(took):", try Referee.run("referee_size.py", [page]))
  }
}
