import ArgumentParser
import Foundation
import ReplanRealtime
import ReplanSweep

struct Sweep: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run robots under many settings and seeds, and compare.",
    discussion: """
      A sweep's file names robots, values for keys of the robot file, and seeds (docs/SWEEP.md). Each \
      combination is a job in a folder of its own, in lockstep with the simulated plant. A job that \
      has ended is not run again; one that was interrupted or killed continues, one that failed is \
      tried again.

      Example: replan sweep robots/sweeps/members.yaml --jobs 2
      Example: replan sweep robots/sweeps/members.yaml --engine slurm
      """)

  enum Engine: String, ExpressibleByArgument, CaseIterable { case local, slurm }

  @Argument(help: "The sweep's description, a YAML file.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Option(help: "Folder of the sweep; continued if it is there. (default: sweeps/NAME)")
  var folder: String?

  @Flag(help: "Start anew; a sweep that is there is moved aside, not deleted.")
  var fresh = false

  @Option(help: "What runs the jobs: this machine, or the queue of Slurm.")
  var engine = Engine.local

  @Option(
    help: ArgumentHelp(
      "Jobs at the same time. (default: local, as many as processors; slurm, as the queue admits)",
      valueName: "number"))
  var jobs: Int?

  @Flag(help: "List the jobs and what has become of them, and the table so far; run none.")
  var list = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let jobs, !(1...10_000).contains(jobs) {
      throw ValidationError("--jobs is \(jobs); 1 to 10000 is allowed.")
    }
    if list && fresh { throw ValidationError("--list and --fresh exclude each other.") }
  }

  func run() async throws {
    let console = output.console
    try await reporting(console) {
      try StopSignal.install()
      let spec = try SweepSpec.load(path: spec)
      let folder = try SweepFolder(
        path: folder ?? "sweeps/\(spec.name)", spec: spec, isFresh: fresh)
      if let aside = folder.movedAside { console.line("moved the earlier sweep to \(aside)") }
      let table = SweepTable(console, spec, folder)
      if list {
        table.list()
      } else {
        let left = folder.unfinished(spec.jobs)
        table.begin(left: left.count)
        if !left.isEmpty {
          let engine = try makeEngine()
          try await engine.run(left, in: folder) { table.show($0) }
        }
      }
      try table.end()
      let isComplete = folder.unfinished(spec.jobs).isEmpty
      return isComplete || list ? nil : .notAchieved
    }
  }

  private func makeEngine() throws -> any SweepEngine {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    switch engine {
    case .local: return LocalEngine(program: program, places: jobs ?? Processors.allowed.count)
    case .slurm: return SlurmEngine(program: program, places: jobs)
    }
  }
}
