import ArgumentParser
import ReplanBench
import ReplanRealtime
import ReplanRobot

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure this machine: peak, network, ticks, training, and what fits at which rate.",
    discussion: """
      Takes about a minute. What fits is the largest number of candidates over the robot's horizon \
      whose p99 tick stays under 60 % of the period. Weights are random: no plant and no model is \
      needed. Other load on the machine shows in the figures.

      With --fit-rate only that rate is measured, and rate and planner settings are written into \
      the robot file; its comments and order stay.

      With --loop only the real-time loop is measured, with a simulated plant: how late it wakes \
      beside cyclictest (Debian package rt-tests), and what the control thread allocates, faults, \
      misses and skips. It takes two minutes.

      Example: replan bench
      Example: replan bench --robot robots/cart-pole.yaml
      Example: replan bench --fit-rate 200 --robot robots/cart-pole.yaml --out fast.yaml
      Example: replan bench --loop
      Example: replan bench --loop --watch
      """)

  @Option(
    help: ArgumentHelp(
      "The robot's description, a YAML file. (default: a built-in cart-pole)", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var robot: String?

  @Option(
    help: ArgumentHelp("Choose and write planner settings for this rate.", valueName: "Hz"))
  var fitRate: Double?

  @Option(
    help: ArgumentHelp(
      "With --fit-rate: the file to write. (default: the one that --robot names)",
      valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var out: String?

  @Flag(help: "With --fit-rate: show the settings and write nothing.")
  var dryRun = false

  @Flag(help: "A few seconds only; the figures are rough.")
  var quick = false

  @Option(help: "SCHED_FIFO priority of the measuring thread, 1-99.")
  var priority = 80

  @Option(help: ArgumentHelp("Processor to measure on.", valueName: "number"))
  var cpu: Int?

  @OptionGroup(title: "The loop") var loop: LoopArguments
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let fitRate, !(1...1000).contains(fitRate) {
      throw ValidationError("--fit-rate is \(fitRate); 1 to 1000 Hz is allowed.")
    }
    if fitRate == nil && (out != nil || dryRun) {
      throw ValidationError("--out and --dry-run belong to --fit-rate.")
    }
    if fitRate != nil && robot == nil {
      throw ValidationError("--fit-rate needs --robot FILE, the robot file to choose settings for.")
    }
    if loop.loop && (robot != nil || fitRate != nil || quick) {
      throw ValidationError(
        "--loop has a robot of its own: leave out --robot, --fit-rate, --quick.")
    }
    if !(1...99).contains(priority) {
      throw ValidationError("--priority is \(priority); 1 to 99 is allowed.")
    }
    if let cpu, cpu < 0 { throw ValidationError("--cpu is \(cpu); 0 or more is allowed.") }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      if loop.loop {
        try await loop.run(priority: priority, cpu: cpu, console: console)
        return nil
      }
      let description = try robot.map { try RobotDescription.load(path: $0) } ?? .standard()
      // No setting of the planner mends that: told before minutes of measuring.
      if let fitRate, let (found, allowed) = description.linkBudget.objection(to: fitRate) {
        throw Failure(
          .data, "\(robot ?? description.name): the rate would be \(found); allowed is \(allowed)")
      }
      let table = BenchTable(console)
      let bench = ReplanBench.Bench(
        robot: description, effort: quick ? .quick : .full, priority: priority, cpu: cpu,
        emit: table.show, progress: table.progress)
      guard let fitRate, let robot else {
        let report = try bench.run()
        table.end()
        for shortfall in report.shortfalls { console.line("not granted: \(shortfall)") }
        return nil
      }
      let fit = try bench.fit(rate: fitRate)
      table.end()
      guard fit.fits && fit.seesEnough else {
        let most =
          fit.fits
          ? "no more than \(fit.horizon) of \(fit.wantedHorizon) ticks of horizon fit"
          : "not even a horizon of \(fit.horizon) ticks fits"
        throw Failure(
          .notAchieved,
          "at \(table.number(fitRate)) Hz \(most) for robot \(description.name), and nothing was "
            + "written: choose a lower rate, a shorter horizon, fewer members or a smaller network")
      }
      try write(fit, description, robot, console)
      return nil
    }
  }

  private func write(
    _ fit: FitRate, _ description: RobotDescription, _ robot: String, _ console: Console
  ) throws {
    struct WrittenEvent: Encodable {
      let event = "written"
      var file: String
    }
    var edit = try RobotFileEdit(path: robot)
    try edit.apply(fit, to: description)
    let target = out ?? robot
    if dryRun {
      _ = try edit.checked()
      console.line("nothing was written: --dry-run")
      return
    }
    try edit.write(to: target)
    console.object(WrittenEvent(file: target))
    console.line("wrote \(target)")
    if fit.rate != description.rate {
      console.line(
        "what it states in ticks (latency, model.refit, guard) was left as it is: now a tick is "
          + "another time")
    }
  }
}
