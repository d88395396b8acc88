import ArgumentParser
import ReplanLearn
import ReplanRobot

struct Learn: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn a task: excite, fit, run, append, until the first success.",
    discussion: """
      Example: replan learn robots/cart-pole.yaml --seed 3
      Example: replan learn robots/cart-pole.yaml --device /dev/ttyUSB0
      Example: replan learn robots/cart-pole.yaml --watch
      """)

  @OptionGroup var robot: RobotArgument
  @OptionGroup(title: "Plant and loop") var plant: PlantOptions
  @OptionGroup(title: "Workspace") var workspace: WorkspaceOptions
  @OptionGroup(title: "Live page") var live: WatchOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp("Give up after so many seconds of armed time.", valueName: "seconds"))
  var maxExperience = 60.0

  func validate() throws {
    if !(maxExperience > 0 && maxExperience <= 86_400) {
      throw ValidationError(
        "--max-experience is \(maxExperience); above 0, up to 86400 s, is allowed.")
    }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let robot = try robot.load()
      guard robot.estimator.kind != .history else {
        throw Failure(
          .data,
          "robot \(robot.name) has estimator history, which learning does not have: record by "
            + "`replan collect`, identify by `replan identify --history`, then `replan run`")
      }
      let workspace = try workspace.open(for: robot, console)
      let options = try plant.series(for: robot)
      let (plant, maxExperience) = (plant, maxExperience)
      let success = try await live.beside(workspace, console) {
        try await PlantConnection.use(robot, plant) { session in
          let series = try EpisodeSeries(
            robot: robot, session: session, workspace: workspace, options: options,
            emit: console.show, progress: console.show)
          return try LearningLoop(series, maximumExperience: maxExperience).run()
        }
      }
      return success ? nil : .notAchieved
    }
  }
}
