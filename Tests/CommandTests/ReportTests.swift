import Foundation
import Testing

extension CommandTests {
  @Suite(.serialized)
  struct ReportTests {
    let folder: Folder

    init() throws { folder = try Folder() }

    @Test func aPageAndAPictureOfALearnedWorkspace() throws {
      #expect(
        try folder.replan("learn", Places.cartPole, "--lockstep", "--workspace", "w").code == 0)
      let report = try folder.replan("report", "w", "--json")
      #expect(report.code == 0, "\(report.errors)")
      let event = try #require(try report.events().named("report").first)
      #expect(event.string("file") == "w/report.html" && event.integer("thinned") == 0)
      #expect(event.integer("episodes") == (try folder.names(in: "w/episodes").count))
      let page = try folder.text("w/report.html")
      #expect(page.utf8.count == event.integer("bytes"))
      #expect(page.contains("\"prediction\":{"))
      // The workspace is continued as before.
      #expect(
        try folder.replan("collect", Places.cartPole, "--lockstep", "--workspace", "w").code == 0)

      let picture = try folder.replan(
        "report", "w", "--episode", "2", "--png", "two.png", "--json")
      #expect(picture.code == 0, "\(picture.errors)")
      #expect(try picture.events().map(\.name) == ["picture"])
      #expect(try folder.bytes("two.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(!folder.exists("w/report-2.html"))
      let excerpt = try folder.replan("report", "w", "--episode", "1", "--out", "one.html")
      #expect(excerpt.code == 0 && folder.exists("one.html"), "\(excerpt.errors)")
    }

    @Test func wrongInputIsExplained() throws {
      let cases: [([String], Int32, String)] = [
        (["nowhere"], 74, "No such file"),
        (["."], 65, "no workspace"),
        (["w", "--episode", "3"], 65, "holds none yet"),
        (["w", "--episode", "0"], 64, "numbered from 1"),
        (["w", "--png", "p.png"], 64, "--episode N"),
        (["w", "--max-size", "0"], 64, "megabytes"),
        (["w", "--out", "no/such/folder/p.html"], 74, "no/such/folder"),
        ([], 64, "workspace"),
      ]
      try folder.write("a letter", "letter.txt")
      try FileManager.default.createDirectory(
        atPath: folder.file("w"), withIntermediateDirectories: true)
      for (arguments, code, words) in cases {
        let run = try ReplanProcess(["report"] + arguments, in: folder).finish()
        #expect(run.code == code && run.errors.contains(words), "\(arguments): \(run.errors)")
      }
      let empty = try folder.replan("report", "w")
      #expect(empty.code == 0 && empty.errors.contains("no robot.yaml"), "\(empty.errors)")
    }
  }
}
