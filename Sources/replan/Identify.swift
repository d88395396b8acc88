import ArgumentParser
import ReplanIdentify
import ReplanLearn
import ReplanRealtime
import ReplanRecord
import ReplanRobot

struct Identify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Identify a model from recordings, and judge models on recordings they have not seen.",
    discussion: """
      Example: replan identify --robot robots/cart-pole.yaml --data workspaces/cart_pole \
      --validate validation.mcap --out cart-pole.safetensors

      Recordings are episodes (.mcap), tables of other programs (.csv), or folders of them; what \
      was done to bring a table onto the robot's tick is told for each file. A model is judged over \
      1, 5, 10 and 25 steps from every sample on and in free simulation: error, fit (1 is perfect, \
      0 no better than the mean), and the share of the samples inside the predicted 90 % interval.

      First the latency of the plant is estimated, by which the records are more likely than by any \
      other. Where the robot file has no latency the model goes by it, and says so in its file.

      --model MODEL --validate FILE judges a model that is there; --compare A B C ranks some.
      """)

  @Option(
    help: "The robot's description, a YAML file.", completion: .file(extensions: ["yaml"]))
  var robot: String

  @Option(
    parsing: .upToNextOption, help: "Recordings to fit to: files or folders.", completion: .file())
  var data: [String] = []

  @Option(
    name: .customLong("validate"), parsing: .upToNextOption,
    help: "Recordings to judge on: files or folders.", completion: .file())
  var records: [String] = []

  @Option(help: "The kind of model: \(Kind.names).")
  var kind: Kind = .ensemble

  @Flag(help: "Only estimate the plant's latency from the recordings to fit to.")
  var delay = false

  @Option(help: "The model's file; without it the model is judged and not kept.")
  var out: String?

  @Option(help: "Judge this model instead of fitting one.", completion: .file())
  var model: String?

  @Option(
    parsing: .upToNextOption, help: "Rank these models instead of fitting one.",
    completion: .file())
  var compare: [String] = []

  @OptionGroup(title: "Tables") var table: SeriesOptions
  @OptionGroup(title: "Ensemble") var ensemble: EnsembleFitOptions
  @OptionGroup(title: "Linear") var linear: LinearFitOptions
  @OptionGroup(title: "Physics") var equations: EquationFitOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: "Draws what is held out, initial weights and batches; the same seed, the same model.")
  var seed: UInt64 = 1

  func validate() throws {
    let judged = (model == nil ? 0 : 1) + (compare.isEmpty ? 0 : 1)
    if judged == 2 { throw ValidationError("--model and --compare exclude one another.") }
    if judged == 0 && data.isEmpty {
      throw ValidationError(
        "Name recordings to fit to by --data, or a model to judge by --model or --compare.")
    }
    if judged > 0 && records.isEmpty {
      throw ValidationError("Name recordings to judge on by --validate.")
    }
    if judged > 0 && !data.isEmpty {
      throw ValidationError("--data fits a model; with --model or --compare nothing is fitted.")
    }
    if judged > 0 && out != nil {
      throw ValidationError(
        "--out stores a fitted model; with --model or --compare none is fitted.")
    }
    if delay && (judged > 0 || out != nil || !records.isEmpty) {
      throw ValidationError("--delay takes --data alone: no model is fitted or judged.")
    }
    if compare.count == 1 { throw ValidationError("--compare needs two models or more.") }
    try ensemble.check()
    try linear.check()
    try equations.check()
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let robot = try RobotDescription.load(path: robot)
      let table = IdentifyTable(console)
      var run = IdentificationRun(
        robot: robot, map: try ColumnMap(self.table.map), table: self.table.settings(for: robot),
        emit: table.show, progress: { console.redraw($0.text) })
      run.validation.seed = seed
      run.admitsUnmeasured = kind == .physics || model != nil || !compare.isEmpty
      run.validation.threads = Processors.allowed.count
      if let model {
        if let latency = try ModelFile.read(model).latency, (0...15).contains(latency) {
          run.robot = robot.assuming(latency: latency)
        }
        try run.validate(
          try read(model, for: robot), named: model, on: try run.read(records, role: "validate"))
      } else if !compare.isEmpty {
        let models = try compare.map { ($0, try read($0, for: robot)) }
        try run.compare(models, on: try run.read(records, role: "validate"))
      } else {
        try fit(robot, run, table)
      }
      table.end()
      return nil
    }
  }

  private func fit(
    _ robot: RobotDescription, _ run: IdentificationRun, _ table: IdentifyTable
  ) throws {
    let delay = try DelayFinding(data, by: run)
    if let event = delay.event { run.emit(event) }
    if self.delay { return }
    var run = run
    if let ticks = delay.ticks {
      run.robot = run.robot.assuming(latency: ticks)
      run.texts[ModelFile.latencyText] = "\(ticks)"
    }
    let robot = run.robot
    let data = try run.read(data, role: "data")
    // Read first, so that a wrong file is told before the fit takes its time.
    let judging = records.isEmpty ? nil : try run.read(records, role: "validate")
    let model = try identify(data, robot, run)
    guard let judging else { return }
    try run.validate(model, named: out ?? kind.rawValue, on: judging)
  }

  private func identify(
    _ data: IdentificationData, _ robot: RobotDescription, _ run: IdentificationRun
  ) throws -> IdentifiedModel {
    var physics = GreyBoxIdentification()
    physics.window = equations.window
    physics.seed = seed
    physics.threads = Processors.allowed.count
    physics.told = run.emit
    switch kind {
    case .ensemble:
      var method = EnsembleIdentification(
        memories: ensemble.history.isEmpty ? robot.estimator.ticks.map { [$0] } : ensemble.history,
        settings: ensemble.settings(for: robot, seed: seed))
      method.tried = { [emit = run.emit] in emit(.memory($0)) }
      method.trained = { [emit = run.emit] in emit(.training($0)) }
      return try run.identify(data, by: method, to: out)
    case .linear:
      var method = linear.identification()
      method.seed = seed
      method.threads = Processors.allowed.count
      method.told = run.emit
      return try run.identify(data, by: method, to: out)
    case .physics:
      return try run.identify(data, by: physics, to: out)
    case .hybrid:
      let settings = ensemble.settings(for: robot, seed: seed).training
      return try run.identify(
        data, by: HybridIdentification(physics: physics, settings: settings), to: out)
    }
  }

  private func read(_ path: String, for robot: RobotDescription) throws -> IdentifiedModel {
    try IdentifiedModel(identified: IdentifiedModel.model(path, for: robot))
  }

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case ensemble, linear, physics, hybrid

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
  }
}

