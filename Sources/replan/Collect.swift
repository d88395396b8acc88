import ArgumentParser
import ReplanCore
import ReplanIdentify
import ReplanLearn
import ReplanLoop
import ReplanRecord
import ReplanRobot

struct Collect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Excite the plant with the base policy, or a designed signal, and record it.",
    discussion: """
      Example: replan collect robots/cart-pole.yaml --episodes 3 --duration 2
      Example: replan collect robots/pendulum.yaml --excitation multisine --amplitude 0.4

      A designed signal is told with its spectrum and crest factor, and what was recorded with the \
      condition of the regressors: the singular values of states and actions, each scaled to \
      deviation 1.
      """)

  @OptionGroup var robot: RobotArgument
  @OptionGroup(title: "Episodes") var episodes: EpisodeArguments
  @OptionGroup(title: "Excitation") var signal: ExcitationOptions
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
      let designs = try signal.designs(
        for: robot, episodes: episodes.episodes, seconds: episodes.duration, seed: plant.seed)
      let isDirected = signal.directed
      let model = isDirected ? try Self.model(of: workspace, robot) : nil
      let table = ExcitationTable(console: console)
      for design in designs ?? [] { table.show(ExcitationEvent(design)) }
      let isComplete = try await live.beside(workspace, console) {
        try await PlantConnection.use(robot, plant) { session in
          let series = try EpisodeSeries(
            robot: robot, session: session, workspace: workspace, options: options,
            emit: console.show, progress: console.show)
          if let model {
            return try series.collectDirected(
              model, episodes: episodes.episodes, reset: episodes.reset,
              seconds: episodes.duration)
          }
          guard let designs else {
            return try series.collect(
              episodes: episodes.episodes, reset: episodes.reset, seconds: episodes.duration)
          }
          return try series.play(designs.map { PreparedActions($0) }, reset: episodes.reset) {
            guard let report = RegressorReport($0, robot) else { return }
            table.show(ExcitationEvent(report))
          }
        }
      }
      return isComplete ? nil : .notAchieved
    }
  }

  /// The model whose members are to disagree.
  private static func model(
    of workspace: Workspace, _ robot: RobotDescription
  ) throws -> ModelBlock {
    guard let item = try workspace.runningModel() else {
      throw Failure(
        .data, "\(workspace.path) holds no model to disagree; run `replan refit` or `learn` first")
    }
    let stored = try StoredModel.load(item.path, for: robot)
    guard case .ensemble(let model) = stored.model, model.shape.memberCount > 1 else {
      throw Failure(
        .data, "\(item.path) is no ensemble of two members or more, which could disagree")
    }
    return ModelBlock(stored)
  }
}
