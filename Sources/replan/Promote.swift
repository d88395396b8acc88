import ArgumentParser
import ReplanLearn
import ReplanLoop
import ReplanRecord
import ReplanRobot

struct Promote: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge a model, and put it in use if it is fit.",
    discussion: """
      A model is judged by its predictions of held-out episodes, beside those of the model in use, by \
      the calibration of its intervals, and by a controller that plans with it from recorded states. \
      With --episode it also runs a short guarded episode in the plant. What it is refused for is \
      told with the figures, and nothing changes. docs/PROMOTION.md has the rules.

      Example: replan promote workspaces/cart_pole
      Example: replan promote workspaces/cart_pole 4 --episode 2 --lockstep
      """)

  @Argument(help: "The workspace's folder.", completion: .directory)
  var workspace: String

  @Argument(help: "Number of the model. (default: the newest candidate)")
  var model: Int?

  @Flag(help: "Put it in use in spite of objections; the journal says so.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Run an episode of that length in the plant too, with the guard's gate.",
      valueName: "seconds"))
  var episode: Double?

  @OptionGroup(title: "Plant and loop") var plant: PlantOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let episode, !(episode > 0 && episode <= 600) {
      throw ValidationError("--episode is \(episode); above 0, up to 600 s is allowed.")
    }
    if let model, model < 1 { throw ValidationError("a model's number is 1 or more.") }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let (workspace, robot) = try OpenedWorkspace.open(workspace, console)
      let ledger = try workspace.ledger() ?? ModelLedger()
      let item = try choose(workspace, ledger)
      let stored = try StoredModel.load(item.path, for: robot)
      let trial = try ModelTrial(stored, item, of: workspace, robot: robot, ledger: ledger)
      var objections = trial.objections
      if let episode {
        let objection = try await run(stored, robot, workspace, seconds: episode, console)
        objections += objection.map { [$0] } ?? []
      }
      let isPromoted = objections.isEmpty || force
      let decision = LearnEvent.Promotion(
        file: "models/" + (item.path.split(separator: "/").last.map(String.init) ?? ""),
        hash: stored.hash, promoted: isPromoted,
        reason: objections.isEmpty ? nil : objections.joined(separator: "; "),
        ratios: trial.promotion.ratios, steps: trial.candidate?.steps ?? [],
        episodes: trial.candidate?.episodes ?? "", isHeldOut: trial.judged.isHeldOut,
        forced: !objections.isEmpty && force ? true : nil)
      try Self.record(decision, item, stored, isPromoted, ledger, workspace)
      TrialTable(console).show(trial, decision)
      return isPromoted ? nil : .notAchieved
    }
  }

  private func choose(_ workspace: Workspace, _ ledger: ModelLedger) throws -> Workspace.Item {
    let models = try workspace.models()
    if let model {
      guard let item = models.first(where: { $0.index == model }) else {
        throw Failure(
          .data, "\(workspace.path) has no model \(model); `replan models` lists those it has")
      }
      return item
    }
    guard let item = models.last(where: { ledger.state(of: $0.index) == .candidate }) else {
      throw Failure(
        .data,
        "\(workspace.path) has no candidate: every model runs, ran or was refused; name one, or "
          + "`replan refit` for a new one")
    }
    return item
  }

  /// An episode in the plant with the model, at most as long as asked for.
  ///
  /// - Returns: what speaks against the model.
  private func run(
    _ stored: StoredModel, _ robot: RobotDescription, _ workspace: Workspace, seconds: Double,
    _ console: Console
  ) async throws -> String? {
    let block = ModelBlock(stored)
    let options = try plant.series(for: robot)
    return try await PlantConnection.use(robot, plant) { session in
      let series = try EpisodeSeries(
        robot: robot, session: session, workspace: workspace, options: options,
        model: block.configuration, memory: block.memoryTicks, latency: block.latency,
        emit: console.show, progress: console.show)
      series.host.adopt(block)
      return try series.runCanary(seconds: seconds)
    }
  }

  /// The journal first: a ledger that says what no journal explains would be the worse half.
  private static func record(
    _ decision: LearnEvent.Promotion, _ item: Workspace.Item, _ stored: StoredModel,
    _ isPromoted: Bool, _ ledger: ModelLedger, _ workspace: Workspace
  ) throws {
    var ledger = ledger
    let isRunning = ledger.running?.model == item.index
    try workspace.journal.append(LearnEvent.promotion(decision), isSynchronized: true)
    if isPromoted {
      ledger.promote(ModelLedger.Entry(model: item.index, hash: stored.hash))
    } else if !isRunning {
      ledger.reject(item.index, reason: decision.reason ?? "")
    }
    try workspace.store(ledger)
  }
}
