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
  private var underway: Task<Outcome, Never>?
  private var last: Outcome?

  public init(workspace: String, patience: Int64 = 2_000_000_000) {
    self.workspace = workspace
    self.patience = patience
    reader = LiveReader(workspace: workspace)
  }

  /// Stops the session and returns when it has stopped.
  ///
  /// Asked again meanwhile, by a page that repeats its request, it waits for the same outcome: a third
  /// signal would end the session's process before its files are complete.
  public func pull() async -> Outcome {
    let task = underway ?? Task { await stop() }
    underway = task
    let outcome = await task.value
    underway = nil
    last = outcome
    return outcome
  }

  private func stop() async -> Outcome {
    // A session that just writes its state, or was halted while it did, has to be stopped all the same.
    let process: ProcessIdentity
    do throws(RecordError) {
      guard let found = try reader.process(), found.isAlive else {
        return Outcome(kind: .nobody, message: "No session runs here: nothing was to be stopped.")
      }
      process = found
    } catch {
      return Outcome(kind: .refused, message: "\(error). USE THE STOP OF THE MACHINE.")
    }
    guard SessionProcess.hasMapped(LiveFile.path(workspace), process.number) else {
      // One that is ending has let go of its file.
      if let last, last.process == process.number { return last }
      if let head = try? reader.view()?.head, head.phase == .ended {
        return Outcome(kind: .nobody, message: "The session has ended: nothing was to be stopped.")
      }
      return Outcome(
        kind: .refused,
        message:
          "Process \(process.number) does not look like the session of this workspace, so it "
          + "was left alone. USE THE STOP OF THE MACHINE.")
    }
    guard kill(process.number, SIGQUIT) == 0 else {
      return Outcome(
        kind: .refused,
        message: "The session (process \(process.number)) could not be signalled: "
          + "\(String(cString: strerror(errno))). Run replan watch as the same user. "
          + "USE THE STOP OF THE MACHINE.", process: process.number)
    }
    let phase = (try? reader.view())?.head.phase
    let isArmed = phase != .idle && phase != .fitting
    if await hasStopped(process, within: isArmed ? patience : Self.longPatience) {
      return Outcome(
        kind: .stopped, message: "The session has stopped, and the plant was told to disarm.",
        process: process.number)
    }
    kill(process.number, SIGKILL)
    _ = await hasStopped(process, within: Self.longPatience)
    return Outcome(
      kind: .killed,
      message:
        "The session did not follow and was killed. The plant's own watchdog applies the safe "
        + "action. See to the plant.", process: process.number)
  }

  private func hasStopped(_ process: ProcessIdentity, within time: Int64) async -> Bool {
    let start = MonotonicClock.nanoseconds
    while MonotonicClock.nanoseconds - start < time {
      guard process.isAlive else { return true }
      if let head = try? reader.view()?.head, head.process == process.number {
        if head.arming == .stopped || head.phase == .ended { return true }
      }
      try? await Task.sleep(nanoseconds: 5_000_000)
    }
    return !process.isAlive
  }
}

/// Whether a process is the one that a live file speaks of.
enum SessionProcess {
  /// True if the process has the file mapped, which is what a session does.
  ///
  /// A number in a file that anybody may have written is no reason to signal a process.
  static func hasMapped(_ path: String, _ number: Int32) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0,
      let maps = KernelFile.lines("/proc/\(number)/maps")
    else { return false }
    let name = "/" + (path as NSString).lastPathComponent
    return maps.contains { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      return words.count >= 6 && UInt64(words[4]) == UInt64(status.st_ino) && line.hasSuffix(name)
    }
  }
}