/// How equations of motion are fitted to recordings.
struct EquationFitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds over which equations of motion are simulated in the fit. (default: 1 s or 50 samples)",
      valueName: "s"))
  var window: Double?

  func check() throws {
    if let window, !(window > 0 && window.isFinite) {
      throw ValidationError("--window is \(window); above 0 is allowed.")
    }
  }
}

/// How an ensemble is fitted to recordings.
struct EnsembleFitOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: """
      Ticks of past outputs and actions in the state; of several, held-out data choose. (default: \
      0 1 2 4, as far as they fit)
      """)
  var history: [Int] = []

  @Option(help: "Ticks over which errors are summed in the fit.")
  var unroll = 10

  @Option(help: "Steps of gradient descent. (default: \(EnsembleFitOptions.defaultSteps))")
  var steps: Int?

  private static let defaultSteps = 5000

  @Option(help: PosteriorOption.help)
  var posterior: ModelDescription.Posterior?

  func check() throws {
    if history.contains(where: { $0 < 0 || $0 > 31 }) {
      throw ValidationError("--history takes numbers of ticks, 0 to 31.")
    }
    if !(1...200).contains(unroll) {
      throw ValidationError("--unroll is \(unroll); 1 to 200 is allowed.")
    }
    if let steps, steps < 1 { throw ValidationError("--steps is \(steps); 1 or more is allowed.") }
  }

  func settings(for robot: RobotDescription, seed: UInt64) -> SequenceSettings {
    var settings = SequenceSettings(robot.model)
    settings.unroll = unroll
    settings.judgedTicks = max(settings.judgedTicks, unroll)
    settings.training.steps = steps ?? Self.defaultSteps
    settings.training.seed = seed
    if let posterior { settings.training.posterior = Posterior(posterior) }
    settings.training.threads = Processors.allowed.count
    return settings
  }
}
