import ArgumentParser
import Foundation
import ReplanRealtime
import ReplanRecord
import ReplanSweep

/// Runs one job of a sweep in its folder; `sweep` calls it, and so may a queue of one's own.
struct SweepJobRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep-job",
    abstract: "Run one job of a sweep in its folder.",
    discussion: "Example: replan sweep-job sweeps/members/jobs/cart_pole/model.members=3/seed-1",
    shouldDisplay: false)

  @Argument(help: "The job's folder.", completion: .directory)
  var folder: String

  @Flag(help: "Stop where standard input ends: whoever holds its other end is gone.")
  var untilEof = false

  func run() async throws {
    let console = Console(isJSON: false)
    try await reporting(console) {
      try StopSignal.install()
      let folder = JobFolder(path: folder)
      let order = try folder.order()
      if untilEof { Self.stopAtEndOfInput() }
      try Self.redirectOutput(to: folder.log)
      // A sweep that was killed leaves jobs that are still coming to their end.
      while Workspace.isInUse(folder.workspace), StopSignal.requests == 0 {
        try await Task.sleep(for: .milliseconds(200))
      }
      if folder.result(of: order.identity)?.state == .done { return nil }
      folder.forgetResult()
      guard StopSignal.requests == 0 else { return .notAchieved }
      let start = MonotonicClock.nanoseconds
      let code = await Self.run(folder.arguments(order), order.command)
      let result = JobResult.judge(
        order, in: folder, code: code, isStopRequested: StopSignal.requests > 0,
        wallTime: Double(MonotonicClock.nanoseconds - start) / 1e9, build: Build.name)
      if let result { try folder.store(result) }
      return result?.state == .done ? nil : Code(rawValue: code) ?? .internalError
    }
  }

  /// Runs the command as if it had been typed.
  ///
  /// - Returns: its exit code.
  private static func run(_ arguments: [String], _ command: SweepCommand) async -> Int32 {
    do {
      switch command {
      case .learn: try await Learn.parse(Array(arguments.dropFirst())).run()
      case .refit: try await Refit.parse(Array(arguments.dropFirst())).run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch {
      Console(isJSON: false).line("replan: " + Learn.message(for: error))
      return Learn.exitCode(for: error).rawValue
    }
  }

  /// Sends all that is said to the job's log, which later runs append to.
  private static func redirectOutput(to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Failure(.file, "\(path): \(String(cString: strerror(errno)))")
    }
    dup2(descriptor, STDERR_FILENO)
    // Standard output stays open as long as the process lives: its reader sees when it ends.
    close(descriptor)
  }

  private static func stopAtEndOfInput() {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { break }
      }
      kill(getpid(), SIGINT)
    }
    thread.stackSize = 1 << 16
    thread.start()
  }
}
