import ArgumentParser
import ReplanLearn
import ReplanRobot

struct Collect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Excite the plant with the base policy and record it.",
    discussion: "Example: replan collect robots/cart-pole.yaml --episodes 3 --duration 2")

  @OptionGroup var robot: RobotArgument
  @OptionGroup(title: "Episodes") var episodes: EpisodeArguments
  @OptionGroup(title: "Plant and loop") var plant: PlantOptions
  @OptionGroup(title: "Workspace") var workspace: WorkspaceOptions
  @OptionGroup(title: "Live page") var live: WatchOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let robot = try robot.load()
      let workspace = try workspace.open(for: robot, console)
      let options = try plant.series(for: robot)
      let (episodes, plant) = (episodes, plant)
      let isComplete = try await live.beside(workspace, console) {
        try await PlantConnection.use(robot, plant) { session in
          try EpisodeSeries(
            robot: robot, session: session, workspace: workspace, options: options,
            emit: console.show, progress: console.show
          ).collect(
            episodes: episodes.episodes, reset: episodes.reset, seconds: episodes.duration)
        }
      }
      return isComplete ? nil : .notAchieved
    }
  }
}
