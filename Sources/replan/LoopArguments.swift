import ArgumentParser
import Foundation
import ReplanBench
import ReplanPlants
import ReplanRealtime
import ReplanRecord
import ReplanRobot

/// What `replan bench --loop` takes beside the bench's own options.
struct LoopArguments: ParsableArguments {
  @Flag(
    help: """
      Run the real-time loop at 1 kHz with the linear planner, in slices that alternate with such \
      of cyclictest on the same processor.
      """)
  var loop = false

  @Option(
    help: ArgumentHelp("With --loop: time that the loop runs. (default: 1)", valueName: "min"))
  var minutes: Double?

  @Option(help: ArgumentHelp("With --loop: the same in seconds.", valueName: "s"))
  var seconds: Double?

  @Option(
    help: ArgumentHelp(
      "With --loop: pairs of slices. (default: such of 2.5 s, 12 at least)", valueName: "number"))
  var slices: Int?

  @Flag(help: "With --loop: leave cyclictest out.")
  var noCyclictest = false

  @Flag(
    help: """
      With --loop: instead of cyclictest, alternate with slices in which three pages of `replan watch` \
      look on.
      """)
  var watch = false

  func validate() throws {
    if !loop && (minutes != nil || seconds != nil || slices != nil || noCyclictest || watch) {
      throw ValidationError(
        "--minutes, --seconds, --slices, --no-cyclictest and --watch belong to --loop.")
    }
    if watch && noCyclictest {
      throw ValidationError("--watch measures without cyclictest: leave out --no-cyclictest.")
    }
    if minutes != nil && seconds != nil {
      throw ValidationError("--minutes and --seconds exclude each other.")
    }
    if !(0.1...86_400).contains(total) {
      throw ValidationError("the loop would run for \(total) s; 0.1 to 86400 s is allowed.")
    }
    if let slices, !(1...10_000).contains(slices) {
      throw ValidationError("--slices is \(slices); 1 to 10000 is allowed.")
    }
    if total / Double(slices ?? 1) < 0.1 {
      throw ValidationError("a slice would take less than 0.1 s: give fewer --slices.")
    }
  }

  private var total: Double { minutes.map { $0 * 60 } ?? seconds ?? 60 }

  /// Measures and shows it.
  func run(priority: Int, cpu: Int?, console: Console) async throws {
    let robot = try LoopRobot.description()
    let processors = Processors.allowed
    guard let processor = cpu ?? processors.last, processors.contains(processor) else {
      throw Failure(
        .usage,
        "this process may not use the processor that --cpu names; it may use "
          + processors.map(String.init).joined(separator: ", "))
    }
    if watch { return try await runWatched(robot, priority, processor, console) }
    let cyclicTest = noCyclictest ? nil : CyclicTest.find()
    let schedule = SliceSchedule(total: total, pairs: slices)
    let table = LoopTable(console)
    table.begin(schedule, cpu: processor, isAlone: noCyclictest, isMissing: cyclicTest == nil)
    let folder = FileManager.default.temporaryDirectory.appending(path: "replan-loop-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let plant = try PlantOptions.parse(["--sim", "\(PlantKind.pendulum.name)"])
    let summary = try await PlantConnection.use(robot, plant) { session in
      let workspace = try Workspace(path: folder.path, robotText: robot.source) { _ in nil }
      return try LoopBench(
        schedule: schedule, priority: priority, cpu: processor, cyclicTest: cyclicTest,
        emit: table.show, progress: console.redraw
      ).run(robot, session: session, workspace: workspace, build: Build.name)
    }
    table.show(summary)
  }

  /// Measures the loop with and without pages that look on.
  private func runWatched(
    _ robot: RobotDescription, _ priority: Int, _ processor: Int, _ console: Console
  ) async throws {
    let schedule = SliceSchedule(total: total, pairs: slices)
    let table = LoopTable(console)
    table.begin(watched: schedule, cpu: processor)
    let folder = FileManager.default.temporaryDirectory.appending(path: "replan-loop-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let plant = try PlantOptions.parse(["--sim", "\(PlantKind.pendulum.name)"])
    let workspace = try Workspace(path: folder.path, robotText: robot.source) { _ in nil }
    let summary = try await WatchProcess(workspace: folder.path, port: 0).serve { url in
      try await PlantConnection.use(robot, plant) { session in
        try WatchBench(
          schedule: schedule, priority: priority, cpu: processor, emit: table.show,
          progress: console.redraw
        ).run(robot, session: session, workspace: workspace, url: url, build: Build.name)
      }
    }
    table.show(summary)
  }
}
