import ArgumentParser
import ReplanLearn
import ReplanRealtime
import ReplanRecord
import ReplanRobot

struct Refit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a model to the episodes of a workspace.",
    discussion: """
      Example: replan refit robots/cart-pole.yaml --workspace workspaces/cart_pole

      The model says in its file which transitions of which episodes it was fitted to, and their hash.
      """)

  @OptionGroup var robot: RobotArgument
  @OptionGroup(title: "Workspace") var workspace: WorkspaceFolderOption
  @OptionGroup var output: OutputOptions

  @Argument(
    help: "Episode files; without any, all of the workspace.",
    completion: .file(extensions: ["mcap"]))
  var files: [String] = []

  @Option(help: PosteriorOption.help)
  var posterior: ModelDescription.Posterior?

  @Option(help: "Draws initial weights and batches; the same seed, the same model.")
  var seed: UInt64 = 1

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      try StopSignal.install()
      let robot = try robot.load()
      let workspace = try workspace.open(for: robot, console)
      let past =
        files.isEmpty
        ? try PastEpisodes(of: workspace, robot: robot, seed: seed)
        : try PastEpisodes(paths: files, robot: robot, seed: seed)
      for error in past.unreadable { console.line("left out: \(error)") }
      if !files.isEmpty, let first = past.unreadable.first { throw first }
      var fitter = ModelFitter(robot: robot, seed: seed)
      fitter.posterior = posterior.map { Posterior($0) }
      let fit = ModelFit(
        fitter: fitter, workspace: workspace, build: Build.name, progress: console.show)
      guard let fitted = try fit.run(past.dataset, round: 0)
      else {
        console.line("interrupted; nothing was stored")
        return .notAchieved
      }
      try workspace.journal.append(LearnEvent.fit(fitted.event), isSynchronized: true)
      console.show(.fit(fitted.event))
      console.line("stored \(fitted.path)")
      if try workspace.ledger()?.running != nil {
        console.line("it is a candidate: `replan promote \(workspace.path)` puts it in use")
      }
      return nil
    }
  }
}
