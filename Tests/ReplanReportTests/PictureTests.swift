import Foundation
import Testing

@testable import ReplanReport

struct PictureTests {
  @Test func anEpisodeBecomesAPicture() async throws {
    let workspace = try ReportWorkspace()
    try workspace.add(DrawnEpisode(robotText: workspace.robotText).episode)
    let page = workspace.file("page.html")
    try workspace.report(episode: 1).write(to: page)
    let picture = workspace.file("episode.png")
    try await Picture.take(of: page, episode: 1, width: 700, to: picture)
    let bytes = Array(try Data(contentsOf: URL(filePath: picture)))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    func number(at offset: Int) -> Int {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    // Twice the pixels of the page; eight plots below one another.
    #expect(number(at: 16) == 1400)
    #expect((2000...4000).contains(number(at: 20)), "\(number(at: 20))")
    // An empty page of that size would be a few kilobytes.
    #expect(bytes.count > 40_000)
  }

  @Test func withoutABrowserTheCommandToInstallItIsNamed() {
    let error = #expect(throws: ReportError.self) { try Picture.program(in: ["/no/such/folder"]) }
    #expect(error?.description.contains("apt install chromium") == true)
  }

  @Test func theHeightIsWhatThePageSays() {
    #expect(Picture.height(in: #"<html lang="en" data-height="1234">"#) == 1234)
    #expect(Picture.height(in: "<html>") == nil)
  }
}
