import Foundation
import ReplanCore
import ReplanLoop
import ReplanRealtime
import ReplanRecord

/// Stops the session that runs in a workspace, from another process.
///
/// The session is sent SIGQUIT, upon which it disarms the plant within a tick and stays stopped. A
/// session that has hung is killed: then nobody sends actions any more, and the plant's own watchdog
/// puts it into its safe action.
public actor EmergencyStop {
  /// What became of it.
  public struct Outcome: Encodable, Sendable {
    public enum Kind: String, Encodable, Sendable {
      case stopped, killed, refused, nobody
    }

    public var kind: Kind
    public var message: String
    /// The process that was stopped.
    public var process: Int32?
  }

  private let workspace: String
  private let reader: LiveReader
  /// How long a session that is armed may take, ns; one that is not is only waited for.
  private let patience: Int64
  private static let longPatience: Int64 = 10_000_000_000
  private static let dying: Int64 = 2_000_000_000
  private static let remedy = "USE THE STOP OF THE MACHINE."
  private var underway: Task<Outcome, Never>?
  /// The session that was stopped last, and how.
  private var stopped: (process: ProcessIdentity, outcome: Outcome)?

  public init(workspace: String, patience: Int64 = 2_000_000_000) {
    self.workspace = workspace
    self.patience = patience
    reader = LiveReader(workspace: workspace)
  }

  /// Stops the session and returns when it has stopped.
  ///
  /// A page repeats a request that nobody answers: all that come while one is under way, or after the
  /// session has ended by it, get the same outcome, and no later session is stopped by them.
  public func pull() async -> Outcome {
    let task =
      underway
      ?? Task {
        let outcome = await stop()
        underway = nil
        return outcome
      }
    underway = task
    return await task.value
  }

  private func stop() async -> Outcome {
    // A session that just writes its state, or was halted while it did, has to be stopped all the same.
    let process: ProcessIdentity
    do throws(RecordError) {
      guard let found = try reader.process() else { return withoutSession() }
      process = found
    } catch {
      return Outcome(kind: .refused, message: "\(error). \(Self.remedy)")
    }
    guard process.isAlive else { return stoppedBefore(process) ?? withoutSession() }
    guard let isSession = SessionProcess.runs(workspace, process.number) else {
      return Outcome(
        kind: .refused,
        message: "It cannot be seen whether process \(process.number) is the session of this "
          + "workspace. Run replan watch as the same user. \(Self.remedy)")
    }
    guard isSession else {
      // One that is ending has let go of its file.
      if let before = stoppedBefore(process) { return before }
      if let head = try? reader.view()?.head, head.phase == .ended {
        return Outcome(kind: .nobody, message: "The session has ended: nothing was to be stopped.")
      }
      return Outcome(
        kind: .refused,
        message:
          "Process \(process.number) does not look like the session of this workspace, so it "
          + "was left alone. \(Self.remedy)")
    }
    guard kill(process.number, SIGQUIT) == 0 else {
      return Outcome(
        kind: .refused,
        message: "The session (process \(process.number)) could not be signalled: "
          + "\(String(cString: strerror(errno))). Run replan watch as the same user. "
          + Self.remedy, process: process.number)
    }
    let outcome = await follow(process)
    if outcome.kind != .refused { stopped = (process, outcome) }
    return outcome
  }

  /// What becomes of a session that has been told to stop.
  private func follow(_ process: ProcessIdentity) async -> Outcome {
    let phase = (try? reader.view())?.head.phase
    let isArmed = phase != .idle && phase != .fitting
    let (number, seeTo) = (
      process.number, "The plant's own watchdog applies the safe action. See to it."
    )
    if await comes(
      within: isArmed ? patience : Self.longPatience, { hasSaidSo(process) || !process.isAlive })
    {
      return hasSaidSo(process)
        ? Outcome(
          kind: .stopped, message: "The session has stopped, and the plant was told to disarm.",
          process: number)
        : Outcome(
          kind: .killed, message: "The session has died without a word to the plant. \(seeTo)",
          process: number)
    }
    kill(number, SIGKILL)
    guard await comes(within: Self.dying, { !process.isAlive }) else {
      return Outcome(
        kind: .refused,
        message:
          "The session (process \(number)) does not follow and cannot be killed. \(Self.remedy)",
        process: number)
    }
    return Outcome(
      kind: .killed, message: "The session did not follow and was killed. \(seeTo)", process: number
    )
  }

  private func stoppedBefore(_ process: ProcessIdentity) -> Outcome? {
    stopped?.process == process ? stopped?.outcome : nil
  }

  /// Where no live file names a session: there may be one that could not write it.
  private func withoutSession() -> Outcome {
    Workspace.isInUse(workspace)
      ? Outcome(
        kind: .refused,
        message: "A session holds this workspace, but does not show what it does. \(Self.remedy)")
      : Outcome(kind: .nobody, message: "No session runs here: nothing was to be stopped.")
  }

  /// Whether the session itself tells that it has stopped.
  private func hasSaidSo(_ process: ProcessIdentity) -> Bool {
    guard let head = try? reader.view()?.head, head.process == process.number else { return false }
    return head.arming == .stopped || head.phase == .ended
  }

  private func comes(within time: Int64, _ isThere: () -> Bool) async -> Bool {
    let start = MonotonicClock.nanoseconds
    while MonotonicClock.nanoseconds - start < time {
      if isThere() { return true }
      try? await Task.sleep(nanoseconds: 5_000_000)
    }
    return isThere()
  }
}

/// Whether a process is the one that a live file speaks of.
enum SessionProcess {
  /// True if the process has the live file mapped, which is what a session does; where that cannot be
  /// seen, if it holds the workspace's lock; nil if neither can.
  ///
  /// A number in a file that anybody may have written is no reason to signal a process. The mappings of
  /// a program that was given capabilities are hidden even from its own user.
  static func runs(_ workspace: String, _ number: Int32) -> Bool? {
    let path = LiveFile.path(workspace)
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    guard let maps = KernelFile.lines("/proc/\(number)/maps") else {
      return Workspace.holder(workspace) == number ? true : nil
    }
    let name = "/" + (path as NSString).lastPathComponent
    return maps.contains { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      return words.count >= 6 && UInt64(words[4]) == UInt64(status.st_ino) && line.hasSuffix(name)
    }
  }
}
