import ArgumentParser
import ReplanLearn
import ReplanLoop
import ReplanRecord
import ReplanRobot

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run episodes with a model that was learned before.",
    discussion: """
      Without --model the workspace's model in use is taken: the one that was promoted last. Succeeds if every episode does.

      Example: replan run robots/cart-pole.yaml --episodes 10 --reset random --duration 10
      """)

  @OptionGroup var robot: RobotArgument
  @OptionGroup(title: "Episodes") var episodes: EpisodeArguments
  @OptionGroup(title: "Plant and loop") var plant: PlantOptions
  @OptionGroup(title: "Workspace") var workspace: WorkspaceOptions
  @OptionGroup(title: "Live page") var live: WatchOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: "Model file. (default: the workspace's model in use)",
    completion: .file(extensions: ["safetensors"]))
  var model: String?

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let robot = try robot.load()
      let workspace = try workspace.open(for: robot, console)
      let running = try model == nil ? workspace.runningModel() : nil
      if let running, let newest = try workspace.models().last, newest.index > running.index {
        console.line(
          "model \(running.index) is in use; model \(newest.index) is newer: "
            + "`replan promote \(workspace.path)` judges it")
      }
      guard let path = model ?? running?.path else {
        throw Failure(
          .data,
          "\(workspace.path) holds no model; run `replan learn` or `replan refit` first, "
            + "or give --model FILE")
      }
      let stored = try StoredModel.load(path, for: robot)
      let block = ModelBlock(stored)
      if robot.guarding.gate != nil, !block.hasMembers {
        console.line(
          "guard.gate is not applied: a model of kind \(stored.model.kind.rawValue) has no members "
            + "that could disagree")
      }
      let options = try plant.series(for: robot)
      let (episodes, plant) = (episodes, plant)
      let success = try await live.beside(workspace, console) {
        try await PlantConnection.use(robot, plant) { session in
          let series = try EpisodeSeries(
            robot: robot, session: session, workspace: workspace, options: options,
            model: block.configuration, memory: block.memoryTicks, latency: block.latency,
            emit: console.show,
            progress: console.show)
          series.host.adopt(block)
          return try series.runModel(
            episodes: episodes.episodes, reset: episodes.reset, seconds: episodes.duration)
        }
      }
      return success ? nil : .notAchieved
    }
  }
}
