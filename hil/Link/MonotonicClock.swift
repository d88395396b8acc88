import CSerialPort
import Glibc

/// The clock of all time-outs here; it never jumps.
enum MonotonicClock {
  /// ns since some fixed moment.
  static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
