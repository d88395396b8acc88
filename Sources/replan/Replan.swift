import ArgumentParser

@main
struct Replan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replan",
    abstract: "Learns a robot's dynamics from its own episodes and controls it by planning.",
    discussion: """
      A robot is described by one YAML file (see robots/). Its plant is reached over a serial \
      port, or simulated by firmware-sim.

      Example: replan learn robots/cart-pole.yaml

      Exit codes: 0 success, 1 the task ran and was not achieved, 64 wrong usage, 65 bad input \
      data, 69 plant not reached, 70 internal error, 74 file error.
      """,
    version: Build.version,
    subcommands: [
      Learn.self, Run.self, Collect.self, Refit.self, Identify.self, Posteriors.self, Watch.self,
      Replay.self,
      Import.self, Export.self, Recover.self, Episodes.self, Models.self, Promote.self,
      Rollback.self, Ports.self, Bench.self,
      Doctor.self, Hil.self, Report.self, Sweep.self, SweepJobRun.self,
    ])
}

enum Build {
  static let version = "0.1.0"
  /// Written into episode files.
  static let name = "replan \(version)"
}
