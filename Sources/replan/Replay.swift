import ArgumentParser
import ReplanLoop
import ReplanRecord
import ReplanRobot

struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compute a recorded episode again and compare it bit for bit, or plan it otherwise.",
    discussion: """
      The controller is made again from what the episode carries and given the recorded \
      observations. Every state estimate, plan cost, verdict and action must come out as it was \
      recorded: exit code 0, otherwise 1 with the first difference. The model is looked for in the \
      workspace that the episode lies in. Of several episodes each is told, and one that differs or \
      cannot be replayed does not hinder the others; imported ones, which have no ticks, are passed \
      over.

      With --what-if the robot file inside is changed, each tick is planned again where it was, and \
      the plans are shown side by side. Keys are those of the robot file; planner.horizon as a \
      whole number counts ticks.

      Example: replan replay workspaces/cart_pole/episodes/0002.mcap
      Example: replan replay workspaces/cart_pole
      Example: replan replay workspaces/cart_pole/episodes/0002.mcap --what-if planner.horizon=40
      """)

  @OptionGroup var files: EpisodeFiles

  @Option(
    help: ArgumentHelp(
      "The model file that the episodes were run with. (default: found in the workspace)",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  @Option(help: ArgumentHelp("First tick to compare or to show.", valueName: "tick"))
  var from = 0

  @Option(help: ArgumentHelp("Tick to end before. (default: the end)", valueName: "tick"))
  var until: Int?

  @Option(
    help: ArgumentHelp(
      "Plan with another value of the robot file; may be given several times.",
      valueName: "key=value"))
  var whatIf: [String] = []

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard from >= 0 else { throw ValidationError("--from is \(from); 0 or more is allowed.") }
    if let until, until <= from {
      throw ValidationError("--until is \(until); more than --from, \(from), is allowed.")
    }
    for text in whatIf where RobotFileChange(text) == nil {
      throw ValidationError(
        "--what-if is \"\(text)\"; KEY=VALUE or SECTION.KEY=VALUE is allowed, such as "
          + "planner.iterations=20.")
    }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let paths = try files.paths()
      var (exact, different) = (0, 0)
      let failure = try forEach(paths, console) { path in
        let recorded = try read(path)
        if paths.count > 1, recorded.header.kind == EpisodeHeader.imported {
          console.line("\(path): imported, passed over")
          return
        }
        if try replay(recorded, path, console) { exact += 1 } else { different += 1 }
      }
      if paths.count > 1, whatIf.isEmpty {
        ReplayTotal(episodes: paths.count, exact: exact, different: different).show(console)
      }
      return different > 0 ? .notAchieved : failure
    }
  }

  /// An altered observation is a difference like any other, though the controller need not be asked.
  private func read(_ path: String) throws -> Episode {
    do throws(RecordError) {
      return try EpisodeReader.read(path)
    } catch {
      guard case .altered = error else { throw error }
      throw Failure(.notAchieved, error.description)
    }
  }

  /// - Returns: whether all of it comes out as it was recorded; true for a what-if, which does not ask.
  private func replay(_ recorded: Episode, _ path: String, _ console: Console) throws -> Bool {
    let replay = try ReplanLoop.Replay(
      recorded, path: path, modelPath: model, changed: try changed(recorded, path))
    guard from < replay.tickCount else {
      throw Failure(.usage, "--from is \(from), but \(path) has \(replay.tickCount) ticks")
    }
    let table = ReplayTable(console, channels: recorded.header.actionChannels)
    table.show(ReplayEvent.Start(replay, file: path, changes: whatIf))
    guard whatIf.isEmpty else {
      table.showHeading()
      let last = min(until ?? replay.tickCount, replay.tickCount)
      let summary = replay.whatIf(from: from, until: until) { row in
        table.show(row, of: last - from, from: from)
      }
      table.show(summary)
      return true
    }
    let report = replay.compare(from: from, until: until) { done in
      console.redraw("tick \(done) of \(replay.tickCount)")
    }
    table.show(report)
    return report.isExact
  }

  /// The robot with the changes; nil without any.
  private func changed(_ recorded: Episode, _ path: String) throws -> RobotDescription? {
    guard !whatIf.isEmpty else { return nil }
    var edit = RobotFileEdit(text: recorded.header.robotText, file: "\(path), its robot.yaml")
    for change in whatIf.compactMap(RobotFileChange.init) {
      try edit.apply(change, rate: recorded.header.rate)
    }
    return try edit.checked()
  }
}
