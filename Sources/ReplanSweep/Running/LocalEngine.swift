import Foundation
import ReplanRealtime
import Subprocess
import Synchronization
import SystemPackage

/// Runs jobs as processes of this machine, several at a time.
///
/// A stop that is asked for is handed on, so that each job closes its files and can be continued. If
/// this process is killed its jobs notice by the end of their input, and stop as well.
public struct LocalEngine: SweepEngine {
  /// The program `replan`.
  public let program: String
  /// Jobs that run at the same time.
  public let places: Int

  public init(program: String, places: Int) {
    precondition(places > 0, "a job needs a place")
    self.program = program
    self.places = places
  }

  public func run(
    _ jobs: [SweepJob], in folder: SweepFolder, tell: @escaping @Sendable (SweepProgress) -> Void
  ) async throws(SweepError) {
    let running = RunningJobs()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await running.handOnStops() }
      var waiting = jobs[...]
      var count = 0
      while count > 0 || (!waiting.isEmpty && StopSignal.requests == 0) {
        while count < places, StopSignal.requests == 0, let job = waiting.popFirst() {
          count += 1
          group.addTask { await run(job, in: folder, running, tell) }
        }
        // The first task ends with the others only.
        guard count > 0 else { break }
        await group.next()
        count -= 1
      }
      running.finish()
    }
  }

  private static func words(_ status: TerminationStatus) -> String {
    switch status {
    case .signaled(let signal): "ended by signal \(signal)"
    case .exited(let code):
      StopSignal.requests > 0 ? "interrupted" : "left no result, exit code \(code)"
    }
  }

  private func run(
    _ job: SweepJob, in folder: SweepFolder, _ running: RunningJobs,
    _ tell: @Sendable (SweepProgress) -> Void
  ) async {
    tell(.started(job))
    var options = PlatformOptions()
    // Ctrl-C is for us, and handed on once.
    options.processGroupID = 0
    let path = folder.folder(job).path
    do {
      let outcome = try await Subprocess.run(
        .path(FilePath(program)), arguments: ["sweep-job", path, "--until-eof"],
        platformOptions: options, input: .inputWriter, output: .sequence, error: .discarded
      ) { execution in
        let process = execution.processIdentifier.value
        running.insert(process)
        for try await _ in execution.standardOutput {}
        running.remove(process)
        try await execution.standardInputWriter.finish()
      }
      if let result = folder.result(job) {
        tell(.ended(job, result))
      } else {
        tell(.brokeOff(job, reason: Self.words(outcome.terminationStatus)))
      }
    } catch {
      tell(.brokeOff(job, reason: "\(program) cannot be run: \(error)"))
    }
  }
}

/// The processes that run just now.
private final class RunningJobs: Sendable {
  private struct State {
    var processes: Set<pid_t> = []
    /// Requests to stop that the processes know of.
    var handedOn = 0
    var isOver = false
  }

  private let state = Mutex(State())

  func insert(_ process: pid_t) {
    state.withLock { state in
      state.processes.insert(process)
      for _ in 0..<state.handedOn { kill(process, SIGINT) }
    }
  }

  func remove(_ process: pid_t) { state.withLock { _ = $0.processes.remove(process) } }

  func finish() { state.withLock { $0.isOver = true } }

  func handOnStops() async {
    while !state.withLock({ $0.isOver }) {
      try? await Task.sleep(for: .milliseconds(50))
      let requests = StopSignal.requests
      state.withLock { state in
        guard state.handedOn < requests else { return }
        state.handedOn += 1
        for process in state.processes { kill(process, SIGINT) }
      }
    }
  }
}
