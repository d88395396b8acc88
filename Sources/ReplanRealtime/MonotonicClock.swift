import Glibc

/// The clock of every time in the loop: nanoseconds of CLOCK_MONOTONIC.
///
/// Times are signed, so that a difference of two of them never traps.
public enum MonotonicClock {
  /// The time now.
  ///
  /// - Units: ns since boot, suspension not counted.
  /// - Timing: one vDSO read; no allocation, no lock.
  public static var nanoseconds: Int64 {
    @_noAllocation @_noLocks get {
      // The compiler refuses every C call; this one reads a page that the kernel maps.
      _unsafePerformance {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
      }
    }
  }

  /// Sleeps until an absolute time, through any signals that arrive meanwhile.
  ///
  /// Absolute, because a relative sleep adds the time between computing it and starting it to
  /// every period. A time that has passed returns at once.
  ///
  /// - Units: ns.
  public static func sleepUntil(nanoseconds: Int64) {
    let time = max(nanoseconds, 0)
    var request = timespec(
      tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
    while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &request, nil) == EINTR {}
  }
}
