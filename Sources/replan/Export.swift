public import ArgumentParser
import Foundation
import ReplanLoop
public import ReplanRecord
import ReplanRobot

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write episodes as tables for other tools: CSV, or NumPy's npz.",
    discussion: """
      One row a sample, one column a channel under its own name; beside them time in seconds, the \
      objective's cost and the plant's own, the guard's verdict, the state estimate (state.CHANNEL) \
      and what the tick was like. The action of a row is in force from its sample to the next one, \
      so that with the row's observation it leads to the next row's. Values are written such that \
      they read back as the same bits. Episodes that cannot be read do not hinder the others.

      Example: replan export workspaces/cart_pole/episodes/0002.mcap --to csv
      Example: replan export workspaces/cart_pole --to npz --out tables
      """)

  @OptionGroup var files: EpisodeFiles

  @Option(help: "csv or npz.")
  var to: EpisodeTable.Format

  @Option(
    help: ArgumentHelp(
      "File, or folder where there are several. (default: beside the episode, NAME.csv or NAME.npz)",
      valueName: "path"))
  var out: String?

  @Flag(help: "Replace files that are there.")
  var force = false

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let paths = try files.paths()
      let places = try destinations(of: paths)
      return try forEach(paths.indices, console) { place in
        console.redraw("exporting \(place + 1) of \(paths.count)")
        try export(paths[place], to: places[place], console)
      }
    }
  }

  private func export(_ path: String, to file: String, _ console: Console) throws {
    let table = Self.table(try EpisodeReader.read(path), path: path, console)
    try table.write(as: to, to: file, replacing: force)
    console.object(ExportEvent(episode: path, file: file, table))
    guard !console.isJSON else { return }
    console.result("\(file): \(table.count) rows, \(table.columns.count) columns")
  }

  /// Where each episode's table goes; all are known to be free before the first is written.
  private func destinations(of paths: [String]) throws -> [String] {
    func name(_ path: String) -> String {
      URL(filePath: path).deletingPathExtension().lastPathComponent + "." + to.rawValue
    }
    var isFolder: ObjCBool = false
    let exists = out.map { FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) }
    let places: [String]
    if let out, paths.count > 1 || isFolder.boolValue || out.hasSuffix("/") {
      if exists == true && !isFolder.boolValue {
        throw Failure(.usage, "--out is \(out), a file, but there are \(paths.count) episodes")
      }
      do {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      } catch {
        throw Failure(.file, "--out is \(out), and no folder can be made there")
      }
      places = paths.map { URL(filePath: out).appending(path: name($0)).relativePath }
    } else if let out {
      places = [out]
    } else {
      places = paths.map {
        let folder = URL(filePath: $0).deletingLastPathComponent()
        return folder.appending(path: name($0)).relativePath
      }
    }
    if let twice = places.indices.first(where: { places[..<$0].contains(places[$0]) }) {
      throw Failure(
        .usage, "two episodes would be written to \(places[twice]); export them one by one")
    }
    if !force, let taken = places.first(where: { FileManager.default.fileExists(atPath: $0) }) {
      throw Failure(.file, "\(taken): is there already; choose another --out, or --force")
    }
    return places
  }

  private static func table(
    _ episode: Episode, path: String, _ console: Console
  ) -> EpisodeTable {
    if !episode.isComplete {
      console.line("\(path): was cut off; exported as far as it is whole")
    }
    let text = episode.header.robotText
    guard let robot = try? RobotDescription.parse(text: text, file: path) else {
      console.line("\(path): its robot file is not of this version; cost is left empty")
      return EpisodeTable(episode)
    }
    return EpisodeTable(
      episode, safeAction: robot.action.map { Float($0.safe) }, costs: episode.costs(of: robot))
  }
}

extension EpisodeTable.Format: ExpressibleByArgument {}

struct ExportEvent: Encodable {
  let event = "export"
  var episode: String
  var file: String
  var rows: Int
  var columns: [String]

  init(episode: String, file: String, _ table: EpisodeTable) {
    self.episode = episode
    self.file = file
    rows = table.count
    columns = table.columns.map(\.name)
  }
}
