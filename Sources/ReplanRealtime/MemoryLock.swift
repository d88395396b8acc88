internal import CRealtime
import Glibc

/// Keeps the process in physical memory, so that no page that a tick has used has to be fetched
/// again.
public enum MemoryLock {
  /// Locks the pages that the process uses, now and from now on.
  ///
  /// A page is locked when it is first touched. Locking whatever is mapped as well would take 140
  /// instead of some 15 MB, nearly all of it libraries' code and tables that nothing runs; what
  /// the loop works in (arena, rings, stacks) has been touched before it is armed, and so has the code
  /// of a tick, by a rehearsal. Before that, `trim` gives back what only starting has needed.
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
    guard lockAll() else { return refused(text(errno)) }
    return RealtimeReport()
  }

  /// Gives back what only the work so far has needed, heap and libraries, and locks again what will be used from now on.
  ///
  /// Takes some milliseconds; before arming.
  ///
  /// - Returns: what could not be had again.
  public static func trim() -> RealtimeReport {
    munlockall()
    crealtime_trim_heap()
    StartUpPages.giveBack()
    return lockAll() ? RealtimeReport() : refused(text(errno))
  }

  private static func lockAll() -> Bool {
    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0
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
