import ArgumentParser
import Foundation
import ReplanReport
import Subprocess

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a page about a workspace: learning, episodes, predictions, timing.",
    discussion: """
      The page is one file that any browser opens without a network; a workspace that is in use may be \
      reported on. Of long episodes it holds fewer points, the extremes among them; --episode tells of \
      one episode with every sample. --png draws that episode's plots as a picture instead (needs \
      Chromium).

      Example: replan report workspaces/cart_pole
      Example: replan report workspaces/cart_pole --episode 3 --png episode-3.png
      """)

  @Argument(help: "The workspace's folder.", completion: .directory)
  var workspace: String

  @Option(help: ArgumentHelp("Only this episode, with every sample.", valueName: "number"))
  var episode: Int?

  @Option(
    help: ArgumentHelp(
      "The page's file. (default: report.html in the workspace, report-N.html for one episode)",
      valueName: "file"),
    completion: .file(extensions: ["html"]))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Draw the plots of --episode into this file; no page is written then, unless by --out.",
      valueName: "file"),
    completion: .file(extensions: ["png"]))
  var png: String?

  @Option(help: ArgumentHelp("Width of the picture in pixels of a page.", valueName: "pixels"))
  var width = 1000

  @Option(help: ArgumentHelp("Size that the page may have, in megabytes.", valueName: "MB"))
  var maxSize = 40

  @Flag(help: "Open the page in the browser of the desktop.")
  var open = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let episode, episode < 1 {
      throw ValidationError("--episode is \(episode); episodes are numbered from 1.")
    }
    if png != nil && episode == nil {
      throw ValidationError("--png needs --episode N, the episode to draw.")
    }
    if png != nil && open && out == nil {
      throw ValidationError(
        "--open opens the page, which --png does not write; give --out FILE too.")
    }
    if !(320...4000).contains(width) {
      throw ValidationError("--width is \(width); 320 to 4000 pixels are allowed.")
    }
    if !(1...1000).contains(maxSize) {
      throw ValidationError("--max-size is \(maxSize); 1 to 1000 megabytes are allowed.")
    }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      var options = ReplanReport.Report.Options(build: Build.name)
      options.episode = episode
      options.size = maxSize * 1_000_000
      let report = try ReplanReport.Report(workspace: workspace, options: options) { done, of in
        if done < of { console.redraw("reading episode \(done + 1) of \(of)") }
      }
      for note in report.notes { console.line("note: \(note)") }
      if png == nil || out != nil { try await write(report, console) }
      if let png, let episode { try await draw(report, episode, png, console) }
      return nil
    }
  }

  private func write(_ report: ReplanReport.Report, _ console: Console) async throws {
    let file = out ?? workspace + "/report" + (episode.map { "-\($0)" } ?? "") + ".html"
    try report.write(to: file)
    console.object(PageEvent(report, file: file))
    let episodes = report.episodes == 1 ? "1 episode" : "\(report.episodes) episodes"
    console.line(
      "wrote \(file): \(episodes), \(report.page.count / 1000) kB; open it in a browser")
    guard open else { return }
    let opened = try? await Subprocess.run(
      .name("xdg-open"), arguments: [file], output: .discarded, error: .discarded)
    if opened?.terminationStatus.isSuccess != true {
      console.line("no desktop opens it here; open it yourself")
    }
  }

  private func draw(
    _ report: ReplanReport.Report, _ episode: Int, _ png: String, _ console: Console
  ) async throws {
    struct PictureEvent: Encodable {
      let event = "picture"
      var file: String
      var episode: Int
    }
    let page = FileManager.default.temporaryDirectory.appending(path: "replan-\(UUID()).html").path
    defer { try? FileManager.default.removeItem(atPath: page) }
    try report.write(to: page)
    console.redraw("drawing episode \(episode)")
    try await Picture.take(of: page, episode: episode, width: width, to: png)
    console.object(PictureEvent(file: png, episode: episode))
    console.line("wrote \(png)")
  }
}

/// A page that was written, for `--json`.
private struct PageEvent: Encodable {
  let event = "report"
  var file: String
  var bytes: Int
  var episodes: Int
  /// Episodes of which not every sample is in the page.
  var thinned: Int
  var notes: [String]

  init(_ report: ReplanReport.Report, file: String) {
    self.file = file
    bytes = report.page.count
    episodes = report.episodes
    thinned = report.thinned
    notes = report.notes
  }
}
