import Glibc

/// The time of day, for records that other programs read beside their own.
public enum WallClock {
  /// Nanoseconds since 1970.
  public static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// What the monotonic clock lacks to the time of day, ns: from the closest of a few pairs of
  /// readings, since the thread may be interrupted between two.
  public static var offset: Int64 {
    var best = (offset: Int64(0), width: Int64.max)
    for _ in 0..<5 {
      let before = MonotonicClock.nanoseconds
      let wall = nanoseconds
      let after = MonotonicClock.nanoseconds
      if after - before < best.width {
        best = (wall - (before + (after - before) / 2), after - before)
      }
    }
    return best.offset
  }
}
