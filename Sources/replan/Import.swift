import ArgumentParser
import Foundation
import ReplanLearn
import ReplanRecord
import ReplanRobot

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take other programs' logs, CSV files, into a workspace as episodes.",
    discussion: """
      A column goes to the channel of its own name, or to the one that --map names; \
      column=channel*scale+offset converts units (deg as the scale for degrees). Rows whose \
      interval is the robot's tick become samples as they are; otherwise they are interpolated. \
      Nothing is carried across a gap, and all that was done is told: look at it first with \
      --dry-run. `replan refit` then fits a model to them.

      Example: replan import run1.csv run2.csv --robot robots/cart-pole.yaml \
      --map "angle=pole_angle" "Q=force*10"
      Example: replan import log.csv --robot robots/pendulum.yaml --time "Time [ms]" --dry-run
      """)

  @Argument(help: "CSV files; each becomes an episode.", completion: .file(extensions: ["csv"]))
  var files: [String]

  @Option(help: "The robot's description, a YAML file.", completion: .file(extensions: ["yaml"]))
  var robot: String

  @OptionGroup var series: SeriesOptions

  @Option(help: "Which plant it was: episodes of plants that differ are not mixed.")
  var plant = ""

  @Flag(help: "Only tell what would be done.")
  var dryRun = false

  @OptionGroup(title: "Workspace") var workspace: WorkspaceFolderOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name at least one CSV file, before the options.") }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let robot = try RobotDescription.load(path: robot)
      let conversions = try series.conversions(of: files, for: robot) { file in
        console.redraw("reading \(file)")
      }
      let opened = dryRun ? nil : try workspace.open(for: robot, console)
      for conversion in conversions {
        let item = try opened.map { try store(conversion, robot, in: $0) }
        let event = ImportEvent(conversion.report, episode: item)
        try opened?.journal.append(event, isSynchronized: true)
        console.object(event)
        for line in event.lines where !console.isJSON { console.result(line) }
      }
      return nil
    }
  }

  private func store(
    _ conversion: SeriesConversion, _ robot: RobotDescription, in workspace: Workspace
  ) throws(RecordError) -> Workspace.Item {
    let item = workspace.nextEpisode()
    let now = Date()
    var episode = conversion.episode(
      header: EpisodeHeader(
        robotName: robot.name, robotText: robot.source,
        observationChannels: robot.observation.map(\.name),
        actionChannels: robot.action.map(\.name), rate: robot.rate, tick: robot.period, seed: 0,
        modelHash: "", index: item.index, kind: EpisodeHeader.imported, build: Build.name,
        created: now.ISO8601Format(), startTime: UInt64(now.timeIntervalSince1970 * 1e9),
        plant: plant))
    episode.outcome = EpisodeOutcome(
      seconds: Double(conversion.report.samples) * robot.period, isSuccess: false,
      episodeReturn: .nan, ticks: 0, overruns: 0, fallbacks: 0,
      reason: EpisodeHeader.imported)
    try episode.save(to: item.path)
    return item
  }
}

/// What was imported, for `--json` and the journal.
struct ImportEvent: Encodable {
  let event = "import"
  var episode: Int?
  /// The episode file; left out in a dry run.
  var path: String?
  var report: SeriesReport

  enum CodingKeys: String, CodingKey {
    case event, episode, report
    case path = "file"
  }

  init(_ report: SeriesReport, episode item: Workspace.Item?) {
    self.report = report
    episode = item?.index
    path = item?.path
  }

  var lines: [String] {
    [report.path + (path.map { " -> \($0)" } ?? ": would be imported")]
      + report.lines.map { "  " + $0 }
  }
}
