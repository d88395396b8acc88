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
      workspace that the episode lies in.

      With --what-if the robot file inside is changed, each tick is planned again where it was, and \
      the plans are shown side by side. Keys are those of the robot file; planner.horizon as a \
      whole number counts ticks.

      Example: replan replay workspaces/cart_pole/episodes/0002.mcap
      Example: replan replay workspaces/cart_pole/episodes/0002.mcap --what-if planner.horizon=40
      """)

  @Argument(help: "An episode file.", completion: .file(extensions: ["mcap"]))
  var episode: String

  @Option(
    help: ArgumentHelp(
      "The model file that the episode was run with. (default: found in the workspace)",
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
      let recorded = try EpisodeReader.read(episode)
      let replay = try ReplanLoop.Replay(
        recorded, path: episode, modelPath: model, changed: try changed(recorded))
      guard from < replay.tickCount else {
        throw Failure(.usage, "--from is \(from), but \(episode) has \(replay.tickCount) ticks")
      }
      let table = ReplayTable(console, channels: recorded.header.actionChannels)
      table.show(ReplayEvent.Start(replay, file: episode, changes: whatIf))
      guard whatIf.isEmpty else {
        table.showHeading()
        let last = min(until ?? replay.tickCount, replay.tickCount)
        let summary = replay.whatIf(from: from, until: until) { row in
          table.show(row, of: last - from, from: from)
        }
        table.show(summary)
        return nil
      }
      let report = replay.compare(from: from, until: until) { done in
        console.redraw("tick \(done) of \(replay.tickCount)")
      }
      table.show(report)
      return report.isExact ? nil : .notAchieved
    }
  }

  /// The robot with the changes; nil without any.
  private func changed(_ recorded: Episode) throws -> RobotDescription? {
    guard !whatIf.isEmpty else { return nil }
    var edit = RobotFileEdit(
      text: recorded.header.robotText, file: "\(episode), its robot.yaml")
    for change in whatIf.compactMap(RobotFileChange.init) {
      try edit.apply(change, rate: recorded.header.rate)
    }
    return try edit.checked()
  }
}
