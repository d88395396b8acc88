internal import CRealtime
import Glibc

/// Keeps the process in physical memory, so that no page has to be fetched in a tick.
public enum MemoryLock {
  /// Locks all pages that are mapped now and all that will be.
  ///
  /// Nothing is locked unless future pages may be locked without limit: under a limit, the first
  /// allocation beyond it would fail in mid-episode, and a page fault costs less than that.
  ///
  /// - Returns: what could not be had.
  public static func lockProcess() -> RealtimeReport {
    let limit = ResourceLimit.lockedMemory.raise(to: ResourceLimit.unlimited)
    guard limit == ResourceLimit.unlimited || crealtime_may_lock() else {
      return refused("this process may lock no more than \(limit / 1024) KiB (ulimit -l)")
    }
    guard mlockall(MCL_CURRENT | MCL_FUTURE) == 0 else { return refused(text(errno)) }
    return RealtimeReport()
  }

  /// Lets go of all locked pages again.
  public static func unlockProcess() { munlockall() }

  private static func refused(_ why: String) -> RealtimeReport {
    RealtimeReport([
      .init(
        what: "all memory locked", why: why,
        remedy: "sudo prlimit --pid $$ --memlock=unlimited:unlimited")
    ])
  }
}
