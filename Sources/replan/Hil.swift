import ArgumentParser
import Foundation
import ReplanHIL
import ReplanLoop
import ReplanScenarios

struct Hil: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run test scenarios with faults, and report what was expected and what came.",
    discussion: """
      A scenario names robot, model, faults and what must come of it (hil/SCENARIOS.md). It is run \
      against the simulated plant, or by --device against a real one. Scenarios that mean nothing \
      under --lockstep, or with a real plant, are reported as skipped.

      Exit code: 0 all passed or skipped, 1 one has failed, 65 bad scenario file, 69 plant not \
      reached; the others are run all the same.

      Example: replan hil hil/scenarios --lockstep --junit hil.xml
      Example: replan hil hil/scenarios/cart-pole-swing-up.yaml --device /dev/ttyUSB0
      Example: replan hil --random 20 --robot robots/cart-pole.yaml \
        --model hil/models/cart-pole.safetensors --lockstep
      """)

  @Argument(
    help: ArgumentHelp("Scenario files, or folders of them.", valueName: "scenario"),
    completion: .file(extensions: ["yaml"]))
  var scenarios: [String] = []

  @Option(
    help: ArgumentHelp(
      "Run so many scenarios of 20 s with drawn faults instead; needs --robot and --model.",
      valueName: "count"))
  var random: Int?

  @Option(help: "With --random: the first schedule's seed; the others follow.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("With --random: the robot's description.", valueName: "file"))
  var robot: String?

  @Option(help: ArgumentHelp("With --random: its model.", valueName: "file"))
  var model: String?

  @OptionGroup(title: "Plant and loop") var plant: HilPlantOptions

  @Option(
    help: ArgumentHelp("Where the episodes of failures are kept.", valueName: "folder"))
  var workspace = "hil-failures"

  @Option(
    help: ArgumentHelp("Write the results as JUnit XML too.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "List the scenarios and run none.")
  var list = false

  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      let loaded = try load()
      if list { return listing(loaded, console) }
      try plant.check()
      let begin = Date()
      let connector = HilPlant.connector(signing: try plant.signing(), key: plant.key)
      let results = await results(loaded, connector, console)
      console.object(ScenarioEvent.end(results))
      if let junit {
        let report = JUnitReport(results, timestamp: Self.timestamp(begin))
        try Self.write(report.text, to: junit)
      }
      return Self.code(results)
    }
  }

  func validate() throws {
    guard let random else {
      if robot != nil || model != nil {
        throw ValidationError("--robot and --model belong to --random; a scenario names its own.")
      }
      if scenarios.isEmpty {
        throw ValidationError("Name scenario files or folders, or give --random.")
      }
      return
    }
    if !(1...100_000).contains(random) {
      throw ValidationError("--random is \(random); 1 to 100000 is allowed.")
    }
    if robot == nil || model == nil || !scenarios.isEmpty {
      throw ValidationError("--random needs --robot FILE and --model FILE, and no scenario files.")
    }
  }

  /// The scenarios, or why one cannot be read, by file.
  private func load() throws -> [(String, Result<Scenario, ScenarioObstacle>)] {
    guard let random, let robot, let model else {
      var names: [String: String] = [:]
      return try scenarioFiles().map { ($0, ScenarioSuite.load($0, names: &names)) }
    }
    return try (0..<random).map { index in
      let scenario = try Scenario.random(
        seed: seed &+ UInt64(index), robotPath: robot, modelPath: model,
        allowsRealTime: !plant.lockstep)
      return (robot, .success(scenario))
    }
  }

  private func scenarioFiles() throws -> [String] {
    do throws(ScenarioObstacle) {
      return try ScenarioSuite.files(scenarios)
    } catch {
      throw Failure(.data, error.description)
    }
  }

  private func results(
    _ loaded: [(String, Result<Scenario, ScenarioObstacle>)], _ connector: @escaping PlantConnector,
    _ console: Console
  ) async -> [ScenarioResult] {
    let runner = ScenarioRunner(
      options: plant.options(keepPath: workspace), connect: connector
    ) { name, seconds, total in
      console.redraw("\(name): \((seconds * 10).rounded() / 10) of \(total) s")
    }
    let table = ScenarioTable(names: loaded.map { Self.name($0.0, $0.1) })
    show(table.head, console)
    var results: [ScenarioResult] = []
    for (file, scenario) in loaded {
      let result: ScenarioResult
      switch scenario {
      case .success(let scenario): result = await runner.run(scenario)
      case .failure(let obstacle):
        result = ScenarioResult(
          name: Self.name(file, scenario), file: file, outcome: .error(obstacle))
      }
      results.append(result)
      console.object(ScenarioEvent.scenario(result))
      show(table.lines(result), console)
    }
    show(table.foot(results), console)
    return results
  }

  /// The table is the result, but for whoever asked for JSON it is progress.
  private func show(_ line: String, _ console: Console) {
    if console.isJSON { console.line(line) } else { console.result(line) }
  }

  private func listing(
    _ loaded: [(String, Result<Scenario, ScenarioObstacle>)], _ console: Console
  ) -> Code? {
    var code: Code?
    for (_, scenario) in loaded {
      switch scenario {
      case .success(let scenario):
        let obstacle = scenario.lockstepObstacle.map { " (not in lockstep: \($0))" } ?? ""
        console.object(ScenarioListing(scenario))
        if !console.isJSON {
          console.result("\(scenario.name): \(scenario.description)\(obstacle)")
        }
      case .failure(let obstacle):
        console.fail(Failure(.data, obstacle.description))
        code = .data
      }
    }
    return code
  }

  private static func name(
    _ file: String, _ scenario: Result<Scenario, ScenarioObstacle>
  ) -> String {
    if case .success(let scenario) = scenario { return scenario.name }
    return URL(filePath: file).deletingPathExtension().lastPathComponent
  }

  /// What could not be run outweighs what has failed: its result is not known.
  private static func code(_ results: [ScenarioResult]) -> Code? {
    let kinds = results.compactMap { result -> ScenarioObstacle.Kind? in
      if case .error(let obstacle) = result.outcome { obstacle.kind } else { nil }
    }
    if kinds.contains(.badFile) { return .data }
    if kinds.contains(.plantNotReached) { return .plant }
    if kinds.contains(.other) { return .internalError }
    if kinds.contains(.stopped) { return .notAchieved }
    return results.failed > 0 ? .notAchieved : nil
  }

  private static func timestamp(_ date: Date) -> String {
    String(date.ISO8601Format().prefix { $0 != "Z" })
  }

  private static func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(filePath: path))
    } catch {
      throw Failure(.file, "\(path): cannot be written: \(error.localizedDescription)")
    }
  }
}

/// A scenario that is there, as `--list --json` tells it.
private struct ScenarioListing: Encodable {
  let event = "scenario"
  let name: String
  let file: String
  let description: String
  /// Why it is skipped under --lockstep.
  let lockstepObstacle: String?

  enum CodingKeys: String, CodingKey {
    case event, name, file, description
    case lockstepObstacle = "lockstep_obstacle"
  }

  init(_ scenario: Scenario) {
    name = scenario.name
    file = scenario.file
    description = scenario.description
    lockstepObstacle = scenario.lockstepObstacle
  }
}
