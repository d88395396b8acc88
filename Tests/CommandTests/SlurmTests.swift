import Foundation
import Testing

extension CommandTests {
  /// A sweep as an array of Slurm, on a cluster that is this machine alone.
  @Suite(
    .serialized,
    .enabled(
      if: Cluster.canRun,
      "Slurm is not installed (make slurm), or this user may not start it: sbatch is not tried"))
  struct SlurmTests {
    @Test func arrayRunsEachJobOnce() throws {
      let cluster = try Cluster()
      defer { cluster.stop() }
      let folder = try Folder()
      try folder.write(
        """
        name: queued
        robots: [\(Places.pendulum)]
        settings: {model.training.steps: [400]}
        seeds: {from: 1, to: 4}
        max_experience: 12
        """, "queued.yaml")
      // The first run is stopped: what waits is taken back, what runs stops and continues.
      let first = try ReplanProcess(
        ["sweep", "queued.yaml", "--engine", "slurm", "--jobs", "1", "--json"], in: folder,
        under: ["/usr/bin/env", "SLURM_CONF=" + cluster.configuration])
      try first.await("job", within: 120)
      first.send(SIGINT)
      let stopped = first.finish()
      #expect(stopped.code == 1, "\(stopped.errors)")
      let second = try ReplanProcess(
        ["sweep", "queued.yaml", "--engine", "slurm", "--json"], in: folder,
        under: ["/usr/bin/env", "SLURM_CONF=" + cluster.configuration])
      let run = second.finish()
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.errors.contains("jobs in Slurm's array"))
      let events = try run.events()
      #expect(events.named("job").count < 4 && events.named("row")[0].integer("done") == 4)
      // It was the queue that ran them.
      #expect(try cluster.begunTasks(in: folder) >= 3)
    }

    @Test func withoutTheProgramsItIsTold() throws {
      let folder = try Folder()
      try folder.write(
        "name: a\nrobots: [\(Places.pendulum)]\nseeds: [1]\n", "a.yaml")
      let run = try ReplanProcess(
        ["sweep", "a.yaml", "--engine", "slurm"], in: folder,
        under: ["/usr/bin/env", "PATH=/nowhere"]
      ).finish()
      #expect(run.code == 74 && run.errors.contains("make slurm"))
    }
  }
}

/// A cluster of one node, in a folder of its own.
private final class Cluster {
  static let canRun =
    getuid() == 0
    && ["sbatch", "slurmctld", "slurmd", "munged"].allSatisfy { program in
      ["/usr/bin", "/usr/sbin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
      }
    }

  private let folder: Folder

  init() throws {
    folder = try Folder()
    try control("start")
  }

  var configuration: String { folder.file("slurm.conf") }

  func stop() { try? control("stop") }

  /// Tasks that slurmd has begun: each has an output file then.
  func begunTasks(in sweep: Folder) throws -> Int {
    try sweep.names(in: "sweeps/queued/slurm").count { $0.hasPrefix("task-") }
  }

  private func control(_ action: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: Places.root + "/Tests/Slurm/node.sh")
    process.arguments = [action, folder.path]
    process.standardInput = FileHandle.nullDevice
    // The daemons stay: they must not hold a pipe of ours.
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "Slurm does not start; see Tests/Slurm/node.sh")
    }
  }
}
